import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createInFlight, INITIAL_CONCURRENCY } from '../../src/calls/in-flight.ts';
import { NOON_MS } from '../support/fakes.ts';

const callAt = (startMs: number) => ({ startMs, isTrial: false });
/** Calls under way, as many as may start at a time. */
function filled() {
  const inFlight = createInFlight();
  const calls = Array.from({ length: INITIAL_CONCURRENCY }, () => callAt(NOON_MS));
  for (const call of calls) inFlight.start(call);
  return { inFlight, calls };
}

describe('the calls in flight', () => {
  it('there is no room for more calls than the bound, until one ends', () => {
    const { inFlight, calls } = filled();
    assert.equal(inFlight.delayMs(NOON_MS), 1_000);
    inFlight.end(calls[0] ?? callAt(0), false);
    assert.equal(inFlight.delayMs(NOON_MS), 0);
  });

  it('each accepted call leaves room for one more', () => {
    const { inFlight, calls } = filled();
    inFlight.end(calls[0] ?? callAt(0), true);
    inFlight.start(callAt(NOON_MS));
    assert.equal(inFlight.delayMs(NOON_MS), 0);
    inFlight.reset();
    assert.ok(inFlight.delayMs(NOON_MS) > 0);
  });

  it('calls without a response for a second leave room for as many others', () => {
    const { inFlight, calls } = filled();
    assert.equal(inFlight.delayMs(NOON_MS + 600), 400);
    assert.equal(inFlight.delayMs(NOON_MS + 1_000), 0);
    assert.ok(inFlight.hasOverdue());
    for (const call of calls) inFlight.end(call, false);
    assert.ok(inFlight.isEmpty() && !inFlight.hasOverdue());
  });

  it('calls without a response are bounded too', () => {
    const inFlight = createInFlight();
    let started = 0;
    for (
      let nowMs = NOON_MS;
      nowMs < NOON_MS + 60_000 && inFlight.delayMs(nowMs) < Infinity;
      nowMs += 1_000
    ) {
      for (; inFlight.delayMs(nowMs) === 0; started += 1) inFlight.start(callAt(nowMs));
    }
    assert.equal(started, 1_024);
  });

  it('a clock that was set back makes no call wait for longer than a second', () => {
    assert.equal(filled().inFlight.delayMs(NOON_MS - 3_600_000), 1_000);
  });
});
