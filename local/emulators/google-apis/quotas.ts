import type { WholeAnswer } from './answer.ts';
import { quotaAnswer } from './quota-answer.ts';
import { createMeter, type Meter, type QuotaCalls, type QuotaScript } from './quota.ts';

/** A quota, and what came of the calls that it counted. */
export interface QuotaUse extends QuotaScript {
  readonly host: string;
  /** Let through to the service, however that answered. */
  readonly admitted: number;
  readonly refused: number;
}

/** The quotas of all services. Without one, a host takes whatever comes. */
export interface Quotas {
  /** Adds, or replaces that of the same calls, unspent. Throws a RangeError when there are too many. */
  add(host: string, script: QuotaScript): void;
  /** Counts a call; the answer to one that is too many, which the service never sees. */
  refusal(host: string, calls: QuotaCalls): WholeAnswer | undefined;
  /** As they were added. */
  scripts(): (QuotaScript & { readonly host: string })[];
  /** Forgets all of them. */
  clear(): void;
  /** In the order in which they were first added. */
  uses(): QuotaUse[];
}

/** Keeps at most `limit` quotas. */
export function createQuotas({ now, limit }: { readonly now: () => number; readonly limit: number }): Quotas {
  const byKey = new Map<
    string,
    { use: QuotaUse; readonly meter: Meter; readonly script: QuotaScript & { readonly host: string } }
  >();
  const keyOf = (host: string, calls: QuotaCalls) => `${host} ${calls}`;

  return {
    add(host, script) {
      const key = keyOf(host, script.calls);
      if (byKey.size >= limit && !byKey.has(key)) {
        throw new RangeError(`There are ${limit} quotas already, the most that are kept.`);
      }
      const use = { host, ...script, admitted: 0, refused: 0 };
      byKey.set(key, { use, meter: createMeter(script, now()), script: { host, ...script } });
    },
    refusal(host, calls) {
      const quota = byKey.get(keyOf(host, calls));
      if (!quota) return undefined;
      const { use, meter } = quota;
      const waitMs = meter(now());
      if (waitMs === 0) {
        quota.use = { ...use, admitted: use.admitted + 1 };
        return undefined;
      }
      quota.use = { ...use, refused: use.refused + 1 };
      return quotaAnswer(host, use, waitMs);
    },
    scripts: () => [...byKey.values()].map(({ script }) => script),
    clear: () => byKey.clear(),
    uses: () => [...byKey.values()].map(({ use }) => use),
  };
}
