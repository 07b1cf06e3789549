import { Failure } from '../validation/failure.ts';
import type { Clock } from '../ports.ts';

/**
 * Holds a message that came too early until its time.
 *
 * @param holdMs how long at most
 * @throws Failure `NotDue` for one that would have to be held for longer
 */
export async function waitUntilDue(dueMs: number, holdMs: number, clock: Clock): Promise<void> {
  const earlyMs = dueMs - clock.now();
  if (earlyMs > holdMs) {
    throw new Failure('NotDue', `The re-check is due at ${new Date(dueMs).toISOString()}`);
  }
  if (earlyMs > 0) await clock.sleep(earlyMs);
}
