import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a test waits for what happens in its own time, on a slow machine too. */
export const patienceMs = 20_000;

/** Resolves as soon as the condition holds; fails, naming it, when it has not for so long. */
export async function eventually(condition: () => boolean, withinMs = patienceMs): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!condition()) {
    assert.ok(Date.now() < deadlineMs, `never: ${condition.toString()}`);
    await sleep(2);
  }
}
