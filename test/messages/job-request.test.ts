import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRequest } from '../../src/messages/request.ts';
import { resolve } from '../../src/catalog/resolve.ts';

const JOB = '//batch.googleapis.com/projects/p/locations/us-central1/jobs/j';

const urlOf = (data: object) => {
  const parsed = parseRequest(data, 'id');
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.failure.message);
  assert.ok('one' in parsed);
  return resolve(parsed.one.reference).url;
};
const failureOf = (data: object) => {
  const parsed = parseRequest(data, 'id');
  assert.ok(!parsed.ok);
  return parsed;
};

describe('a request for jobs', () => {
  it('each of several jobs becomes a request for a job', () => {
    const parsed = parseRequest({ jobs: [JOB, JOB, 'p:US.j'], dryRun: true }, 'id');
    assert.ok(parsed.ok && 'many' in parsed);
    assert.deepEqual(
      parsed.many.children.map(({ data }) => data),
      [JOB, 'p:US.j'].map((job) => ({ job, dryRun: true, requestId: 'id' })),
    );
  });

  for (const [fields, path, other] of [
    [{ operation: 'o', job: 'j' }, 'job', 'operation'],
    [{ operations: ['o'], jobs: ['j'] }, 'jobs', 'operations'],
    [{ job: 'j', jobs: ['j'] }, 'jobs', 'job'],
    [{ operation: 'o', operations: ['o'] }, 'operations', 'operation'],
  ] as const) {
    it(`${path} together with ${other} is refused`, () => {
      const { failure } = failureOf(fields);
      assert.equal(failure.message, `${path}: must not be given together with ${other}`);
    });
  }

  it('a refused job is repeated in its result as a job', () => {
    const { failure, understood } = failureOf({ job: 'a b' });
    assert.deepEqual([failure.path, understood], [['job'], { reference: 'a b', isJob: true, echo: {} }]);
  });

  it('a location in the id of a BigQuery job must not contradict region', () => {
    const { failure } = failureOf({ job: 'p:US.j', region: 'EU' });
    assert.deepEqual([failure.code, failure.path], ['ValueError', ['region']]);
  });

  for (const [call, args, url] of [
    [
      'googleapis.aiplatform.v1.projects.locations.customJobs.cancel',
      { name: 'projects/p/locations/us-central1/customJobs/1', region: 'us-central1' },
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/customJobs/1',
    ],
    [
      'googleapis.bigquery.v2.jobs.cancel',
      { projectId: 'p', jobId: 'j', location: 'EU' },
      'https://bigquery.googleapis.com/bigquery/v2/projects/p/jobs/j',
    ],
    [
      'googleapis.dataproc.v1.projects.regions.jobs.cancel',
      { projectId: 'p', region: 'us-central1', jobId: 'j' },
      'https://dataproc.googleapis.com/v1/projects/p/regions/us-central1/jobs/j',
    ],
    [
      'googleapis.cloudbuild.v1.projects.builds.cancel',
      { projectId: 'p', id: 'b', body: { projectId: 'p', id: 'b' } },
      'https://cloudbuild.googleapis.com/v1/projects/p/builds/b',
    ],
    [
      'googleapis.run.v1.namespaces.executions.cancel',
      { name: 'namespaces/p/executions/e', location: 'us-central1' },
      'https://us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/p/executions/e',
    ],
    [
      'googleapis.workflowexecutions.v1.projects.locations.workflows.executions.cancel',
      { name: 'projects/p/locations/us-central1/workflows/w/executions/e' },
      'https://workflowexecutions.googleapis.com/v1/projects/p/locations/us-central1/workflows/w/executions/e',
    ],
  ] as const) {
    it(`the connector's ${call} names a job`, () => assert.equal(urlOf({ call, args }), url));
  }

  for (const [title, call, args, path] of [
    [
      'a job of another kind',
      'googleapis.aiplatform.v1.projects.locations.customJobs.cancel',
      { name: 'projects/p/locations/us-central1/pipelineJobs/1' },
      ['args', 'name'],
    ],
    ['no job', 'googleapis.batch.v1.projects.locations.jobs.cancel', {}, ['args', 'name']],
    ['a part less', 'googleapis.bigquery.v2.jobs.cancel', { projectId: 'p' }, ['args', 'jobId']],
    [
      'a path for a part',
      'googleapis.bigquery.v2.jobs.cancel',
      { projectId: 'p', jobId: 'a/b' },
      ['args', 'jobId'],
    ],
    [
      'a body for another one',
      'googleapis.cloudbuild.v1.projects.builds.cancel',
      { projectId: 'p', id: 'b', body: { id: 'other' } },
      ['args', 'body', 'id'],
    ],
    [
      'a part of a job for an operation',
      'googleapis.batch.v1.projects.locations.operations.cancel',
      { name: 'projects/p/locations/us-central1/operations/o', jobId: 'j' },
      ['args', 'jobId'],
    ],
  ] as const) {
    it(`a connector's call with ${title} is refused`, () =>
      assert.deepEqual(failureOf({ call, args }).failure.path, path));
  }
});
