import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuzz } from './fuzz/run.ts';

describe('odd messages and odd answers', () => {
  it('odd messages and answers each end in one result, without a crash, an endless retry, or a wrong call', async () => {
    const { violations, calls, outcomes } = await fuzz(11, 4_000);
    assert.deepEqual(violations, []);
    assert.ok(calls > 500, `${calls} calls`);
    for (const outcome of [
      'REJECTED',
      'DENIED',
      'ERROR',
      'NOT_FOUND',
      'UNCONFIRMED',
      'CANCELLED',
      'DRY_RUN',
    ]) {
      assert.ok((outcomes[outcome] ?? 0) > 0, `none is ${outcome}`);
    }
  });
});
