import type { ReceivedMessage } from '../../client/temporary-subscription.ts';
import type { DeployedStore } from '../../local/page/model/deployed-store.ts';
import type { Source } from '../../local/page/model/records.ts';
import { timeOfDay } from '../../local/page/model/words.ts';
import { readDeadLetter } from './dead-letter.ts';
import { takePublished } from './published-event.ts';
import { createQueueReader } from './queue-reader.ts';
import type { QueueReading } from './queue-reader.ts';
import type { ConsoleTarget } from './target.ts';
import { readTopic } from './topic-reader.ts';

/** Everything that the console reads, until it is closed. */
export interface Sources {
  /** Resolves when both topics were subscribed to, or could not be. */
  readonly attempted: Promise<void>;
  /**
   * Ends the reading and deletes the temporary subscriptions.
   *
   * @returns a sentence for each that could not be deleted
   */
  close(): Promise<readonly string[]>;
}

export interface SourcesOptions {
  readonly target: ConsoleTarget;
  readonly store: DeployedStore;
  /** Called with the state of a part of the system when its text changes. */
  readonly onSource: (source: Source) => void;
  /** Whether somebody watches: the queue is read for them alone. */
  readonly isWatched: () => boolean;
}

/** The queue is read this often, for each call that a reading takes, and less often while it cannot be read. */
const QUEUE_CALL_MS = 2_500;
const QUEUE_RETRY_MS = 30_000;
/** How soon somebody who begins to watch sees the queue. */
const WATCH_MS = 250;

export function startSources({ target, store, onSource, isWatched }: SourcesOptions): Sources {
  const { connection, topics, queue } = target;
  const { pubsub, emulatorHost } = connection;
  const texts = new Map<Source['id'], string>();
  const report = (source: Source) => {
    store.onSource(source);
    if (texts.get(source.id) === source.text) return;
    texts.set(source.id, source.text);
    onSource(source);
  };
  const read = (id: 'results' | 'dead-letters', topic: string, take: (message: ReceivedMessage) => void) =>
    readTopic({
      pubsub,
      topic,
      emulatorHost,
      onMessage: (message) => {
        try {
          take(message);
        } catch (error) {
          store.onNotice(`A message of ${topic} could not be shown: ${String(error)}`);
        }
      },
      onState: (problem) =>
        report(
          problem === undefined
            ? { id, state: 'read', text: `From ${timeOfDay(Date.now())} on.` }
            : { id, state: 'unreadable', text: `${TITLES[id]} cannot be read: ${problem}` },
        ),
    });
  const readers = [
    read('results', topics.results, (message) => takePublished(message, store)),
    read('dead-letters', topics.deadLetters, (message) => store.onDeadLetter(readDeadLetter(message))),
  ];
  const stopQueue =
    queue.kind === 'known'
      ? watchQueue({
          read: createQueueReader({ api: queue.api, queue: queue.name, now: Date.now }),
          isWatched,
          onReading: ({ source, tasks, isWhole }) => {
            if (tasks !== undefined) store.onTasks(tasks, isWhole);
            report(source);
          },
        })
      : () => Promise.resolve();
  if (queue.kind !== 'known') report({ id: 'queue', state: queue.kind, text: queue.why });
  return {
    attempted: Promise.all(readers.map(({ attempted }) => attempted)).then(() => undefined),
    close: async () => {
      const closing = await Promise.allSettled(readers.map((reader) => reader.close()));
      await stopQueue();
      return closing.flatMap((one) =>
        one.status === 'rejected'
          ? [`A temporary subscription could not be deleted, and expires after a day: ${String(one.reason)}`]
          : [],
      );
    },
  };
}

const TITLES = { results: 'Results and reports', 'dead-letters': 'Dead letters' } as const;

/** Reads the queue again and again while somebody watches, one reading at a time. Returns what ends it. */
function watchQueue({
  read,
  isWatched,
  onReading,
}: {
  readonly read: () => Promise<QueueReading>;
  readonly isWatched: () => boolean;
  readonly onReading: (reading: QueueReading) => void;
}): () => Promise<void> {
  let nextMs = 0;
  let reading: Promise<void> | undefined;
  let isClosed = false;
  const readOnce = async () => {
    const found = await read();
    if (isClosed) return;
    onReading(found);
    nextMs = Date.now() + (found.tasks === undefined ? QUEUE_RETRY_MS : found.calls * QUEUE_CALL_MS);
  };
  const timer = setInterval(() => {
    if (reading !== undefined || !isWatched() || Date.now() < nextMs) return;
    reading = readOnce().finally(() => (reading = undefined));
  }, WATCH_MS);
  return async () => {
    isClosed = true;
    clearInterval(timer);
    await reading;
  };
}
