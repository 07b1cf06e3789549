import { inOrder } from '../model/request-list.ts';
import type {
  DeadLetter,
  Notice,
  PageFacts,
  PageRecord,
  SimulatedResource,
  Source,
} from '../model/records.ts';
import type { RequestLife } from '../model/request-life.ts';
import type { RunLife } from '../model/run-life.ts';
import type { WaitingTask } from '../model/waiting-task.ts';
import type { ChangesEvent } from '../server/event-stream.ts';

/** What the page has been told so far. */
export interface Feed {
  readonly requests: ReadonlyMap<string, RequestLife>;
  readonly runs: ReadonlyMap<string, RunLife>;
  readonly notices: ReadonlyMap<string, Notice>;
  readonly simulated: ReadonlyMap<string, SimulatedResource>;
  readonly tasks: ReadonlyMap<string, WaitingTask>;
  readonly deadLetters: ReadonlyMap<string, DeadLetter>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly facts: PageFacts | undefined;
  readonly connection: 'connecting' | 'live' | 'lost';
  /** The requests that ended since the page was opened, for those who hear it. */
  readonly justEnded: readonly RequestLife[];
  /** Changes with every change. */
  readonly version: number;
}

/** Milliseconds between two drawings: a person cannot read faster. */
const DRAW_MS = 80;

/**
 * Reads the server's events. The browser connects again by itself, and says which event it had last.
 *
 * @param onChange called after changes, not more often than a person can see
 */
export function openFeed(onChange: (feed: Feed) => void): () => void {
  let requests = new Map<string, RequestLife>();
  const runs = new Map<string, RunLife>();
  const notices = new Map<string, Notice>();
  const simulated = new Map<string, SimulatedResource>();
  const tasks = new Map<string, WaitingTask>();
  const deadLetters = new Map<string, DeadLetter>();
  const sources = new Map<string, Source>();
  let facts: PageFacts | undefined;
  let connection: Feed['connection'] = 'connecting';
  let justEnded: RequestLife[] = [];
  let version = 0;
  let timer: number | undefined;
  let caughtUpAt = 0;
  /** Whether requests have come that may stand in another place than at the end. */
  let hasNew = false;

  const draw = () => {
    timer = undefined;
    version += 1;
    if (hasNew) requests = new Map(inOrder([...requests.values()]).map((life) => [life.key, life]));
    hasNew = false;
    onChange({
      requests,
      runs,
      notices,
      simulated,
      tasks,
      deadLetters,
      sources,
      facts,
      connection,
      justEnded,
      version,
    });
    justEnded = [];
  };
  const changed = () => {
    timer ??= window.setTimeout(draw, DRAW_MS);
  };
  /** The map of requests is replaced by each drawing. */
  const mapsByKind = () =>
    ({
      request: requests,
      run: runs,
      notice: notices,
      simulated,
      task: tasks,
      'dead-letter': deadLetters,
      source: sources,
    }) satisfies Record<PageRecord['kind'], Map<string, unknown>>;
  const clear = () => {
    for (const map of Object.values(mapsByKind())) map.clear();
  };
  const put = (id: string, record: PageRecord, isLive: boolean) => {
    const key = id.slice(id.indexOf(' ') + 1);
    switch (record.kind) {
      case 'request':
        if (isLive && record.request.ended && requests.get(key)?.ended !== true)
          justEnded.push(record.request);
        hasNew ||= !requests.has(key);
        requests.set(key, record.request);
        break;
      case 'run':
        runs.set(key, record.run);
        break;
      case 'notice':
        notices.set(key, record.notice);
        break;
      case 'simulated':
        simulated.set(key, record.simulated);
        break;
      case 'task':
        tasks.set(key, record.task);
        break;
      case 'dead-letter':
        deadLetters.set(key, record.deadLetter);
        break;
      case 'source':
        sources.set(key, record.source);
        break;
    }
  };
  const remove = (id: string) => {
    const key = id.slice(id.indexOf(' ') + 1);
    mapsByKind()[id.slice(0, id.indexOf(' ')) as PageRecord['kind']].delete(key);
  };

  const source = new EventSource('/events');
  source.addEventListener('hello', ({ data }: MessageEvent<string>) => {
    const hello = JSON.parse(data) as { facts: PageFacts; isNew: boolean; total: number };
    if (hello.isNew) clear();
    ({ facts } = hello);
    caughtUpAt = hello.total;
    connection = 'live';
    changed();
  });
  source.addEventListener('reset', clear);
  source.addEventListener('changes', ({ data, lastEventId }: MessageEvent<string>) => {
    const event = JSON.parse(data) as ChangesEvent;
    const isLive = Number(lastEventId.slice(lastEventId.lastIndexOf('-') + 1)) > caughtUpAt;
    for (const [id, record] of event.changed) put(id, record, isLive);
    for (const id of event.removed) remove(id);
    changed();
  });
  source.addEventListener('error', () => {
    connection = 'lost';
    changed();
  });
  return () => {
    source.close();
    window.clearTimeout(timer);
  };
}
