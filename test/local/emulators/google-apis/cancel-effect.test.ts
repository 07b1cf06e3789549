import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DONE_STATES } from '../../../../local/emulators/google-apis/operation-script.ts';
import { OPERATION, START_MS, startCaller, type ReadAnswer } from './service-caller.ts';

interface Operation {
  readonly done?: boolean;
  readonly error?: { readonly code: number };
  readonly response?: object;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The state that a GET shows, in the words of the scripts. */
function shown({ status, json }: ReadAnswer): string {
  if (status === 404) return 'gone';
  const { done, error, response } = json as Operation;
  if (!done) return 'running';
  if (error) return error.code === 1 ? 'cancelled' : 'failed';
  return response ? 'succeeded' : 'neither';
}

describe('what an accepted cancel leads to', () => {
  const effects = [
    ['cancelled', 'cancelled'],
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['neither', 'neither'],
    ['never-ends', 'running'],
    ['vanishes', 'gone'],
  ] as const;

  for (const [onCancel, end] of effects) {
    it(`an accepted cancel with the effect ${onCancel} shows the operation as ${end} when its time has come, not before`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, { onCancel, afterMs: 3000 });
      assert.equal(shown(await caller.get(OPERATION)), 'running');

      const answer = await caller.cancel(OPERATION);
      assert.deepEqual([answer.status, answer.json], [200, {}]);

      caller.advance(2999);
      assert.equal(shown(await caller.get(OPERATION)), 'running');
      caller.advance(1);
      assert.equal(shown(await caller.get(OPERATION)), end);
    });
  }

  it('an operation without a script is cancelled at once', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION);
    await caller.cancel(OPERATION);
    assert.equal(shown(await caller.get(OPERATION)), 'cancelled');
  });

  it("the effect's delay counts from the first cancel, so that a repeated one changes nothing", async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { onCancel: 'cancelled', afterMs: 3000 });
    await caller.cancel(OPERATION);
    caller.advance(2000);
    assert.equal((await caller.cancel(OPERATION)).status, 200);
    caller.advance(1000);
    assert.equal(shown(await caller.get(OPERATION)), 'cancelled');
  });

  it('a cancel of a vanished operation is answered NOT_FOUND', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { onCancel: 'vanishes' });
    await caller.cancel(OPERATION);
    assert.equal((await caller.cancel(OPERATION)).status, 404);
  });

  it('an operation without a cancel continues to run', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { onCancel: 'cancelled' });
    caller.advance(30 * 24 * 3_600_000);
    assert.equal(shown(await caller.get(OPERATION)), 'running');
  });

  it('an operation that is added again forgets its cancel', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION);
    await caller.cancel(OPERATION);
    caller.services.add(OPERATION);
    assert.equal(shown(await caller.get(OPERATION)), 'running');
  });
});

describe('an operation that has ended', () => {
  for (const state of DONE_STATES) {
    it(`an operation that has ended as ${state} accepts a cancel without effect`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, { state });
      const before = await caller.get(OPERATION);
      assert.equal(shown(before), state);

      caller.advance(1000);
      const answer = await caller.cancel(OPERATION);
      assert.deepEqual([answer.status, answer.json], [200, {}]);
      assert.deepEqual((await caller.get(OPERATION)).json, before.json);
    });

    it(`an operation that has ended as ${state} refuses a cancel with FAILED_PRECONDITION if it is already-done`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, { onCancel: 'already-done', state });
      const answer = await caller.cancel(OPERATION);
      assert.equal(answer.status, 400);
      assert.equal((answer.json as { error: { status: string } }).error.status, 'FAILED_PRECONDITION');
      assert.equal(shown(await caller.get(OPERATION)), state);
    });
  }

  it('an operation that is already-done has succeeded by default', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { onCancel: 'already-done' });
    assert.equal(shown(await caller.get(OPERATION)), 'succeeded');
  });

  it('an operation may end between a GET that shows it running and the cancel', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { onCancel: 'already-done', state: 'running' });
    assert.equal(shown(await caller.get(OPERATION)), 'running');
    assert.equal((await caller.cancel(OPERATION)).status, 400);
    assert.equal(shown(await caller.get(OPERATION)), 'succeeded');
  });

  it('an operation may end by itself before its cancel takes effect', async () => {
    await using caller = await startCaller();
    const endsItself = { state: 'succeeded', afterMs: 2000 } as const;
    caller.services.add(OPERATION, { onCancel: 'cancelled', afterMs: 3000, endsItself });
    await caller.cancel(OPERATION);
    caller.advance(1999);
    assert.equal(shown(await caller.get(OPERATION)), 'running');
    caller.advance(5000);
    assert.equal(shown(await caller.get(OPERATION)), 'succeeded');
    assert.equal(
      ((await caller.get(OPERATION)).json as Operation).metadata['endTime'],
      new Date(START_MS + 2000).toISOString(),
    );
  });

  it('an operation that has ended has the error and the response of its script', async () => {
    await using caller = await startCaller();
    const error = { code: 1, message: 'Preempted.', details: [] };
    caller.services.add(OPERATION, { state: 'cancelled', error });
    assert.deepEqual(((await caller.get(OPERATION)).json as Operation).error, error);

    const response = { '@type': 'type.googleapis.com/google.protobuf.Empty' };
    caller.services.add(OPERATION, { state: 'succeeded', response });
    assert.deepEqual(((await caller.get(OPERATION)).json as Operation).response, response);
  });
});
