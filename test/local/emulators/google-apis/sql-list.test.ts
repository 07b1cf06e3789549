import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { addAll, idsOf, listed, pagesOf } from './list-caller.ts';
import { startCaller } from './service-caller.ts';

const LIST = 'https://sqladmin.googleapis.com/v1/projects/p/operations';

describe('the list of Cloud SQL', () => {
  it('the list of Cloud SQL has items with links and times, the newest first', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: { state: 'failed', ageMs: 60_000 } }, LIST);
    const page = await listed(caller, LIST);
    assert.deepEqual([page['kind'], idsOf(page['items'])], ['sql#operationsList', ['b', 'a']]);
    assert.deepEqual((page['items'] as unknown[])[0], {
      kind: 'sql#operation',
      targetLink: 'https://sqladmin.googleapis.com/v1/projects/p/instances/instance',
      status: 'DONE',
      user: 'operator@example.com',
      insertTime: '2026-11-20T11:33:04.000Z',
      startTime: '2026-11-20T11:33:04.000Z',
      endTime: '2026-11-20T11:34:04.000Z',
      error: {
        kind: 'sql#operationErrors',
        errors: [
          { kind: 'sql#operationError', code: 'INTERNAL_ERROR', message: 'Internal error encountered.' },
        ],
      },
      operationType: 'EXPORT',
      name: 'b',
      targetId: 'instance',
      selfLink: `${LIST}/b`,
      targetProject: 'p',
    });
  });

  it('the list of Cloud SQL has its kind even if it is empty', async () => {
    await using caller = await startCaller();
    assert.deepEqual(await listed(caller, LIST), { kind: 'sql#operationsList' });
  });

  it('the list of Cloud SQL comes in pages, for one instance on request', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: { metadata: { targetId: 'other' } }, c: {}, d: {} }, LIST);
    const pages = await pagesOf(caller, LIST, 'maxResults=2&instance=instance');
    assert.deepEqual(
      pages.map(({ items }) => idsOf(items)),
      [['d', 'c'], ['a']],
    );
  });

  it('the list of Cloud SQL is also served at its older path', async () => {
    await using caller = await startCaller();
    const older = LIST.replace('/v1/', '/sql/v1beta4/');
    addAll(caller, { a: {} }, older);
    const [item] = (await listed(caller, older))['items'] as JsonObject[];
    assert.equal(item?.['selfLink'], `${older}/a`);
  });

  it('the list of Cloud SQL has no times for an operation of unknown age', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: { ageMs: 'unknown' } }, LIST);
    const [item] = (await listed(caller, LIST))['items'] as JsonObject[];
    assert.deepEqual(
      [item?.['name'], item?.['insertTime'], item?.['startTime']],
      ['a', undefined, undefined],
    );
  });
});
