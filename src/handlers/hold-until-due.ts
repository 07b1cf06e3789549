import type { Clock } from '../ports.ts';
import { Failure } from '../validation/failure.ts';

/**
 * Holds a message that came too early until its time.
 *
 * @param maxHoldMs the longest time that it is held
 * @throws Failure `NotDue` for a message that would have to be held for longer
 */
export async function holdUntilDue(dueMs: number, maxHoldMs: number, clock: Clock): Promise<void> {
  const earlyMs = dueMs - clock.now();
  if (earlyMs > maxHoldMs) {
    throw new Failure('NotDue', `The message is due at ${new Date(dueMs).toISOString()}`);
  }
  if (earlyMs > 0) await clock.sleep(earlyMs);
}
