import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findHost } from '../../../src/catalog/host.ts';
import { settingsOf } from '../../support/settings.ts';
import type { OutgoingEvent } from '../../../src/messages/cloud-event.ts';
import { attributesOf, EVENT_TYPE } from '../../../src/messages/cloud-event.ts';
import { Failure } from '../../../src/validation/failure.ts';
import { createHttpClient } from '../../../src/google/http.ts';
import { createPorts } from '../../../src/google/create-ports.ts';
import type { Scheduler, TopicKind } from '../../../src/ports.ts';
import type { LogEvent, Severity } from '../../../src/telemetry/log.ts';
import { noAccessTokens } from '../../../src/google/access-tokens.ts';
import { createApp } from '../../../src/app.ts';
import { createFakeClock } from '../../support/virtual-time.ts';
import { createRandom } from '../../support/random.ts';
import { answerOddly } from './answers.ts';
import type { OddAnswer } from './answers.ts';
import { oddEvent, TRIGGER_SETTINGS } from './messages.ts';
import { withSpan } from '../../../src/telemetry/tracing.ts';

/** The outcome of many odd messages and answers. */
interface FuzzReport {
  readonly messages: number;
  readonly calls: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Rules that were broken, each with the message that led to it. */
  readonly violations: readonly string[];
}

/** More deliveries than this are an endless retry: 30 days of re-checks, none more often than it should. */
const MAX_DELIVERIES = 9_000;
const MAX_VIOLATIONS = 10;
const MONTH_MS = 31 * 24 * 3_600_000;
/** The only paths that may be called for what is sent here. */
const OPERATION =
  /^\/([a-z0-9.-]+)\/(?:[a-z]+\/)?v\w+\/(?:admin\/)?(?:[A-Za-z]+\/[^/:?#%]+\/)*(?:operations|transferOperations)\/[^:?#%]+(?::cancel|\/cancel)?$/;
/** And those of the lists that the settings' sweeps name. */
const LIST =
  /^\/([a-z0-9.-]+)\/v\d+\/(?:projects\/my-project\/locations\/(?:us-central1|-)\/)?operations(?:\?[\w=&%.~*+-]*)?$/;
/** Lines in place of an answer: the message became others, or asks for none. */
const QUIET =
  /^(?:message\.ignored|trigger\.unknown|budget\.(?:unnamed|not-crossed|swept-before|lacks-threshold))$/;
/** The same for jobs, those of Dataproc's batches by their operation. */
const JOB =
  /^\/([a-z0-9.-]+)\/(?:apis\/run\.googleapis\.com\/|bigquery\/)?v\w+\/(?:[A-Za-z]+\/[^/:?#%]+\/)*(?:customJobs|jobs|executions|batches)\/[^:?#%]+(?::cancel|\/cancel)?(?:\?(?:location|view)=[\w-]+)?$/;
const ENTITLEMENT = /entitlements|subscriptions|tasks/;

/**
 * Sends odd messages through the real handler, which asks a real HTTP server that answers oddly, and follows
 * each to its end.
 */
export async function fuzz(seed: number, messages: number): Promise<FuzzReport> {
  const random = createRandom(seed);
  const violations: string[] = [];
  const outcomes: Record<string, number> = {};
  let calls = 0;
  let current = '';
  let answers: Answer[] = [];
  const report = (violation: string) => {
    if (violations.length < MAX_VIOLATIONS) violations.push(`${violation}: ${current.slice(0, 600)}`);
  };

  const server = createServer((request, response) => {
    calls += 1;
    const path = decodeURI(request.url ?? '');
    const [, host = ''] = OPERATION.exec(path) ?? LIST.exec(request.url ?? '') ?? JOB.exec(path) ?? [];
    if (findHost(host) === undefined || ENTITLEMENT.test(path)) report(`called ${path}`);
    const answer = answerOddly(random, response);
    if (answer !== undefined) answers.push({ ...answer, method: request.method ?? '' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{host}`;

  const http = createHttpClient();
  let results: OutgoingEvent[] = [];
  let waiting: { readonly event: OutgoingEvent; readonly dueMs: number }[] = [];
  let seenRecheck: OutgoingEvent | undefined;
  /** Messages that became others, or were none of ours. */
  let passedOn = 0;
  const clock = createFakeClock();
  const settings = settingsOf({
    GOOGLE_API_ENDPOINT: endpoint,
    ALLOWED_SERVICES: '*,cloudchannel,storage',
    ALLOWED_JOBS: '*',
    ...TRIGGER_SETTINGS,
  });
  const platform = {
    http,
    accessTokens: noAccessTokens,
    publisher: {
      publish: (topic: TopicKind, event: OutgoingEvent) => {
        JSON.stringify([event.data, attributesOf(event)]);
        if (topic === 'results') results.push(event);
        else passedOn += 1;
        return Promise.resolve();
      },
    },
    ownProjectFor: () => ({ id: () => 'my-project', names: () => ['my-project'] }),
    clock,
    random: random.next,
    withSpan,
    log: (_severity: Severity, event: LogEvent) => {
      if (QUIET.test(event)) passedOn += 1;
    },
  };
  const scheduler: Scheduler = {
    schedule: (event, dueMs) => {
      waiting.push({ event, dueMs });
      seenRecheck = event;
      return Promise.resolve('now');
    },
  };
  const handle = createApp({ ...createPorts(platform, settings), scheduler }, settings);

  /** Delivers one message, and once more when its time has come. */
  const deliver = async (event: unknown) => {
    try {
      await handle(event).catch((error: unknown) => {
        if (!(error instanceof Failure) || error.code !== 'NotDue') throw error;
        clock.advance(MONTH_MS);
        return handle(event);
      });
    } catch (error) {
      report(`thrown ${String(error)}`);
    }
  };

  for (let count = 0; count < messages; count += 1) {
    const event = oddEvent(random, seenRecheck);
    current = describe(event);
    results = [];
    waiting = [];
    answers = [];
    const passedOnBefore = passedOn;
    let deliveries = 1;
    await deliver(event);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      deliveries += 1;
      if (deliveries > MAX_DELIVERIES) {
        report('retried without an end');
        break;
      }
      clock.advance(Math.max(0, next.dueMs - clock.now()));
      await deliver(asPushed(next.event));
    }
    if (results.length === 0 && passedOn === passedOnBefore) report('not answered');
    if (new Set(results.map(({ id }) => id)).size > 1) report(`${results.length} results`);
    for (const { attributes = {} } of results) {
      const { outcome = 'sweep reports' } = attributes;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      // A re-check carries answers of calls that were made before it.
      const carriesAnswer = current.includes('"refusal"');
      if (!carriesAnswer && !isProven(outcome, answers)) report(`${outcome} that no answer showed`);
    }
  }
  http.close();
  server.closeAllConnections();
  server.close();
  return { messages, calls, outcomes, violations };
}

type Answer = OddAnswer & { readonly method: string };

/** Whether some answer of the services can have led to an outcome. */
function isProven(outcome: string, answers: readonly Answer[]): boolean {
  switch (outcome) {
    case 'CANCELLED':
      return answers.some(
        ({ method, status, body }) =>
          method === 'GET' &&
          status < 300 &&
          /done|state|conditions/i.test(body) &&
          /CANCELL?ED|stopped|"code"\s*:\s*1\b/.test(body),
      );
    case 'SUCCEEDED':
    case 'FAILED':
      return answers.some(
        ({ method, status, body }) => method === 'GET' && status < 300 && /done|state|conditions/i.test(body),
      );
    case 'NOT_FOUND':
      return answers.some(({ status }) => status === 404);
    case 'DENIED':
      return answers.some(({ status }) => status === 401 || status === 403);
    default:
      return true;
  }
}

function asPushed(event: OutgoingEvent): unknown {
  return {
    specversion: '1.0',
    id: 'm',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: `//pubsub.googleapis.com/projects/my-project/topics/lro-cancel-${event.type === EVENT_TYPE.request ? 'requests' : 'rechecks'}`,
    data: {
      message: {
        messageId: 'm',
        publishTime: '2026-11-20T12:00:00Z',
        attributes: attributesOf(event),
        data: Buffer.from(JSON.stringify(event.data)).toString('base64'),
      },
    },
  };
}

function describe(event: unknown): string {
  try {
    const { data } = (event ?? {}) as { data?: { message?: { data?: unknown } } };
    const encoded = data?.message?.data;
    const text = typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString() : '';
    return `${text} in ${JSON.stringify(event)}`;
  } catch {
    return 'something that cannot be written';
  }
}
