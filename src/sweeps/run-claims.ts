import { CLOCK_SKEW_MS } from '../messages/delay.ts';
import { valueFailure } from '../validation/failure.ts';
import type { SkipReason } from './select.ts';
import type { Sweep } from './sweep.ts';

/** The parts of a run that its message claims, and that its report repeats. */
interface RunClaims {
  readonly startedAt: string;
  readonly step: number;
  readonly tally: {
    readonly found: number;
    readonly matched: number;
    readonly requested: number;
    readonly skipped: Readonly<Record<SkipReason, number>>;
    readonly operations: readonly unknown[];
    readonly examples: readonly unknown[];
    readonly notes: readonly { readonly reason: SkipReason }[];
  };
}

/** The parts of a run that the definition of its sweep bounds. */
interface ClaimedProgress extends Pick<RunClaims, 'tally'> {
  readonly dryRun: boolean;
  readonly allDry: boolean;
  readonly nextIndex: number;
  readonly cursor?: { readonly listing: number } | undefined;
  readonly containers?: { readonly listing: number } | undefined;
  readonly postponed: readonly { readonly listing: number }[];
}

/**
 * Checks that the counts and times that a run claims agree with each other and with the clock, because its report repeats
 * them. That does not prove them: `messages/proof.ts` does, where MESSAGE_KEYS are set.
 *
 * @throws Failure `ValueError` that names the field, for claims that this system does not write
 */
export function checkRunClaims({ startedAt, step, tally }: RunClaims, nowMs: number): void {
  const { found, matched, requested, skipped, operations, examples, notes } = tally;
  if (Date.parse(startedAt) > nowMs + CLOCK_SKEW_MS) {
    throw valueFailure('startedAt', 'must not be in the future');
  }
  if (step === 0 && found > 0) {
    throw valueFailure(['tally', 'found'], 'must be 0 in the first message of a run');
  }
  const allSkipped = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  if (found !== requested + allSkipped) {
    throw valueFailure(['tally', 'found'], 'must be the sum of requested and skipped');
  }
  if (matched !== requested + skipped.overLimit + skipped.forbidden) {
    throw valueFailure(['tally', 'matched'], 'must be the sum of requested, overLimit and forbidden');
  }
  for (const [field, list] of Object.entries({ operations, examples })) {
    if (list.length > requested) throw valueFailure(['tally', field], 'must not have more than requested');
  }
  const unfounded = notes.find(({ reason }) => skipped[reason] === 0);
  if (unfounded !== undefined) {
    throw valueFailure(
      ['tally', 'notes'],
      `must not name an operation that was skipped as ${unfounded.reason}`,
    );
  }
}

/**
 * Checks that a run can be one of a sweep: its message carries what its definition says.
 *
 * @throws Failure `ValueError` that names the field
 */
export function checkRunOf(
  sweep: Sweep,
  { dryRun, allDry, tally, cursor, containers, postponed, nextIndex }: ClaimedProgress,
): void {
  const { listings, limit } = sweep;
  if (allDry !== (dryRun || listings.every((listing) => listing.dryRun))) {
    throw valueFailure('allDry', `must be ${!allDry}, as SWEEPS defines ${sweep.name}`);
  }
  if (tally.requested > limit) {
    throw valueFailure(['tally', 'requested'], `must be at most ${limit}, the limit of ${sweep.name}`);
  }
  const begun = [cursor, containers, ...postponed].filter((one) => one !== undefined);
  if (nextIndex > listings.length || begun.some(({ listing }) => listing >= nextIndex)) {
    throw valueFailure(
      'nextIndex',
      `must be behind every list that was begun, and at most ${listings.length}`,
    );
  }
}
