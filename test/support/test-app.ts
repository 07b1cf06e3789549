import { settingsOf } from './settings.ts';
import type { EventStore, IdempotencyStore } from '../../src/ports.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { createMemoryIdempotencyStore } from '../../src/budgets/idempotency-store.ts';
import { createMemoryEventStore } from '../../src/google/memory-event-store.ts';
import { createApp } from '../../src/app.ts';
import type { Log } from '../../src/telemetry/log.ts';
import {
  createFakeClock,
  createFakeScheduler,
  createFakeResourceApi,
  createFakePublisher,
  fakeOwnProject,
} from './fakes.ts';
import { withSpan } from '../../src/telemetry/tracing.ts';

/** The real app with fakes of its ports. */
export function createTestApp(
  options: {
    readonly answers?: Parameters<typeof createFakeResourceApi>[0];
    readonly idempotencyStore?: IdempotencyStore;
    readonly eventStore?: EventStore;
    /** SWEEPS and BUDGETS, and other variables. */
    readonly environment?: Readonly<Record<string, string>>;
    readonly log?: Log;
    /** Default 0: no jitter. */
    readonly random?: number;
    readonly allowedServices?: readonly string[];
    readonly allowedProjects?: readonly string[];
    /** Each call lasts until its timeout. */
    readonly everyCallTakesItsTime?: boolean;
  } = {},
) {
  const clock = createFakeClock();
  const publisher = createFakePublisher();
  const fake = createFakeResourceApi(options.answers ?? {});
  const takeTime = (timeoutMs: number) => {
    if (options.everyCallTakesItsTime === true) clock.advance(timeoutMs);
  };
  const resourceApi = {
    ...fake,
    cancel: (operation: Resource, timeoutMs: number) => {
      takeTime(timeoutMs);
      return fake.cancel(operation);
    },
    get: (operation: Resource, timeoutMs: number) => {
      takeTime(timeoutMs);
      return fake.get(operation);
    },
  };
  const scheduler = createFakeScheduler();
  const settings = settingsOf(options.environment ?? {});
  const handle = createApp(
    {
      resourceApi,
      publisher,
      scheduler,
      idempotencyStore: options.idempotencyStore ?? createMemoryIdempotencyStore(),
      eventStore: options.eventStore ?? createMemoryEventStore(clock),
      ownProjectFor: () => fakeOwnProject,
      clock,
      random: () => options.random ?? 0,
      withSpan,
      log: options.log ?? (() => undefined),
    },
    {
      ...settings,
      ...(options.allowedProjects !== undefined && { allowedProjects: options.allowedProjects }),
      ...(options.allowedServices !== undefined && { allowedServices: options.allowedServices }),
    },
  );
  return { handle, clock, publisher, resourceApi, scheduler };
}

/** A raw push body, as Pub/Sub sends it. */
export function pushBody(data: unknown, attributes?: Record<string, string>, messageId = '4711') {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return {
    message: {
      ...(data !== undefined && text !== '' && { data: Buffer.from(text).toString('base64') }),
      ...(attributes !== undefined && { attributes }),
      messageId,
      message_id: messageId,
      publishTime: '2026-11-20T11:59:00.000Z',
      publish_time: '2026-11-20T11:59:00.000Z',
    },
    subscription: 'projects/my-project/subscriptions/s',
  };
}
