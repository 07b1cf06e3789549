/**
 * Filters of subscriptions: https://cloud.google.com/pubsub/docs/subscription-message-filter. A filter has at most 256
 * bytes and cannot be changed. Google's emulator accepts filters and applies none, so the client checks every message
 * itself, too: a filter only saves deliveries.
 */
const MAX_FILTER_BYTES = 256;

/** Results and reports; every message of the topic. */
const EVERYTHING = '';

const equals = (name: string, value: string) => `attributes.${name} = ${literal(value)}`;
const hasPrefix = (name: string, value: string) => `hasPrefix(attributes.${name}, ${literal(value)})`;

/** In a string, only these two are escaped. */
const literal = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** The results of one request id; a shorter prefix of it where the whole does not fit into a filter. */
export function filterOfRequest(requestId: string): string {
  const whole = equals('requestId', requestId);
  if (fits(whole)) return whole;
  let length = requestId.length;
  while (!fits(filterOfPrefix(requestId.slice(0, length)))) length -= 1;
  // Half of a surrogate pair is no character, and would match nothing.
  const prefix = requestId.slice(0, length);
  return filterOfPrefix(prefix.isWellFormed() ? prefix : prefix.slice(0, -1));
}

/** The results of all request ids with a prefix. */
export const filterOfPrefix = (prefix: string) => hasPrefix('requestId', prefix);

/** The report of a sweep, the results of the requests of all sweeps, and those of one request id. */
export function filterOfSweep(sweep: string, triggerId: string): string {
  const filter = [equals('sweep', sweep), filterOfPrefix('sweep-'), equals('requestId', triggerId)].join(
    ' OR ',
  );
  return fits(filter) ? filter : EVERYTHING;
}

/** The reports of all runs, the results of the requests of all sweeps, and those of one request id. */
export const filterOfApproval = (triggerId: string) =>
  ['attributes:sweep', filterOfPrefix('sweep-'), equals('requestId', triggerId)].join(' OR ');

/** Results of some outcomes and services; of all, where none are named. */
export function filterOfResults(outcomes: readonly string[], services: readonly string[]): string {
  const anyOf = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`(${values.map((value) => equals(name, value)).join(' OR ')})`];
  const filter = ['attributes:outcome', ...anyOf('outcome', outcomes), ...anyOf('service', services)].join(
    ' AND ',
  );
  return fits(filter) ? filter : 'attributes:outcome';
}

const fits = (filter: string) => Buffer.byteLength(filter) <= MAX_FILTER_BYTES;
