import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainByCatalog } from '../../../local/page/server/explain.ts';

const OPERATION = 'https://notebooks.googleapis.com/v2/projects/p/locations/us-central1/operations/o';
const JOB = 'https://dataflow.googleapis.com/v1b3/projects/p/locations/us-central1/jobs/j';
const INSTANCE = 'https://notebooks.googleapis.com/v2/projects/p/locations/us-central1/instances/i';

const belongsIn = async (data: unknown) => {
  const explained = await explainByCatalog(data);
  assert.ok('rejected' in explained, JSON.stringify(explained));
  return explained.belongsIn;
};

describe('the explanation of a request that is refused', () => {
  it('a job in operation belongs in job, whatever other fields the request has', async () => {
    assert.equal(await belongsIn({ operation: JOB }), 'job');
    assert.equal(
      await belongsIn({ operation: JOB, dryRun: true, reason: 'late', confirmWithin: '60s' }),
      'job',
    );
    assert.equal(
      await belongsIn({ operation: 'projects/p/locations/us-central1/jobs/j', service: 'dataflow' }),
      'job',
    );
    assert.equal(await belongsIn({ operation: 'p:us-central1.j' }), 'job');
  });

  it('an operation in job belongs in operation', async () =>
    assert.equal(await belongsIn({ job: OPERATION }), 'operation'));

  it('no field is offered for what is neither, or where another field is wrong', async () => {
    assert.equal(await belongsIn({ operation: INSTANCE }), undefined);
    assert.equal(await belongsIn({ job: INSTANCE }), undefined);
    assert.equal(await belongsIn({ operation: '' }), undefined);
    assert.equal(await belongsIn({ operation: JOB, confirmWithin: 'soon' }), undefined);
    assert.equal(await belongsIn({ operation: JOB, job: JOB }), undefined);
    assert.equal(await belongsIn({ operations: [OPERATION] }), undefined);
    assert.equal(await belongsIn([]), undefined);
  });

  it('an operation in operation and a job in job are explained', async () => {
    for (const data of [{ operation: OPERATION }, { job: JOB }])
      assert.ok('cancel' in (await explainByCatalog(data)));
  });
});
