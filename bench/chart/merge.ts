import { byMeasure } from '../compare/report.ts';
import type { Results, Row } from '../compare/report.ts';

/** Makes one of several runs, each of which measured a part: what a later run measured again, counts. */
export function mergeResults(first: Results, ...others: readonly Results[]): Results {
  const rows = new Map<string, readonly Row[]>();
  for (const results of [first, ...others]) {
    for (const group of byMeasure(results.rows)) rows.set(group[0]?.measure ?? '', group);
  }
  return { ...(others.at(-1) ?? first), rows: [...rows.values()].flat() };
}
