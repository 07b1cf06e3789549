import { setTimeout as sleep } from 'node:timers/promises';
import { toClientError } from '../client/pubsub-error.ts';
import { createDeployedStore } from '../local/page/model/deployed-store.ts';
import type { PublishedMessage } from '../local/page/model/messages.ts';
import type { Source } from '../local/page/model/records.ts';
import { startDeployedPage } from '../local/page/start-deployed-page.ts';
import type { ServedPage } from '../local/page/serve-page.ts';
import type { ConsoleArguments } from './command-arguments.ts';
import { startSources } from './console/sources.ts';
import { openTarget } from './console/target.ts';
import type { ConsoleTarget } from './console/target.ts';
import { EXIT } from './exit-code.ts';
import { onInterruption } from './interruption.ts';
import { UsageError } from './usage-error.ts';

/** Beside that of `npm start`. */
const USUAL_PORTS = [4748, 0];
/** The page is shown after this time, also while Pub/Sub does not answer: it says so itself. */
const MAX_START_MS = 10_000;

/**
 * `lro-cancel console`, until it is interrupted, which is its ordinary end. A part of the system that cannot be read is a
 * notice on the page and on standard error, and ends nothing.
 */
export async function runConsole(given: ConsoleArguments): Promise<number> {
  const { allowRequests = false } = given;
  const ports = given.port === undefined ? USUAL_PORTS : [readPort(given.port)];
  const interruption = onInterruption();
  const interrupted = new Promise<void>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve());
  });
  const target = await openTarget(given);
  try {
    const store = createDeployedStore(Date.now);
    const page = await startPage(target, ports, { store, allowRequests });
    const told: Source[] = [];
    let say = (source: Source) => {
      told.push(source);
    };
    const sources = startSources({
      target,
      store,
      onSource: (source) => say(source),
      isWatched: () => page.readers() > 0,
    });
    try {
      // Whoever reads the address can rely on it that nothing published after this is missed.
      await Promise.race([sources.attempted, interrupted, sleep(MAX_START_MS, undefined, { ref: false })]);
      console.log(`Page: ${page.url}\n${welcome(target, allowRequests)}`);
      say = ({ state, text }) => {
        if (state !== 'read') console.error(text);
      };
      told.forEach((source) => say(source));
      await interrupted;
    } finally {
      await page.close();
      for (const problem of await sources.close()) console.error(problem);
    }
  } finally {
    await target.connection.pubsub.close();
    interruption.dispose();
  }
  return EXIT.done;
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`);
}

async function startPage(
  target: ConsoleTarget,
  ports: readonly number[],
  {
    store,
    allowRequests,
  }: { readonly store: ReturnType<typeof createDeployedStore>; readonly allowRequests: boolean },
): Promise<ServedPage> {
  const { projectId } = target.connection;
  const { requests, triggers } = target.topics;
  try {
    return await startDeployedPage({
      ports,
      store,
      projectId,
      topics: { requests, triggers },
      ...(target.isDeployed && { logProject: projectId }),
      ...(allowRequests && { publish: createPublish(target) }),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UsageError(
      `The port ${ports.join(', ')} is taken. Name another with --port, or 0 for any free one.`,
    );
  }
}

/** Publishes what a person made on the page, as it is: the function reads it like a message of `gcloud`. */
function createPublish({ connection: { pubsub, emulatorHost }, topics }: ConsoleTarget) {
  const publishers = { requests: pubsub.topic(topics.requests), triggers: pubsub.topic(topics.triggers) };
  return async ({ topic, message, attributes = {} }: PublishedMessage): Promise<string> => {
    try {
      const data = Buffer.from(JSON.stringify(message));
      return await publishers[topic].publishMessage({ data, attributes });
    } catch (error) {
      throw toClientError(error, { action: 'publish', topic: topics[topic], emulatorHost });
    }
  };
}

const welcome = ({ topics }: ConsoleTarget, allowRequests: boolean) =>
  `${
    allowRequests
      ? `Requests of the page are published to ${topics.requests}, and cancel what they name.`
      : 'The page is read-only. With --allow-requests it can request cancels, start sweeps and send budget alerts.'
  }\nCtrl-C stops it.`;
