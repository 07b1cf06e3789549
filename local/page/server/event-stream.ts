import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFacts, PageRecord } from '../model/records.ts';
import type { PageStore } from '../model/page-store.ts';

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): each reader gets the records that
 * changed since its last event, in pieces, and no faster than it reads. The id of an event is the start of this server and
 * the number of the last change in it, by which a reader that comes again (`Last-Event-ID`) gets what it missed.
 */
export interface EventStream {
  /** Takes a reader in, until it leaves. */
  serve(request: IncomingMessage, response: ServerResponse): void;
  /** To be called after changes of the store. */
  notify(): void;
  readers(): number;
  close(): void;
}

export interface EventStreamOptions {
  readonly changes: PageStore['changes'];
  readonly epoch: string;
  readonly facts: () => PageFacts;
  /** Changes are collected for this long before they are sent. Default 100 ms. */
  readonly collectMs?: number;
}

const MAX_RECORDS_PER_EVENT = 500;
const MAX_READERS = 50;
const HEARTBEAT_MS = 15_000;

interface Reader {
  readonly response: ServerResponse;
  sequence: number;
  /** Whether it has more to read than it has taken. */
  full: boolean;
}

export function createEventStream(options: EventStreamOptions): EventStream {
  const { changes, epoch, facts, collectMs = 100 } = options;
  const readers = new Set<Reader>();
  let timer: NodeJS.Timeout | undefined;
  const heartbeat = setInterval(() => {
    for (const { response } of readers) response.write(': still here\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  const write = (reader: Reader, event: string, id: string, data: unknown) => {
    const text = `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
    if (reader.response.write(text)) return;
    reader.full = true;
    reader.response.once('drain', () => {
      reader.full = false;
      send(reader);
    });
  };

  /** Sends what changed, as far as the reader takes it. */
  function send(reader: Reader): void {
    while (!reader.full && reader.sequence < changes.sequence()) {
      const next = changes.since(reader.sequence, MAX_RECORDS_PER_EVENT);
      if (next === undefined) {
        reader.sequence = 0;
        write(reader, 'reset', `${epoch}-0`, {});
        continue;
      }
      reader.sequence = next.sequence;
      if (next.changed.length + next.removed.length === 0) continue;
      const { changed, removed } = next;
      write(reader, 'changes', `${epoch}-${next.sequence}`, { changed, removed } satisfies ChangesEvent);
    }
  }

  return {
    serve: (request, response) => {
      if (readers.size >= MAX_READERS) {
        response.writeHead(503, { 'retry-after': '5' }).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write('retry: 1000\n\n');
      const sequence = resumedAt(request.headers['last-event-id'], epoch);
      const reader: Reader = { response, sequence: sequence ?? 0, full: false };
      readers.add(reader);
      response.once('close', () => readers.delete(reader));
      const isNew = sequence === undefined || changes.since(sequence, 1) === undefined;
      if (isNew) reader.sequence = 0;
      write(reader, 'hello', `${epoch}-${reader.sequence}`, {
        facts: facts(),
        isNew,
        total: changes.sequence(),
      });
      send(reader);
    },
    notify: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const reader of readers) send(reader);
      }, collectMs);
    },
    readers: () => readers.size,
    close: () => {
      clearTimeout(timer);
      clearInterval(heartbeat);
      for (const { response } of readers) response.destroy();
    },
  };
}

/** The data of an event `changes`. */
export interface ChangesEvent {
  readonly changed: readonly (readonly [id: string, record: PageRecord])[];
  readonly removed: readonly string[];
}

/** The change after which a reader continues; undefined where its last event came from another server, or it had none. */
function resumedAt(lastEventId: string | string[] | undefined, epoch: string): number | undefined {
  const [, of, sequence] = /^(.+)-(\d+)$/.exec(String(lastEventId ?? '')) ?? [];
  return of === epoch && sequence !== undefined ? Number(sequence) : undefined;
}
