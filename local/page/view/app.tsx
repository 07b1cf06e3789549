import { useEffect, useState } from 'preact/hooks';
import { shownNameOf } from '../model/request-life.ts';
import { formatRoute, NO_FILTERS, parseRoute } from '../model/route.ts';
import { counted } from '../model/words.ts';
import { openFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { RequestsView } from './requests-view.tsx';
import { ServicesView } from './services-view.tsx';
import { SweepsView } from './sweeps-view.tsx';

/** Milliseconds between two drawings of what runs on without an event, such as a wait. */
const TICK_MS = 500;

export function App() {
  const feed = useFeed();
  const route = useRoute();
  const running = feed !== undefined && [...feed.requests.values()].some(({ ended }) => !ended);
  const nowMs = useNow(running, feed?.version);
  if (feed === undefined) return <p class="empty">Connecting …</p>;
  const tab = (view: string, href: string, title: string, count: number) => (
    <a href={href} aria-current={route.view === view ? 'page' : undefined}>
      {title} <span class="count">{count.toLocaleString('en-US')}</span>
    </a>
  );
  return (
    <>
      <a class="skip" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <header class="bar">
        <span class="brand">
          <img src="/icon.svg" alt="" width="24" height="24" /> lro-cancel{' '}
          <small>{feed.facts?.projectId}</small>
        </span>
        <nav aria-label="Views">
          {tab(
            'requests',
            formatRoute({ view: 'requests', key: undefined, filters: NO_FILTERS }),
            'Requests',
            feed.requests.size,
          )}
          {tab('sweeps', '#/sweeps', 'Sweeps', feed.runs.size)}
          {tab('services', '#/services', 'Services', feed.simulated.size)}
        </nav>
        <span class={`connection ${feed.connection}`} role="status">
          {CONNECTION[feed.connection]}
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        {route.view === 'requests' && <RequestsView feed={feed} route={route} nowMs={nowMs} />}
        {route.view === 'sweeps' && <SweepsView feed={feed} runId={route.runId} nowMs={nowMs} />}
        {route.view === 'services' && <ServicesView feed={feed} text={route.text} />}
      </main>
      <p class="hidden" role="status">
        {announcement(feed)}
      </p>
    </>
  );
}

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
