import { MAX_CONFIRM_WITHIN_MS } from '../src/validation/duration.ts';
import { UsageError } from './usage-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Reads a time such as `90s`, `15m` or `2h`; a bare number is in seconds.
 *
 * @throws UsageError that names the option
 */
export function readDurationMs(option: string, text: string): number {
  const [, amount = '', unit = 's'] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text) ?? [];
  const inMs = Number(amount) * (UNIT_MS[unit === '' ? 's' : unit] ?? 0);
  if (inMs > 0) return inMs;
  throw new UsageError(`${option} must be a time such as 90s, 15m or 2h, not ${JSON.stringify(text)}`);
}

/**
 * Reads the time of `--confirm-within`.
 *
 * @returns the same in seconds, as a request has it: `900s`
 * @throws UsageError that names the option
 */
export function readConfirmWithin(text: string): string {
  const inMs = Math.round(readDurationMs('--confirm-within', text));
  if (inMs > 0 && inMs <= MAX_CONFIRM_WITHIN_MS) return `${inMs / 1_000}s`;
  throw new UsageError(
    `--confirm-within must be more than 0s and at most 720h (30 days), not ${JSON.stringify(text)}`,
  );
}

/** A time for a person: `0.4 s`, `12 s`, `3 min 20 s`. */
export function showDuration(inMs: number): string {
  if (inMs < 10_000) return `${(inMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(inMs / 1_000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
