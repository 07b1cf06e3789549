import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { addAll, idsOf, listed, pagesOf } from './list-caller.ts';
import { startCaller } from './service-caller.ts';

const LIST = 'https://storage.googleapis.com/storage/v1/b/bucket/operations';

describe('the list of Cloud Storage', () => {
  it('has names that are no part of its URLs', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: { state: 'cancelled' } }, LIST);
    const page = await listed(caller, LIST);
    assert.equal(page['kind'], 'storage#operations');
    const [running, cancelled] = page['operations'] as JsonObject[];
    assert.deepEqual(running, {
      kind: 'storage#operation',
      name: 'projects/_/buckets/bucket/operations/a',
      metadata: {
        '@type': 'type.googleapis.com/google.storage.control.v2.BulkRestoreObjectsMetadata',
        commonMetadata: {
          createTime: '2026-11-20T11:34:04.000Z',
          updateTime: '2026-11-20T11:34:04.000Z',
          type: 'bulk-restore-objects',
          requestedCancellation: false,
          progressPercent: -1,
        },
      },
      done: false,
    });
    assert.deepEqual([cancelled?.['done'], (cancelled?.['error'] as JsonObject)['code']], [true, 1]);
    assert.deepEqual((await caller.get(`${LIST}/a`)).json, running);
  });

  it('says what it is where it is empty', async () => {
    await using caller = await startCaller();
    assert.deepEqual(await listed(caller, LIST), { kind: 'storage#operations' });
  });

  it('comes in pages, filtered where asked', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: { state: 'failed' }, c: {}, d: {} }, LIST);
    const pages = await pagesOf(caller, LIST, 'pageSize=2&filter=done%3Dfalse');
    assert.deepEqual(
      pages.map(({ operations }) => idsOf(operations)),
      [['a', 'c'], ['d']],
    );
  });
});
