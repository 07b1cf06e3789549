import { readSettings } from '../src/config.ts';
import type { Answer } from '../src/core/answer.ts';
import type { Operation } from '../src/core/operation.ts';
import { createHandler } from '../src/handler.ts';
import {
  createFakeClock,
  createFakeLater,
  createFakeOperations,
  createFakePublisher,
  fakeOwnProject,
} from './fakes.ts';

/** The real story with stand-ins for the world around it. */
export function createStory(
  options: {
    readonly answers?: { readonly cancel?: readonly Answer[]; readonly get?: readonly Answer[] };
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
    calls: fake.calls,
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
  const handle = createHandler(
    {
      operations,
      publisher,
      later,
      ownProject: fakeOwnProject,
      clock,
      random: () => 0,
      log: () => undefined,
    },
    {
      ...readSettings({}),
      allowedProjects: options.allowedProjects,
      allowedServices: options.allowedServices ?? ['*'],
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
