import type { Subscription } from '@google-cloud/pubsub';
import { randomBytes } from 'node:crypto';
import { createCollector } from '../../local/collector.ts';
import { startLocalSystem } from '../../local/system.ts';
import type {
  LocalSystem,
  LocalSystemOptions,
  PublishedReport,
  PublishedResult,
} from '../../local/system.ts';
import type { ResultData } from '../../src/cancellation/result.ts';
import type { SweepReport } from '../../src/sweeps/report.ts';

/** The whole system in a project of its own, so that tests that share a Pub/Sub do not meet. */
export interface TestSystem extends LocalSystem {
  /** Every result so far, by request. */
  readonly results: ReadonlyMap<string, readonly PublishedResult[]>;
  /** The first result of a request, as soon as there is one. */
  resultOf(requestId: string): Promise<PublishedResult>;
  /** The first result for which a condition holds. */
  resultWhere(holds: (data: ResultData) => boolean): Promise<ResultData>;
  /** Every report so far. */
  readonly reports: readonly PublishedReport[];
  /** The first report of a sweep, or the first for which a condition holds. */
  reportOf(sweep: string, holds?: (data: SweepReport) => boolean): Promise<SweepReport>;
  /** Resolves once the function has logged a line. */
  logged(isWanted: (line: string) => boolean): Promise<void>;
  /** Counts what is published to a topic from now on. */
  copyOf(topic: keyof LocalSystem['topology']['topics']): Promise<() => number>;
  /** The function's log so far. */
  readonly logLines: readonly string[];
}

const PATIENCE_MS = 100_000;

export async function startTestSystem(options: LocalSystemOptions = {}): Promise<TestSystem> {
  const collector = createCollector({ patienceMs: PATIENCE_MS });
  const { lines: logLines, reports } = collector;
  const system = await startLocalSystem({
    projectId: `test-${randomBytes(6).toString('hex')}`,
    ...options,
    settings: { ALLOWED_PROJECTS: 'my-project', ALLOWED_SERVICES: '*,cloudchannel', ...options.settings },
    onLogLine: collector.onLogLine,
  });
  const copies: Subscription[] = [];
  const results = new Map<string, PublishedResult[]>();
  collector.attach(system, (result) => {
    const { requestId } = result.data;
    results.set(requestId, [...(results.get(requestId) ?? []), result]);
  });
  /** Polls until something is found, or fails with the function's log. */
  const found = async <T>(description: string, find: () => T | undefined): Promise<T> => {
    await collector.until(() => find() !== undefined);
    const value = find();
    if (value !== undefined) return value;
    throw new Error(
      `No ${description} within ${PATIENCE_MS} ms. The function's log:\n${logLines.slice(-40).join('\n')}`,
    );
  };
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
    reports,
    resultOf: (requestId) => found(`result of ${requestId}`, () => results.get(requestId)?.[0]),
    resultWhere: (holds) =>
      found('such result', () => collector.results.find(({ data }) => holds(data))?.data),
    reportOf: (sweep, holds = () => true) =>
      found(
        `report of ${sweep}`,
        () => reports.find(({ data }) => data.sweep === sweep && holds(data))?.data,
      ),
    logged: async (isWanted) => {
      await found('such line', () => logLines.find(isWanted));
    },
  };
}

/** Settings of a system whose tests do not care when a re-check is due. */
export const SOON = { FIRST_RECHECK_AFTER: '1s' };

export const inNotebooks = (id: string) =>
  `https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/${id}`;
