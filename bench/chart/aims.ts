import { median } from '../compare/report.ts';
import type { Row } from '../compare/report.ts';

/** The target for one of our measures, relative to others of the same measure. */
interface Aim {
  readonly measure: RegExp;
  readonly bound: 'at most' | 'at least';
  /** All of them have to hold. */
  readonly ratios: readonly { readonly factor: number; readonly of: string; readonly called?: string }[];
}

const AIMS: readonly Aim[] = [
  {
    measure: /^cold start with credentials/,
    bound: 'at most',
    ratios: [{ factor: 1.35, of: 'framework, no-op' }],
  },
  { measure: /^cold start\b/, bound: 'at most', ratios: [{ factor: 1.2, of: 'framework, no-op' }] },
  {
    measure: /^request step, \d+ in flight$/,
    bound: 'at least',
    ratios: [
      { factor: 1.2, of: 'floor' },
      { factor: 3, of: 'peer' },
    ],
  },
  {
    measure: /^re-check step, \d+ in flight$/,
    bound: 'at least',
    ratios: [
      { factor: 1.1, of: 'floor' },
      { factor: 3, of: 'peer' },
    ],
  },
  { measure: /^request step, CPU$/, bound: 'at most', ratios: [{ factor: 0.85, of: 'floor' }] },
  { measure: /^re-check step, CPU$/, bound: 'at most', ratios: [{ factor: 0.9, of: 'floor' }] },
  { measure: /^storm .*: time$/, bound: 'at most', ratios: [{ factor: 1.3, of: 'at best' }] },
  { measure: /^storm .*: POSTs/, bound: 'at most', ratios: [{ factor: 1.5, of: 'at best' }] },
  { measure: /^memory at /, bound: 'at most', ratios: [{ factor: 0.8, of: 'floor' }] },
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
  const aim = aimOf(rows);
  const ratios = aim?.ratios.flatMap(({ factor, of, called = of }) => {
    const row = rows.find(({ variant }) => variant === of);
    return row === undefined ? [] : [{ text: `${factor} × ${called}`, value: factor * median(row.values) }];
  });
  if (aim === undefined || ratios === undefined || ratios.length === 0) return undefined;
  const values = ratios.map(({ value }) => value);
  return {
    value: aim.bound === 'at most' ? Math.min(...values) : Math.max(...values),
    text: `${aim.bound} ${ratios.map(({ text }) => text).join(', and ')}`,
  };
}

function aimOf(rows: readonly Row[]): Pick<Aim, 'bound' | 'ratios'> | undefined {
  const since = rows.find((row) => row.since !== undefined)?.since;
  if (since !== undefined)
    return { bound: 'at most', ratios: [{ factor: FLAT, of: since, called: `that ${since}` }] };
  return AIMS.find(({ measure }) => measure.test(rows[0]?.measure ?? ''));
}
