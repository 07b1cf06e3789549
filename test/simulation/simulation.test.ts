import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { APPROVED_SWEEP } from './world/approvals.ts';
import { MESSAGE_KEY } from './world/instance.ts';
import { runSeed } from './world/run.ts';
import type { RunReport, Sabotage } from './world/run.ts';
import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { recheckId } from '../../src/messages/event-ids.ts';
import { prove } from '../../src/messages/proof.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';

/** The first of many runs in which something did not hold. */
async function firstViolation(sabotage?: Sabotage, seeds = 500, from = 1): Promise<RunReport | undefined> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const report = await runSeed(seed, sabotage);
    if (report.violations.length > 0) return report;
  }
  return undefined;
}

describe('the simulation', () => {
  it('600 simulated runs with every kind of fault break no rule, reach every outcome, and kill the function', async () => {
    const outcomes = new Set<string>();
    let deaths = 0;
    for (let seed = 1; seed <= 600; seed += 1) {
      const report = await runSeed(seed);
      assert.deepEqual(report.violations, [], `seed ${seed}`);
      for (const outcome of Object.keys(report.outcomes)) outcomes.add(outcome);
      deaths += report.deaths;
    }
    assert.deepEqual([...outcomes].sort(), [
      ...['CANCELLED', 'DENIED', 'DRY_RUN', 'ERROR', 'FAILED', 'NOT_FOUND', 'REJECTED'],
      ...['SUCCEEDED', 'UNCONFIRMED', 'UNSUPPORTED', 'sweep reports'],
    ]);
    assert.ok(deaths > 100);
  });

  it('a simulated run is the same for the same seed, and another for another seed', async () => {
    const [first, again, other] = [await runSeed(7), await runSeed(7), await runSeed(8)];
    assert.equal(first.trace, again.trace);
    assert.notEqual(first.trace, other.trace);
  });

  for (const [title, handle, violation] of [
    [
      'acknowledges before its work is done',
      (deliver) => (event) => {
        deliver(event).catch(() => undefined);
        return Promise.resolve();
      },
      /is lost/,
    ],
    ['does nothing', () => () => Promise.resolve(), /is lost/],
    ['refuses everything', () => () => Promise.reject(new Error('no')), /goes on for ever/],
    [
      'forgets what it is about',
      (deliver) => (event) => {
        const text = JSON.stringify(event).replace(/rechecks/, 'requests');
        return deliver(JSON.parse(text));
      },
      /r\d/,
    ],
  ] as const satisfies [string, Sabotage['handle'], RegExp][]) {
    it(`the simulation notices a function that ${title}`, async () => {
      const report = await firstViolation({ handle });
      assert.match(report?.violations.join('\n') ?? '', violation);
    });
  }

  for (const [title, nameOfTask, violation] of [
    [
      'takes a request that is sent again for a repeated delivery',
      ({ requestId, operation, attempt, step }) =>
        recheckId(
          requestId,
          `//${operation.service}.googleapis.com/${operation.name}`,
          attempt,
          step === 'preview',
          undefined,
        ),
      /is not answered/,
    ],
    [
      'takes a repeated delivery for a request that is sent again',
      (
        (count) => (_recheck, name) =>
          `${name}-${(count += 1)}`
      )(0),
      /was scheduled by \d+ names/,
    ],
  ] as const satisfies [string, Sabotage['nameOfTask'], RegExp][]) {
    it(`the simulation notices a function that ${title}`, async () => {
      const report = await firstViolation({ nameOfTask });
      assert.match(report?.violations.join('\n') ?? '', violation);
    });
  }

  for (const [title, handle, violation, from] of [
    [
      'requests what an approval lists under ids made of the message',
      withData(EVENT_TYPE.request, ({ requestId, ...data }, messageId) =>
        isApproved(data)
          ? { ...data, requestId: `${String(requestId)}-${messageId}` }
          : { ...data, requestId },
      ),
      /was approved, and has \d+ result ids/,
      1,
    ],
    [
      'loses its place in the list of an approval',
      withData(EVENT_TYPE.approval, ({ offset, ...data }) => ({
        ...data,
        offset: Number(offset) === 0 ? 0 : Number(offset) + 1,
      })),
      /of \d+ in the list \d+ were requested/,
      // Few runs have a list that is long enough.
      200,
    ],
    [
      'takes two approvals for one',
      (deliver) => (event) => deliver(asOneApproval(event as Pushed)),
      /the approval m\d+ is not answered/,
      1,
    ],
  ] as const satisfies [string, Sabotage['handle'], RegExp, number][]) {
    it(`the simulation notices a function that ${title}`, async () => {
      const report = await firstViolation({ handle }, 500, from);
      assert.match(report?.violations.join('\n') ?? '', violation);
    });
  }

  for (const [title, read, violation] of [
    [
      'takes an answer to the POST that says nothing for a verdict',
      (answer, { method }) =>
        method === 'POST' && isOneOf(answer, [400, 408, 409, 425, 499, 500, 504])
          ? answeredWith(501)
          : answer,
      /has the outcome UNSUPPORTED/,
    ],
    [
      'takes an answer to the GET that says nothing for a verdict',
      (answer, { method }) => (method === 'GET' && isOneOf(answer, [400, 409]) ? answeredWith(404) : answer),
      /NOT_FOUND of .* which is there/,
    ],
    [
      'takes a rate limit for a denial',
      (answer) => (/RATE_LIMIT_EXCEEDED/.test(JSON.stringify(answer)) ? answeredWith(403) : answer),
      /was denied by nobody/,
    ],
    [
      'gives up at a refusal that passes',
      (answer, { method, url }) =>
        method === 'POST' && isOneOf(answer, [400]) && !url.includes('texttospeech')
          ? answeredWith(404)
          : answer,
      /was said before its deadline/,
    ],
    [
      'does not read the word by which a service says that it cancelled',
      (answer) => withText(answer, /"CANCELLED"/, '"SUCCEEDED"'),
      /SUCCEEDED of .*, which is cancelled/,
    ],
    [
      'does not read the fields and words by which a service says that it is cancelling',
      (answer) => withText(answer, /"cancel(?:lation)?Requested"|"CANCELLING"|"ABORTING"/, '"RUNNING"'),
      /says that no cancel is under way, which no GET showed/,
    ],
    [
      'takes a query that was stopped for one that is done',
      (answer) => withText(answer, /,"errorResult":\{"reason":"stopped","message":"stopped"\}/, ''),
      /SUCCEEDED of .*bigquery.*, which is cancelled/,
    ],
    [
      'takes an execution of which a task failed for one that was cancelled',
      (answer) => withText(answer, /"NON_ZERO_EXIT_CODE"/, '"CANCELLED"'),
      /CANCELLED of .*executions.*, which is failed/,
    ],
    [
      'takes a job that is being cancelled for one that is cancelled',
      (answer) => withText(answer, /"((?:JOB_STATE_)?)CANCELLING"/, '"$1CANCELLED"'),
      /CANCELLED of .*(?:customJobs|jobs|batches).*, which is/,
    ],
    [
      'takes a state that is not known for the end of a job',
      (answer) => withText(answer, /"JOB_STATE_NEW"/, '"JOB_STATE_SUCCEEDED"'),
      /SUCCEEDED of .*customJobs.*, which is/,
    ],
    [
      'takes a batch that still runs for one that is cancelled',
      (answer, { url }) =>
        url.includes('/batches/') ? withText(answer, /"RUNNING"/, '"CANCELLED"') : answer,
      /CANCELLED of .*batches.*, which is/,
    ],
  ] as const satisfies [string, Sabotage['read'], RegExp][]) {
    it(`the simulation notices a function that ${title}`, async () => {
      const report = await firstViolation({ read }, 1_000);
      assert.match(report?.violations.join('\n') ?? '', violation);
    });
  }
});

interface Pushed {
  readonly data: {
    readonly message: {
      readonly messageId: string;
      readonly data?: string;
      readonly attributes: Readonly<Record<string, string>>;
    };
  };
}

/** Changes the data of all messages of a type, with the proof of the function. */
function withData(
  type: OutgoingEvent['type'],
  change: (data: Readonly<Record<string, unknown>>, messageId: string) => object,
): NonNullable<Sabotage['handle']> {
  return (deliver) => (event) => {
    const { data: pushed } = event as Pushed;
    const { messageId, data: base64 = '', attributes } = pushed.message;
    const { 'ce-type': own, 'ce-id': id = '', 'ce-subject': subject = '', 'ce-time': time = '' } = attributes;
    if (own !== type) return deliver(event);
    const data = change(
      JSON.parse(Buffer.from(base64, 'base64').toString()) as Readonly<Record<string, unknown>>,
      messageId,
    );
    const proven = prove({ id, type, subject, time, data }, [MESSAGE_KEY]);
    const message = {
      messageId,
      data: Buffer.from(JSON.stringify(data)).toString('base64'),
      attributes: { ...attributes, ...proven.attributes },
    };
    return deliver({ ...(event as Pushed), data: { ...pushed, message } });
  };
}

const isApproved = ({ labels, dryRun }: Readonly<Record<string, unknown>>) =>
  dryRun !== true && JSON.stringify(labels ?? {}).includes(APPROVED_SWEEP);

/** Gives all approvals the same id of their event. */
function asOneApproval(event: Pushed): Pushed {
  const { message } = event.data;
  if (
    !Buffer.from(message.data ?? '', 'base64')
      .toString()
      .startsWith('{"approve"')
  )
    return event;
  const attributes = {
    'ce-specversion': '1.0',
    'ce-id': 'one',
    'ce-source': '/s',
    'ce-type': EVENT_TYPE.trigger,
  };
  return { ...event, data: { message: { ...message, attributes } } };
}

const answeredWith = (httpStatus: number): ServiceResponse => ({ kind: 'answered', httpStatus });

const isOneOf = (answer: ServiceResponse, statuses: readonly number[]) =>
  answer.kind === 'answered' && statuses.includes(answer.httpStatus);

/** The same answer with another text in its JSON. */
const withText = (answer: ServiceResponse, pattern: RegExp, replacement: string): ServiceResponse =>
  answer.kind === 'answered' && answer.json !== undefined
    ? { ...answer, json: JSON.parse(JSON.stringify(answer.json).replace(pattern, replacement)) as unknown }
    : answer;
