import { styleText } from 'node:util';
import { resourceIn } from '../client/received-event.ts';
import type { Result } from '../client/received-event.ts';
import { showDuration } from './duration.ts';

/** Whether an outcome is the one that was asked for. */
export const isWanted = (outcome: Result['outcome'], dryRun: boolean): boolean =>
  outcome === (dryRun ? 'DRY_RUN' : 'CANCELLED');

const WIDTH = 'UNCONFIRMED'.length;
const colorOf = (outcome: string) => {
  if (outcome === 'CANCELLED' || outcome === 'DRY_RUN') return 'green' as const;
  return outcome === 'SUCCEEDED' || outcome === 'FAILED' || outcome === 'NOT_FOUND'
    ? ('yellow' as const)
    : ('red' as const);
};

/** The sentence of src/cancellation/details.ts that says no more than the outcome. Others can follow, as on what still costs. */
const PLAINLY_CANCELLED = /^The [a-z -]+ was cancelled\.\s*/;

/** The line of one result: outcome, time, reference, and where it was not simply cancelled, why, or with what consequence. */
export function resultLine(
  outcome: string,
  { reference, ms, detail }: { readonly reference: string; readonly ms?: number; readonly detail?: string },
): string {
  const told = outcome === 'CANCELLED' ? detail?.replace(PLAINLY_CANCELLED, '') : detail;
  const cells = [
    styleText(colorOf(outcome), outcome.padEnd(WIDTH), { stream: process.stdout }),
    ...(ms === undefined ? [] : [showDuration(ms).padStart(7)]),
    reference,
    ...(told === undefined || told === '' ? [] : [told]),
  ];
  return cells.join('  ');
}

/** The operation or job of a result: its URL, else as its request named it. */
export function nameIn(result: Result): string {
  const { url, name, reference = '' } = resourceIn(result);
  return url ?? name ?? reference;
}

/** `998 CANCELLED, 2 NOT_FOUND`. */
export function summary(outcomes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}
