import type { RequestFilters } from './route.ts';
import { namedIn } from './request-life.ts';
import type { RequestLife } from './request-life.ts';

/** The filter for requests that have not ended. */
export const RUNNING = 'running';

const outcomeOf = ({ ended, status }: RequestLife) => (ended ? status : RUNNING);

/** The requests that pass, the newest first. */
export function filterRequests(
  requests: Iterable<RequestLife>,
  { outcome, service, text }: RequestFilters,
): RequestLife[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown: RequestLife[] = [];
  for (const life of requests) {
    if (outcome !== '' && outcomeOf(life) !== outcome) continue;
    if (service !== '' && life.service !== service) continue;
    if (words.length > 0 && !hasAll(life, words)) continue;
    shown.push(life);
  }
  return inOrder(shown).reverse();
}

const byTime = (a: RequestLife, b: RequestLife) => a.firstMs - b.firstMs || (a.key < b.key ? -1 : 1);

/** The requests by the time at which they were first seen. Those that are in this order already stay as they are. */
export function inOrder(requests: RequestLife[]): RequestLife[] {
  const isSorted = requests.every((life, index) => {
    const before = requests[index - 1];
    return before === undefined || byTime(before, life) < 0;
  });
  return isSorted ? requests : requests.sort(byTime);
}

function hasAll(life: RequestLife, words: readonly string[]): boolean {
  const { requestId, operation = '', status, detail = '', result } = life;
  const { reason = '', requestedBy = '', labels = {} } = result ?? {};
  const reference = (result && namedIn(result)?.reference) ?? '';
  const texts = [
    requestId,
    operation,
    reference,
    status,
    detail,
    reason,
    requestedBy,
    ...Object.values(labels),
  ];
  const all = texts.join('\n').toLowerCase();
  return words.every((word) => all.includes(word));
}

/** The number of requests by outcome, with those that run first, then the most frequent. */
export function countByOutcome(
  requests: Iterable<RequestLife>,
): readonly { readonly outcome: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const life of requests) counts.set(outcomeOf(life), (counts.get(outcomeOf(life)) ?? 0) + 1);
  const running = counts.get(RUNNING);
  counts.delete(RUNNING);
  const ended = [...counts].map(([outcome, count]) => ({ outcome, count }));
  ended.sort((a, b) => b.count - a.count || a.outcome.localeCompare(b.outcome));
  return [...(running === undefined ? [] : [{ outcome: RUNNING, count: running }]), ...ended];
}

/** The services of the requests, in alphabetical order. */
export function servicesOf(requests: Iterable<RequestLife>): readonly string[] {
  const services = new Set<string>();
  for (const { service } of requests) if (service !== undefined) services.add(service);
  return [...services].sort();
}

/** The request that an address means: the one of the key, else the newest of its id. */
export function findRequest(
  requests: ReadonlyMap<string, RequestLife>,
  key: string,
): RequestLife | undefined {
  const exact = requests.get(key);
  if (exact) return exact;
  const [id = ''] = key.split('/');
  let newest: RequestLife | undefined;
  for (const life of requests.values()) {
    if (life.key.split('/')[0] === id && (newest === undefined || life.firstMs >= newest.firstMs))
      newest = life;
  }
  return newest;
}
