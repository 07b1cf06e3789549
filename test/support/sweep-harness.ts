import type { Collection } from '../../src/resources/resource.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { attributesOf } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import type { Severity } from '../../src/telemetry/log.ts';
import type { SweepReport } from '../../src/sweeps/report.ts';
import { answered, NOON_MS } from './fakes.ts';
import { createTestApp, pushBody } from './test-app.ts';

/** A test app with lists of operations, and everything that it publishes and schedules. */

export const PARENT = 'projects/my-project/locations/us-central1';
export const LIST = `https://notebooks.googleapis.com/v2/${PARENT}/operations`;

/** An operation of notebooks in a list, created `hours` hours ago. */
export const entry = (id: string, hours: number | undefined, more: Record<string, unknown> = {}) => {
  const { metadata = {}, ...others } = more as { metadata?: Record<string, unknown> };
  const createTime = hours === undefined ? undefined : new Date(NOON_MS - hours * 3_600_000).toISOString();
  return {
    name: `${PARENT}/operations/${id}`,
    metadata: {
      '@type': 'type.googleapis.com/google.cloud.notebooks.v2.OperationMetadata',
      ...(createTime !== undefined && { createTime }),
      target: `${PARENT}/instances/${id}`,
      ...metadata,
    },
    done: false,
    ...others,
  };
};

export const page = (entries: readonly unknown[], more: Record<string, unknown> = {}): ServiceResponse =>
  answered(200, { ...(entries.length > 0 && { operations: entries }), ...more });

export const TARGET = { service: 'notebooks', version: 'v2', parents: [PARENT] };
export const NIGHTLY = { targets: [TARGET], olderThan: '3600s', dryRun: false };

export function createSweepApp(
  sweeps: Readonly<Record<string, unknown>>,
  list: (url: string, collection: Collection) => ServiceResponse,
  options: {
    /** Answers to GETs, in their order; an error for one that cannot be made. */
    readonly get?: readonly (ServiceResponse | Error)[];
    readonly budgets?: readonly unknown[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly idempotencyStore?: NonNullable<Parameters<typeof createTestApp>[0]>['idempotencyStore'];
    readonly eventStore?: NonNullable<Parameters<typeof createTestApp>[0]>['eventStore'];
    readonly onList?: () => void;
  } = {},
) {
  const lines: { severity: Severity; event: string; message: string }[] = [];
  const app = createTestApp({
    answers: {
      list: (url, collection) => {
        options.onList?.();
        return list(url, collection);
      },
      ...(options.get !== undefined && { get: options.get }),
    },
    // With waits of no length a run would never end.
    random: 0.5,
    environment: {
      SWEEPS: JSON.stringify(sweeps),
      ...(options.budgets !== undefined && { BUDGETS: JSON.stringify(options.budgets) }),
      ...options.environment,
    },
    ...(options.idempotencyStore !== undefined && { idempotencyStore: options.idempotencyStore }),
    ...(options.eventStore !== undefined && { eventStore: options.eventStore }),
    log: (severity, event, message) => void lines.push({ severity, event, message }),
  });
  const { published } = app.publisher;
  const begun = new Set<unknown>();
  const stepOf = ({ data }: OutgoingEvent) => (data as { step: number }).step;
  const begin = (data: unknown, attributes?: Record<string, string>, messageId = 'm1') =>
    app.handle(fromTopic('triggers', pushBody(data, attributes, messageId)));
  /** Delivers a scheduled event, as it arrives on the topic of the re-checks. */
  const deliver = (event: OutgoingEvent) =>
    app.handle(fromTopic('rechecks', pushBody(event.data, attributesOf(event), `later-${event.id}`)));
  return {
    ...app,
    lines,
    /** A message on the topic of triggers, and the first delivery of each run that it starts. */
    trigger: async (data: unknown, attributes?: Record<string, string>, messageId = 'm1') => {
      await begin(data, attributes, messageId);
      for (const sent of [...app.scheduler.sent]) {
        if (begun.has(sent) || stepOf(sent.event) > 0) continue;
        begun.add(sent);
        await deliver(sent.event);
      }
    },
    /** The message alone: the first delivery of each run stays in the scheduler. */
    begin,
    deliver,
    /** Messages that resume a run; its first message is left out. */
    scheduled: () => app.scheduler.sent.filter(({ event }) => stepOf(event) > 0),
    requests: () => published.filter(({ topic }) => topic === 'requests').map(({ event }) => event),
    requested: () =>
      published
        .filter(({ topic }) => topic === 'requests')
        .map(({ event }) => (event.data as { operation: string }).operation.split('/').at(-1)),
    reports: () =>
      published
        .filter(({ event }) => event.type === 'lro-cancel.sweep.v1')
        .map(({ event }) => ({ event, ...(event.data as SweepReport) })),
    /** Results that are no reports. */
    answers: () =>
      published
        .filter(({ event }) => event.type === 'lro-cancel.result.v1')
        .map(({ event }) => event.data as { outcome: string; detail: string; requestId: string }),
  };
}

/** A push from a topic, as the framework passes it on. */
const fromTopic = (topic: string, body: object) => ({
  id: 'm1',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source: `//pubsub.googleapis.com/projects/my-project/topics/lro-cancel-${topic}`,
  specversion: '1.0',
  data: body,
});
