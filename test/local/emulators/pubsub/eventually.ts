import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time that a test waits for an asynchronous effect, on a slow machine too. */
export const patienceMs = 20_000;

/** Resolves as soon as the condition holds; fails after the time limit, naming the condition. */
export async function eventually(condition: () => boolean, withinMs = patienceMs): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!condition()) {
    assert.ok(Date.now() < deadlineMs, `never: ${condition.toString()}`);
    await sleep(2);
  }
}
