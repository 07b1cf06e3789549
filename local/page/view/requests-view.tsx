import { useMemo } from 'preact/hooks';
import { countByOutcome, filterRequests, findRequest, RUNNING, servicesOf } from '../model/request-list.ts';
import { toneOfOutcome } from '../model/request-life.ts';
import { formatRoute, NO_FILTERS } from '../model/route.ts';
import type { RequestFilters, Route } from '../model/route.ts';
import { counted } from '../model/words.ts';
import type { Feed } from './feed.ts';
import { Empty } from './parts.tsx';
import { RequestDetail } from './request-detail.tsx';
import { RequestForm } from './request-form.tsx';
import { RequestRow } from './request-row.tsx';
import { VirtualList } from './virtual-list.tsx';

interface ViewProps {
  readonly feed: Feed;
  readonly route: Extract<Route, { view: 'requests' }>;
  readonly nowMs: number;
}

/** The requests, and one of them in detail. */
export function RequestsView({ feed, route, nowMs }: ViewProps) {
  const { requests, facts, version } = feed;
  const { filters, key } = route;
  const { outcome, service, text } = filters;
  const shown = useMemo(() => filterRequests(requests.values(), filters), [version, outcome, service, text]);
  const selected = key === undefined ? undefined : findRequest(requests, key);
  return (
    <div class={key === undefined ? 'split' : 'split with-detail'}>
      <h1 id="requests-heading" class="hidden">
        Requests
      </h1>
      <section class="list" aria-labelledby="requests-heading">
        <RequestForm facts={facts} />
        <Filters feed={feed} filters={filters} shown={shown.length} />
        {shown.length === 0 ? (
          <Empty>
            {requests.size > 0 ? 'No request passes these filters.' : NO_REQUEST[facts?.system ?? 'local']}
          </Empty>
        ) : (
          <VirtualList
            label={counted(shown.length, 'request')}
            items={shown}
            keyOf={(life) => life.key}
            rowHeights={[54, 84]}
            row={(life) => (
              <RequestRow
                life={life}
                nowMs={nowMs}
                href={formatRoute({ view: 'requests', key: life.key, filters })}
                selected={life === selected}
              />
            )}
          />
        )}
      </section>
      {key !== undefined &&
        (selected === undefined ? (
          <section class="detail">
            <Empty>There is no request of this id here, or it was one of too many and is forgotten.</Empty>
          </section>
        ) : (
          <RequestDetail
            life={selected}
            facts={facts}
            nowMs={nowMs}
            closeHref={formatRoute({ view: 'requests', key: undefined, filters })}
          />
        ))}
    </div>
  );
}

const NO_REQUEST = {
  local: 'No request yet. Paste the URL of an operation above, or cancel one of the simulated services.',
  deployed:
    'No request yet. Results appear here from now on, and before them the requests whose re-checks wait in the queue.',
};

interface FilterProps {
  readonly feed: Feed;
  readonly filters: RequestFilters;
  readonly shown: number;
}

function Filters({ feed: { requests, version }, filters, shown }: FilterProps) {
  const outcomes = useMemo(() => countByOutcome(requests.values()), [version]);
  const services = useMemo(() => servicesOf(requests.values()), [version]);
  const go = (change: Partial<RequestFilters>) => {
    const next = formatRoute({ view: 'requests', key: undefined, filters: { ...filters, ...change } });
    // A filter that is being typed is not a step to go back to.
    window.history.replaceState(undefined, '', next);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  };
  const isFiltered = JSON.stringify(filters) !== JSON.stringify(NO_FILTERS);
  return (
    <div class="filters" role="search" aria-label="Filter requests">
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="Filter by id, name, reason, label"
        value={filters.text}
        onInput={(event) => go({ text: event.currentTarget.value })}
      />
      <select
        aria-label="Filter by service"
        value={filters.service}
        onChange={(event) => go({ service: event.currentTarget.value })}
      >
        <option value="">All services</option>
        {services.map((service) => (
          <option key={service} value={service}>
            {service}
          </option>
        ))}
      </select>
      <div class="chips" role="group" aria-label="Filter by outcome">
        {outcomes.map(({ outcome, count }) => (
          <button
            key={outcome}
            type="button"
            class={`chip ${outcome === RUNNING ? 'wait' : toneOfOutcome(outcome)}`}
            aria-pressed={filters.outcome === outcome}
            onClick={() => go({ outcome: filters.outcome === outcome ? '' : outcome })}
          >
            {outcome.replaceAll('_', ' ')} <b>{count.toLocaleString('en-US')}</b>
          </button>
        ))}
        {isFiltered && (
          <button type="button" class="quiet small" onClick={() => go(NO_FILTERS)}>
            Show all
          </button>
        )}
      </div>
      <span class="hidden" role="status">
        {isFiltered ? `${counted(shown, 'request')} shown` : ''}
      </span>
    </div>
  );
}
