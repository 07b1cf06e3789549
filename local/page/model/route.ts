/** A view of the page. Each has an address of its own behind the `#`, so that it can be linked to. */
export type Route =
  | { readonly view: 'requests'; readonly key: string | undefined; readonly filters: RequestFilters }
  | { readonly view: 'sweeps'; readonly runId: string | undefined }
  | { readonly view: 'services'; readonly text: string }
  | { readonly view: 'queue' | 'dead-letters' };

/** The requests that a list shows; an empty filter lets every one pass. */
export interface RequestFilters {
  readonly outcome: string;
  readonly service: string;
  readonly text: string;
}

export const NO_FILTERS: RequestFilters = { outcome: '', service: '', text: '' };

/** Reads the part of an address from `#` on. Whatever is not understood is the list of requests. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view, ...rest] = path.split('/');
  const parameters = new URLSearchParams(query);
  const parameter = (name: string) => parameters.get(name) ?? '';
  if (view === 'sweeps') return { view, runId: rest[0] || undefined };
  if (view === 'services') return { view, text: parameter('q') };
  if (view === 'queue' || view === 'dead-letters') return { view };
  const filters = { outcome: parameter('outcome'), service: parameter('service'), text: parameter('q') };
  return { view: 'requests', key: rest.join('/') || undefined, filters };
}

export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'requests': {
      const { outcome, service, text } = route.filters;
      const path = route.key === undefined ? 'requests' : `requests/${route.key}`;
      return `#/${path}${queryOf({ outcome, service, q: text })}`;
    }
    case 'sweeps':
      return route.runId === undefined ? '#/sweeps' : `#/sweeps/${route.runId}`;
    case 'services':
      return `#/services${queryOf({ q: route.text })}`;
    case 'queue':
    case 'dead-letters':
      return `#/${route.view}`;
  }
}

function queryOf(parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
