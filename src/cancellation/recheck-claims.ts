import { CLOCK_SKEW_MS } from '../messages/delay.ts';
import { valueFailure } from '../validation/failure.ts';
import type { FinishableCancellation } from './cancellation.ts';

/** The parts of a cancellation that a re-check claims to have happened, and that its result repeats. */
type Claims = Pick<FinishableCancellation, 'requestedAt' | 'step' | 'cancel' | 'confirm'>;

/**
 * Checks that the claims of a re-check agree with each other and with the clock. That does not prove them: a forger can
 * write claims that agree. `messages/proof.ts` proves them where MESSAGE_KEYS are set.
 *
 * @throws Failure `ValueError` that names the field, for claims that this system does not write
 */
export function checkClaims({ requestedAt, step, cancel, confirm }: Claims, nowMs: number): void {
  const { attempts, acceptedAt, refusal } = cancel;
  const { checks, lastCheckedAt, sawRunning, sawCancelling } = confirm;
  const earliestMs = Date.parse(requestedAt) - CLOCK_SKEW_MS;
  const latestMs = nowMs + CLOCK_SKEW_MS;
  const checkTime = (path: readonly string[], time: string | undefined) => {
    if (time === undefined) return;
    if (Date.parse(time) < earliestMs) throw valueFailure(path, 'must not be before requestedAt');
    if (Date.parse(time) > latestMs) throw valueFailure(path, 'must not be in the future');
  };
  checkTime(['cancel', 'acceptedAt'], acceptedAt);
  checkTime(['confirm', 'lastCheckedAt'], lastCheckedAt);
  if (acceptedAt !== undefined && step !== 'confirm') {
    throw valueFailure(['cancel', 'acceptedAt'], `must not be given in the step ${step}`);
  }
  if (acceptedAt !== undefined && refusal !== undefined) {
    throw valueFailure(['cancel', 'refusal'], 'must not be given together with acceptedAt');
  }
  if (step === 'preview' && (attempts > 0 || refusal !== undefined)) {
    throw valueFailure(['cancel'], 'a dry run must not have sent a cancel');
  }
  // A confirmation begins with an answer to a cancel.
  if ((acceptedAt !== undefined || refusal !== undefined || step === 'confirm') && attempts === 0) {
    throw valueFailure(['cancel', 'attempts'], 'must be at least 1 after an answer to the cancel');
  }
  if ((lastCheckedAt !== undefined) !== checks > 0) {
    throw valueFailure(['confirm', 'checks'], 'must be the number of GETs, the last one at lastCheckedAt');
  }
  if ((sawRunning === true || sawCancelling === true) && checks === 0) {
    throw valueFailure(['confirm', 'checks'], 'must be at least 1 after a GET that showed the operation');
  }
}
