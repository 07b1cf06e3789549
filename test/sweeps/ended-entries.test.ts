import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answered } from '../support/fakes.ts';
import { createSweepApp, NIGHTLY } from '../support/sweep-harness.ts';

const OLD = '2026-11-01T00:00:00Z';

/** An ended and a running operation of one service, in the words of each. */
const lists = [
  {
    target: { service: 'translate', version: 'v3', parents: ['projects/my-project/locations/us-central1'] },
    entry: (id: string, isDone: boolean) => ({
      name: `projects/my-project/locations/us-central1/operations/${id}`,
      metadata: { submitTime: OLD, state: isDone ? 'CANCELLED' : 'RUNNING' },
      ...(isDone && { done: true, response: {} }),
    }),
  },
  {
    target: { service: 'dataproc', version: 'v1', parents: ['projects/my-project/regions/us-central1'] },
    entry: (id: string, isDone: boolean) => ({
      name: `projects/my-project/regions/us-central1/operations/${id}`,
      metadata: { status: { state: isDone ? 'DONE' : 'RUNNING', stateStartTime: OLD } },
      done: isDone,
    }),
  },
  {
    target: { service: 'container', version: 'v1', parents: ['projects/my-project/locations/us-central1'] },
    entry: (id: string, isDone: boolean) => ({
      name: id,
      location: 'us-central1',
      startTime: OLD,
      status: isDone ? 'DONE' : 'RUNNING',
    }),
  },
];

describe('a sweep of operations that have ended in words of their service', () => {
  for (const { target, entry } of lists) {
    it(`a sweep of ${target.service} requests the running operation, and not the one that has ended`, async () => {
      const app = createSweepApp({ nightly: { ...NIGHTLY, targets: [target] } }, () =>
        answered(200, { operations: [entry('ended', true), entry('running', false)] }),
      );
      await app.trigger({ sweep: 'nightly' });
      assert.deepEqual(app.requested(), ['running']);
      assert.equal(app.reports()[0]?.skipped.done, 1);
    });
  }
});
