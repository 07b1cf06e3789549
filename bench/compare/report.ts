import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { table } from '../../local/table.ts';

/** The measurements, as a table for people and as a file for programs. */

/** One measure of one variant, with a value a round. */
export interface Row {
  readonly measure: string;
  readonly unit: string;
  readonly variant: string;
  readonly values: readonly number[];
  /** The variant of the same measure that this one has grown from. */
  readonly since?: string;
}

/** The content of a file in bench/results/. */
export interface Results {
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly kernel: string;
    readonly node: string;
  };
  readonly rounds: number;
  readonly messages: number;
  /** Number of messages before those that are measured; absent in files of earlier versions, as the next two. */
  readonly warmUp?: number;
  /** Bytes of each file of the function. */
  readonly bundle?: Readonly<Record<string, number>>;
  /** Share of the machine's CPU that other processes took, from 0 to 1. */
  readonly otherShare?: number;
  readonly rows: readonly Row[];
}

/** Rows that values are added to as they are measured. */
interface Rows {
  readonly all: readonly Row[];
  add(row: Omit<Row, 'values'>, value: number): void;
}

export function createRows(): Rows {
  const all: (Row & { readonly values: number[] })[] = [];
  return {
    all,
    add: (row, value) => {
      const there = all.find(({ measure, variant }) => measure === row.measure && variant === row.variant);
      if (there === undefined) all.push({ ...row, values: [value] });
      else there.values.push(value);
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** Ratio of two measurements of the same run: the median of those of its rounds, in each of which the machine is the same. */
export function ratioOf(values: readonly number[], base: readonly number[]): number {
  if (values.length !== base.length) return median(values) / median(base);
  return median(values.map((value, round) => value / (base[round] ?? NaN)));
}

/** A value with as many digits as it is worth. */
export const shown = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** The lowest and the highest. */
export const rangeOf = (values: readonly number[]) =>
  `${shown(Math.min(...values))}–${shown(Math.max(...values))}`;

/** The rows of each measure together, in the order in which the measures came. */
export function byMeasure(rows: readonly Row[]): readonly (readonly Row[])[] {
  const measures = [...new Set(rows.map(({ measure }) => measure))];
  return measures.map((name) => rows.filter(({ measure }) => measure === name));
}

const NOOP = 'framework, no-op';

/** Medians with their ranges, each beside the floor's, the peer's, and what it has grown from. */
export function tableOf(rows: readonly Row[]): string {
  const hasGrown = rows.some(({ since }) => since !== undefined);
  const lines = byMeasure(rows)
    .flat()
    .map(({ measure, unit, variant, values, since }) => {
      const value = median(values);
      const ratio = (name: string | undefined) => {
        const other = rows.find((row) => row.measure === measure && row.variant === name)?.values;
        return other === undefined ? '' : ratioOf(values, other).toFixed(2);
      };
      const floor = measure.startsWith('cold') ? NOOP : 'floor';
      return [
        ...[measure, variant, `${shown(value)} ${unit}`, rangeOf(values), ratio(floor), ratio('peer')],
        ...(hasGrown ? [since === undefined ? '' : `${ratio(since)} ${since}`] : []),
      ];
    });
  const header = ['measure', 'variant', 'median', 'range', '× floor', '× peer'];
  return table([...header, ...(hasGrown ? ['× before'] : [])], lines, 160);
}

/** Writes all to a file of its own. */
export async function saveResults(
  measured: Omit<Results, 'date' | 'machine'>,
): Promise<{ readonly file: string; readonly results: Results }> {
  await mkdir('bench/results', { recursive: true });
  const date = new Date().toISOString();
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    kernel: release(),
    node: process.version,
  };
  const file = `bench/results/${date.replaceAll(':', '-')}.json`;
  const results: Results = { date, machine, ...measured };
  await writeFile(file, `${JSON.stringify(results, undefined, 2)}\n`);
  return { file, results };
}
