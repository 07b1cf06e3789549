import { byMeasure, median, ratioOf } from '../compare/report.ts';
import type { Row } from '../compare/report.ts';

/** The target for one of our measures, relative to others of the same measure. */
interface Aim {
  readonly measure: RegExp;
  /** Those that it is for; `ours, cloud-tasks`, which is what a deployment uses, where absent. */
  readonly variants?: RegExp;
  readonly bound: 'at most' | 'at least';
  /** All of them have to hold. */
  readonly ratios: readonly Ratio[];
}

interface Ratio {
  readonly factor: number;
  readonly of: string;
  readonly called?: string;
}

const DEPLOYED = /^ours, cloud-tasks$/;
const REDELIVERY = /^ours, redelivery$/;

/** The first one of a measure is drawn in the chart. */
const AIMS: readonly Aim[] = [
  {
    measure: /^cold start with credentials/,
    bound: 'at most',
    ratios: [{ factor: 1.35, of: 'framework, no-op' }],
  },
  { measure: /^cold start,/, bound: 'at most', ratios: [{ factor: 1.2, of: 'framework, no-op' }] },
  {
    measure: /^request step, \d+ in flight$/,
    bound: 'at least',
    ratios: [
      { factor: 1.2, of: 'floor' },
      { factor: 3, of: 'peer' },
    ],
  },
  { measure: /^request step, CPU$/, bound: 'at most', ratios: [{ factor: 0.85, of: 'floor' }] },
  {
    measure: /^in 512 MiB, request step$/,
    bound: 'at least',
    ratios: [
      { factor: 1.2, of: 'floor' },
      { factor: 3, of: 'peer' },
    ],
  },
  { measure: /^in 512 MiB, CPU$/, bound: 'at most', ratios: [{ factor: 0.85, of: 'floor' }] },
  {
    measure: /^re-check step, \d+ in flight$/,
    bound: 'at least',
    ratios: [
      { factor: 1.1, of: 'floor' },
      { factor: 3, of: 'peer' },
    ],
  },
  { measure: /^re-check step, CPU$/, bound: 'at most', ratios: [{ factor: 0.9, of: 'floor' }] },
  {
    measure: / step, \d+ in flight$/,
    variants: REDELIVERY,
    bound: 'at least',
    ratios: [{ factor: 0.9, of: 'floor' }],
  },
  {
    measure: / step, CPU$/,
    variants: REDELIVERY,
    bound: 'at most',
    ratios: [{ factor: 1.1, of: 'floor' }],
  },
  {
    measure: /^request step, CPU$/,
    variants: /^ours, a job$/,
    bound: 'at most',
    ratios: [{ factor: 1.1, of: 'ours, cloud-tasks' }],
  },
  { measure: /^memory at /, bound: 'at most', ratios: [{ factor: 0.8, of: 'floor' }] },
  {
    measure: /^storm .*: time$/,
    variants: /^ours/,
    bound: 'at most',
    ratios: [{ factor: 1.3, of: 'at best' }],
  },
  {
    measure: /^storm .*: POSTs/,
    variants: /^ours/,
    bound: 'at most',
    ratios: [{ factor: 1.5, of: 'at best' }],
  },
];

/** Maximum growth of a message's cost and of the memory it leaves, over the life of a process. */
const FLAT = 1.1;

/** The aim of a measure in its own unit: the strictest of what was measured beside it. */
export interface Limit {
  readonly value: number;
  /** `at most 1.35 × framework, no-op, and 0.6 × peer` */
  readonly text: string;
}

/** @param rows those of one measure */
export function limitOf(rows: readonly Row[]): Limit | undefined {
  const [aim] = aimsOf(rows);
  if (aim === undefined) return undefined;
  const ratios = measuredRatios(aim, rows);
  if (ratios.length === 0) return undefined;
  const values = ratios.map(({ factor, base }) => factor * median(base));
  return {
    value: aim.bound === 'at most' ? Math.min(...values) : Math.max(...values),
    text: `${aim.bound} ${textOf(ratios)}`,
  };
}

/** An aim beside what was measured. */
export interface CheckedAim {
  readonly measure: string;
  readonly variant: string;
  /** `at most 1.35 × framework, no-op` */
  readonly text: string;
  /** The measured ratios, in the order of the text. */
  readonly ratios: readonly number[];
  readonly isMet: boolean;
}

/** All aims for which there are measurements, in the order of the measures. */
export function checkAims(rows: readonly Row[]): readonly CheckedAim[] {
  return byMeasure(rows).flatMap((group) =>
    aimsOf(group).flatMap((aim) => {
      const ratios = measuredRatios(aim, group);
      if (ratios.length === 0) return [];
      const { variants = DEPLOYED, bound } = aim;
      return group
        .filter(({ variant, since }) => (aim.isGrowth ? since !== undefined : variants.test(variant)))
        .map(({ measure, variant, values }) => {
          const measured = ratios.map(({ base }) => ratioOf(values, base));
          const isMet = measured.every((ratio, index) => {
            const { factor = 0 } = ratios[index] ?? {};
            return bound === 'at most' ? ratio <= factor : ratio >= factor;
          });
          return { measure, variant, text: `${bound} ${textOf(ratios)}`, ratios: measured, isMet };
        });
    }),
  );
}

/** Those of what was measured, with the values that they are relative to. */
const measuredRatios = ({ ratios }: Pick<Aim, 'ratios'>, rows: readonly Row[]) =>
  ratios.flatMap((ratio) => {
    const row = rows.find(({ variant }) => variant === ratio.of);
    return row === undefined ? [] : [{ ...ratio, base: row.values }];
  });

const textOf = (ratios: readonly Ratio[]) =>
  ratios.map(({ factor, of, called = of }) => `${factor} × ${called}`).join(', and ');

function aimsOf(rows: readonly Row[]): readonly (Aim & { readonly isGrowth?: boolean })[] {
  const since = rows.find((row) => row.since !== undefined)?.since;
  if (since !== undefined) {
    const ratios = [{ factor: FLAT, of: since, called: `that ${since}` }];
    return [{ measure: /^/, bound: 'at most', ratios, isGrowth: true }];
  }
  return AIMS.filter(({ measure }) => measure.test(rows[0]?.measure ?? ''));
}
