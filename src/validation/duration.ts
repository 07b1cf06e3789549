import { quote, valueFailure } from './failure.ts';
import type { Field } from './failure.ts';

/**
 * Reads a duration as protobuf writes it in JSON (google/protobuf/duration.proto): seconds with up to nine
 * decimals and a final `s`, such as `"900s"` or `"0.5s"`. Gives milliseconds, or undefined for anything else.
 */
export function parseDurationMs(text: string): number | undefined {
  const seconds = /^(-?\d{1,12}(?:\.\d{1,9})?)s$/.exec(text)?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
}

/** Cloud Tasks schedules at most this far ahead (30 days), so no cancellation lives longer. */
export const MAX_CONFIRM_WITHIN_MS = 30 * 24 * 3600 * 1000;

/**
 * Reads `confirmWithin`, of a request or of the settings.
 *
 * @param place the field or variable it stands in
 * @throws Failure `ValueError` that names the place and what should be there
 */
export function parseConfirmWithinMs(place: Field, text: string): number {
  const durationMs = readDurationMs(place, text, '900s');
  if (durationMs <= 0 || durationMs > MAX_CONFIRM_WITHIN_MS) {
    throw valueFailure(place, `must be more than 0s and at most 2592000s (30 days), not ${quote(text)}`);
  }
  return durationMs;
}

/** Bounds of the delay before the first re-check: the longest is the longest time between two re-checks. */
export const FIRST_RECHECK_MS = { min: 1_000, max: 300_000 } as const;

/**
 * Reads the delay before the first re-check of an operation.
 *
 * @param place the variable it stands in
 * @throws Failure `ValueError` that names the variable and what should be there
 */
export function parseFirstRecheckMs(place: Field, text: string): number {
  const durationMs = readDurationMs(place, text, '5s');
  if (durationMs < FIRST_RECHECK_MS.min || durationMs > FIRST_RECHECK_MS.max) {
    throw valueFailure(place, `must be from 1s to 300s, not ${quote(text)}`);
  }
  return durationMs;
}

function readDurationMs(place: Field, text: string, example: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined) return durationMs;
  throw valueFailure(place, `must be a duration in seconds such as ${quote(example)}, not ${quote(text)}`);
}

/** Milliseconds as a person reads them: `5 s`, `0.5 s`. */
export function seconds(durationMs: number): string {
  return `${Math.round(durationMs / 100) / 10} s`;
}
