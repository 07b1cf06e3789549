import { readSettings } from '../src/config.ts';
import type { Latches } from '../src/core/latches.ts';
import type { Operation } from '../src/core/operation.ts';
import { createMemoryLatches } from '../src/google/memory-latches.ts';
import { createHandler } from '../src/handler.ts';
import type { Log } from '../src/log.ts';
import {
  createFakeClock,
  createFakeLater,
  createFakeOperations,
  createFakePublisher,
  fakeOwnProject,
} from './fakes.ts';
import { inSpan } from '../src/tracing.ts';

/** The real story with stand-ins for the world around it. */
export function createStory(
  options: {
    readonly answers?: Parameters<typeof createFakeOperations>[0];
    readonly latches?: Latches;
    /** SWEEPS and BUDGETS, and other variables. */
    readonly environment?: Readonly<Record<string, string>>;
    readonly log?: Log;
    /** Default 0: no jitter. */
    readonly random?: number;
    readonly allowedServices?: readonly string[];
    readonly allowedProjects?: readonly string[];
    /** Each call lasts as long as it may. */
    readonly everyCallTakesItsTime?: boolean;
  } = {},
) {
  const clock = createFakeClock();
  const publisher = createFakePublisher();
  const fake = createFakeOperations(options.answers ?? {});
  const takeTime = (timeoutMs: number) => {
    if (options.everyCallTakesItsTime === true) clock.advance(timeoutMs);
  };
  const operations = {
    ...fake,
    cancel: (operation: Operation, timeoutMs: number) => {
      takeTime(timeoutMs);
      return fake.cancel(operation);
    },
    get: (operation: Operation, timeoutMs: number) => {
      takeTime(timeoutMs);
      return fake.get(operation);
    },
  };
  const later = createFakeLater();
  const settings = readSettings(options.environment ?? {});
  const handle = createHandler(
    {
      operations,
      publisher,
      later,
      latches: options.latches ?? createMemoryLatches(),
      ownProject: fakeOwnProject,
      clock,
      random: () => options.random ?? 0,
      inSpan,
      log: options.log ?? (() => undefined),
    },
    {
      ...settings,
      ...(options.allowedProjects !== undefined && { allowedProjects: options.allowedProjects }),
      ...(options.allowedServices !== undefined && { allowedServices: options.allowedServices }),
    },
  );
  return { handle, clock, publisher, operations, later };
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
