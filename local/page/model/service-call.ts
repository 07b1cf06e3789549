/** One HTTP request that reached a simulated service. */
export interface ServiceCall {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  /** The HTTP status of the answer; `none` where the connection broke or hangs. */
  readonly status: number | 'none';
}

/** Behind the host: what an API has in front of its version, the version, and Pub/Sub Lite's `admin`. */
const BASE = /^https?:\/\/[^/]+\/(?:[a-z]+\/)?v\d+[a-z0-9]*\/(?:admin\/)?/;

/** The relative name that a call is about: its URL without host and version, and without the verb at its end. */
const nameOfUrl = (url: string) =>
  url
    .replace(BASE, '')
    .replace(/\?.*$/, '')
    .replace(/(?::[A-Za-z]+|\/cancel)$/, '');

/** The relative name in a full resource name, `//notebooks.googleapis.com/projects/…`. */
export const nameOfResource = (fullResourceName: string) => fullResourceName.replace(/^\/\/[^/]+\//, '');

/** The service in a full resource name: `notebooks`. */
export const serviceOfResource = (fullResourceName: string) => /^\/\/([^/.]+)/.exec(fullResourceName)?.[1];

/** Keeps calls until a line of the log says whose they were: a line comes after the answer that it is about. */
export interface UnclaimedCalls {
  add(call: ServiceCall): void;
  /** Takes the calls about a resource out, oldest first. */
  claim(fullResourceName: string, calls: 'gets' | 'others'): ServiceCall[];
}

const MAX_NAMES = 5_000;
const MAX_CALLS_PER_NAME = 50;

export function createUnclaimedCalls(): UnclaimedCalls {
  const byName = new Map<string, ServiceCall[]>();
  return {
    add: (call) => {
      const name = nameOfUrl(call.url);
      const calls = [...(byName.get(name) ?? []), call].slice(-MAX_CALLS_PER_NAME);
      byName.delete(name);
      byName.set(name, calls);
      const [oldest] = byName.keys();
      if (byName.size > MAX_NAMES && oldest !== undefined) byName.delete(oldest);
    },
    claim: (fullResourceName, which) => {
      const name = nameOfResource(fullResourceName);
      const calls = byName.get(name) ?? [];
      const isClaimed = ({ method }: ServiceCall) => (method === 'GET') === (which === 'gets');
      const left = calls.filter((call) => !isClaimed(call));
      if (left.length > 0) byName.set(name, left);
      else byName.delete(name);
      return calls.filter(isClaimed);
    },
  };
}
