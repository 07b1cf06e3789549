import { createAdmission } from '../src/admission.ts';
import { createCancelOperation } from '../src/cancel-operation.ts';
import { createCancelWithRetry } from '../src/cancel-with-retry.ts';
import { readSettings } from '../src/config.ts';
import type { Answer } from '../src/core/answer.ts';
import type { Operation } from '../src/core/operation.ts';
import { createAnswerDeadLetter } from '../src/dead-letter.ts';
import { createRunPursuit } from '../src/pursuit-runner.ts';
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
  const log = () => undefined;
  const admit = createAdmission({
    ownProject: fakeOwnProject,
    allowedProjects: options.allowedProjects,
    allowedServices: options.allowedServices ?? ['*'],
  });
  const cancelWithRetry = createCancelWithRetry({ operations, clock, random: () => 0, log });
  const handle = createCancelOperation({
    admit,
    runPursuit: createRunPursuit({ admit, operations, cancelWithRetry, publisher, later, clock, log }),
    answerDeadLetter: createAnswerDeadLetter({ publisher, later, clock, log }),
    publisher,
    clock,
    log,
    topics: readSettings({}).topics,
    confirmWithinMs: 900_000,
  });
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
