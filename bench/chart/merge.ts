import { byMeasure } from '../compare/report.ts';
import type { Results, Row } from '../compare/report.ts';

/** Makes one of several runs, each of which measured a part: what a later run measured again, counts. */
export function mergeResults(first: Results, ...others: readonly Results[]): Results {
  const rows = new Map<string, readonly Row[]>();
  for (const results of [first, ...others]) {
    for (const group of byMeasure(results.rows)) rows.set(group[0]?.measure ?? '', group);
  }
  const otherShares = [first, ...others].flatMap(({ otherShare }) => otherShare ?? []);
  return {
    ...(others.at(-1) ?? first),
    // As quiet as the noisiest of them.
    ...(otherShares.length > 0 && { otherShare: Math.max(...otherShares) }),
    rows: [...rows.values()].flat(),
  };
}
