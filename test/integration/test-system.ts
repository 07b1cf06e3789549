import type { Subscription } from '@google-cloud/pubsub';
import { randomBytes } from 'node:crypto';
import { startLocalSystem } from '../../local/system.ts';
import type { LocalSystem, LocalSystemOptions, PublishedResult } from '../../local/system.ts';

/** The whole system in a project of its own, so that tests that share a Pub/Sub do not meet. */
export interface TestSystem extends LocalSystem {
  /** Every result so far, by request. */
  readonly results: ReadonlyMap<string, readonly PublishedResult[]>;
  /** The first result of a request, as soon as there is one. */
  resultOf(requestId: string): Promise<PublishedResult>;
  /** Counts what is published to a topic from now on. */
  copyOf(topic: keyof LocalSystem['topology']['topics']): Promise<() => number>;
  /** The function's log so far. */
  readonly logLines: readonly string[];
}

const PATIENCE_MS = 60_000;

export async function startTestSystem(options: LocalSystemOptions = {}): Promise<TestSystem> {
  const logLines: string[] = [];
  const system = await startLocalSystem({
    projectId: `test-${randomBytes(6).toString('hex')}`,
    ...options,
    settings: { ALLOWED_PROJECTS: 'my-project', ALLOWED_SERVICES: '*,cloudchannel', ...options.settings },
    onLogLine: (line) => void logLines.push(line),
  });
  const copies: Subscription[] = [];
  const results = new Map<string, PublishedResult[]>();
  const waiting = new Map<string, ((result: PublishedResult) => void)[]>();
  system.onResult((result) => {
    const { requestId } = result.data;
    results.set(requestId, [...(results.get(requestId) ?? []), result]);
    for (const wake of waiting.get(requestId) ?? []) wake(result);
    waiting.delete(requestId);
  });
  return {
    ...system,
    results,
    logLines,
    copyOf: async (topic) => {
      const [subscription] = await system.pubsub
        .topic(system.topology.topics[topic])
        .createSubscription(`copy-${randomBytes(4).toString('hex')}`);
      let count = 0;
      subscription.on('message', (message) => {
        count += 1;
        message.ack();
      });
      copies.push(subscription);
      return () => count;
    },
    close: async () => {
      for (const copy of copies) await copy.close();
      await system.close();
    },
    resultOf: (requestId) => {
      const [first] = results.get(requestId) ?? [];
      if (first !== undefined) return Promise.resolve(first);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(
            new Error(
              `No result of ${requestId} within ${PATIENCE_MS} ms. The function's log:\n${logLines.slice(-40).join('\n')}`,
            ),
          );
        }, PATIENCE_MS);
        const wake = (result: PublishedResult) => {
          clearTimeout(timer);
          resolve(result);
        };
        waiting.set(requestId, [...(waiting.get(requestId) ?? []), wake]);
      });
    },
  };
}

export const inNotebooks = (id: string) =>
  `https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/${id}`;
