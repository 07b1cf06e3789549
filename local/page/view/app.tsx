import { useEffect, useState } from 'preact/hooks';
import { shownNameOf } from '../model/request-life.ts';
import { formatRoute, NO_FILTERS, parseRoute } from '../model/route.ts';
import type { Route } from '../model/route.ts';
import { counted } from '../model/words.ts';
import { DeadLettersView } from './dead-letters-view.tsx';
import { openFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { Pill } from './parts.tsx';
import { QueueView } from './queue-view.tsx';
import { RequestsView } from './requests-view.tsx';
import { ServicesView } from './services-view.tsx';
import { SourceNotices } from './source-notices.tsx';
import { SweepsView } from './sweeps-view.tsx';

/** Milliseconds between two drawings of what runs on without an event, such as a wait. */
const TICK_MS = 500;

export function App() {
  const feed = useFeed();
  const route = useRoute();
  const running =
    feed !== undefined && (feed.tasks.size > 0 || [...feed.requests.values()].some(({ ended }) => !ended));
  const nowMs = useNow(running, feed?.version);
  useEffect(() => {
    if (feed?.facts?.system === 'deployed') document.title = `${feed.facts.projectId} – lro-cancel`;
  }, [feed?.facts]);
  if (feed === undefined) return <p class="empty">Connecting …</p>;
  const { facts } = feed;
  return (
    <>
      <a class="skip" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <header class="bar">
        <span class="brand">
          <img src="/icon.svg" alt="" width="24" height="24" /> lro-cancel <small>{facts?.projectId}</small>
          {facts?.system === 'deployed' && <Pill {...(facts.canPublish ? MAY_PUBLISH : READ_ONLY)} />}
        </span>
        <nav aria-label="Views">
          {facts?.views.map((view) => (
            <a key={view} href={TABS[view].href} aria-current={route.view === view ? 'page' : undefined}>
              {TABS[view].title} <span class="count">{TABS[view].count(feed).toLocaleString('en-US')}</span>
            </a>
          ))}
        </nav>
        <span class={`connection ${feed.connection}`} role="status">
          {CONNECTION[feed.connection]}
        </span>
      </header>
      <SourceNotices sources={feed.sources} />
      <main id="content" tabIndex={-1}>
        {route.view === 'requests' && <RequestsView feed={feed} route={route} nowMs={nowMs} />}
        {route.view === 'sweeps' && <SweepsView feed={feed} runId={route.runId} nowMs={nowMs} />}
        {route.view === 'services' && <ServicesView feed={feed} text={route.text} />}
        {route.view === 'queue' && <QueueView feed={feed} nowMs={nowMs} />}
        {route.view === 'dead-letters' && <DeadLettersView feed={feed} />}
      </main>
      <p class="hidden" role="status">
        {announcement(feed)}
      </p>
    </>
  );
}

const READ_ONLY = { word: 'Read-only', tone: 'info' } as const;
const MAY_PUBLISH = { word: 'May publish', tone: 'wait' } as const;

interface Tab {
  readonly title: string;
  readonly href: string;
  readonly count: (feed: Feed) => number;
}

const TABS: Readonly<Record<Route['view'], Tab>> = {
  requests: {
    title: 'Requests',
    href: formatRoute({ view: 'requests', key: undefined, filters: NO_FILTERS }),
    count: ({ requests }) => requests.size,
  },
  sweeps: { title: 'Sweeps', href: '#/sweeps', count: ({ runs }) => runs.size },
  services: { title: 'Services', href: '#/services', count: ({ simulated }) => simulated.size },
  queue: { title: 'Queue', href: '#/queue', count: ({ tasks }) => tasks.size },
  'dead-letters': {
    title: 'Dead letters',
    href: '#/dead-letters',
    count: ({ deadLetters }) => deadLetters.size,
  },
};

const CONNECTION = { connecting: 'Connecting', live: 'Live', lost: 'Connection lost; trying again' } as const;

function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#content')?.focus();
}

/** What a screen reader says of requests that end while it is elsewhere. */
function announcement({ justEnded }: Feed): string {
  const [one, ...others] = justEnded;
  if (one === undefined) return '';
  if (others.length > 0) return `${counted(justEnded.length, 'request')} ended`;
  return `${shownNameOf(one)}: ${one.status.replaceAll('_', ' ')}`;
}

function useFeed(): Feed | undefined {
  const [feed, setFeed] = useState<Feed>();
  useEffect(() => openFeed(setFeed), []);
  return feed;
}

function useRoute() {
  const [hash, setHash] = useState(window.location.hash);
  useEffect(() => {
    const follow = () => setHash(window.location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return parseRoute(hash);
}

/** The time, which moves on while something runs, and with every change. */
function useNow(running: boolean, version: number | undefined): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => setNowMs(Date.now()), [version]);
  useEffect(() => {
    if (!running) return;
    const timer = window.setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, [running]);
  return nowMs;
}
