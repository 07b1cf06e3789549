import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BEHAVIORS, behaviorOf, scriptWith } from '../../../local/page/model/behavior.ts';
import type { Behavior } from '../../../local/page/model/behavior.ts';

const behaviors = Object.keys(BEHAVIORS) as Behavior[];

describe('the behaviors of a simulated operation', () => {
  for (const from of behaviors) {
    for (const to of behaviors) {
      it(`an operation that was ${from} can be made ${to}`, () =>
        assert.equal(behaviorOf(scriptWith(scriptWith({ ageMs: 5 }, from), to)), to));
    }
  }

  it('a behavior keeps the rest of the script, such as how the operation ends', () =>
    assert.deepEqual(scriptWith({ ageMs: 5, onCancel: 'succeeded', afterMs: 9 }, 'throttled'), {
      ageMs: 5,
      onCancel: 'succeeded',
      afterMs: 9,
      cancelFaults: [{ kind: 'RESOURCE_EXHAUSTED', times: 'always', retryAfterSeconds: 1 }],
    }));

  it('a script of a seed has a behavior of its own', () =>
    assert.equal(behaviorOf({ cancelFaults: [{ kind: 'UNAVAILABLE' }] }), undefined));
});
