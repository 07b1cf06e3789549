import { logsOfMessage, traceUrl } from '../model/cloud-links.ts';
import type { DeadLetter } from '../model/records.ts';
import { formatRoute, NO_FILTERS } from '../model/route.ts';
import { timeOfDay } from '../model/words.ts';
import type { Feed } from './feed.ts';
import { Code, Empty, Facts, Outside, Pill } from './parts.tsx';

/** More would make the page slow; the log and the subscriptions of the topic have all. */
const MAX_SHOWN = 100;

/** The messages that Pub/Sub stopped delivering, the newest first. */
export function DeadLettersView({ feed }: { feed: Feed }) {
  const { deadLetters, facts } = feed;
  const newest = [...deadLetters.values()].sort((a, b) => b.atMs - a.atMs);
  return (
    <div class="column">
      <h1>Dead letters</h1>
      <p class="muted">
        Messages that Pub/Sub gave up, from now on. The function answers each with ERROR, or schedules it
        again where it only waited.
      </p>
      {newest.length === 0 && <Empty>None since this page is served.</Empty>}
      {newest.slice(0, MAX_SHOWN).map((one) => (
        <Card key={one.id} deadLetter={one} logProject={facts?.logProject} />
      ))}
      {newest.length > MAX_SHOWN && (
        <p class="muted">
          The newest {MAX_SHOWN} of {newest.length} are shown.
        </p>
      )}
    </div>
  );
}

interface CardProps {
  readonly deadLetter: DeadLetter;
  readonly logProject: string | undefined;
}

function Card({ deadLetter, logProject }: CardProps) {
  const { id, atMs, kind, why, requestId, traceId, sinceMs, attributes, body } = deadLetter;
  return (
    <article class="card dead-letter" aria-label={`Dead letter ${id}`}>
      <header>
        <Pill word="Dead letter" tone="bad" />
        <h2>{kind}</h2>
        <span class="muted">{timeOfDay(atMs)}</span>
      </header>
      <p>{why}</p>
      <p class="links">
        {requestId !== undefined && (
          <a
            href={formatRoute({
              view: 'requests',
              key: encodeURIComponent(requestId),
              filters: NO_FILTERS,
            })}
          >
            Request {requestId}
          </a>
        )}
        {logProject !== undefined && (
          <Outside href={logsOfMessage(logProject, { messageId: id, requestId }, sinceMs)}>
            Log of the message
          </Outside>
        )}
        {logProject !== undefined && traceId !== undefined && (
          <Outside href={traceUrl(logProject, traceId)}>Trace</Outside>
        )}
      </p>
      <details>
        <summary>Message</summary>
        <Facts facts={Object.entries(attributes)} />
        <Code text={body} label="message" />
      </details>
    </article>
  );
}
