import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Answer } from '../../local/emulators/google-apis/answer.ts';
import type { HostHandler } from '../../local/emulators/google-apis/google-services.ts';
import type { Calls, Case, Script } from './service-answers/answers.ts';
import { noVerdicts, verdicts } from './service-answers/no-verdicts.ts';
import { passingRefusals, rateLimits } from './service-answers/refusals.ts';
import { states } from './service-answers/states.ts';
import { words } from './service-answers/words.ts';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/**
 * The built bundle against services that answer as real ones were seen to: table by table, which answers are verdicts, which
 * are asked again, which states are ends, and in which words the result tells them. The function's clock runs 20 times as
 * fast as that of this machine, so that a deadline of 15 minutes passes in 45 s.
 */
const SPEED = 20;
const EPOCH_MS = Date.now();
/** Cases of a table at a time: a second that this machine is late counts as twenty. */
const MAX_CONCURRENT = 40;
const TABLES = {
  'an answer that is no verdict': noVerdicts,
  'an answer that is a verdict': verdicts,
  'a refusal that passes': passingRefusals,
  'a rate limit that comes as 403': rateLimits,
  'a state': states,
  'a result': words,
} satisfies Record<string, readonly Case[]>;

/** A case, in a project of its own: the rate limiter keeps projects apart. */
interface ScriptedCase extends Case {
  readonly requestId: string;
  readonly operation: string;
  readonly calls: Record<keyof Calls, number>;
  /** Times of the POSTs by the function's clock, in seconds. */
  readonly postedAt: number[];
}

const inNotebooks = (project: string) =>
  `https://notebooks.googleapis.com/v2/projects/${project}/locations/us-central1/operations/o`;

const scripted = new Map<string, ScriptedCase>();
const tables = Object.entries(TABLES).map(([subject, cases], table) => ({
  subject,
  cases: cases.map((row: Case, index): ScriptedCase => {
    const requestId = `case-${table}-${index}`;
    const operation = (row.url ?? inNotebooks)(requestId);
    const one = { ...row, requestId, operation, calls: { posts: 0, gets: 0, accepted: 0 }, postedAt: [] };
    scripted.set(operation, one);
    return one;
  }),
}));

const answerCase: HostHandler = ({ method, host, path }) => {
  const isPost = method === 'POST' && path.endsWith(':cancel');
  const one = scripted.get(`https://${host}${isPost ? path.slice(0, -':cancel'.length) : path}`);
  assert.ok(one, `${method} ${host}${path} is of no case`);
  const { post, get, calls, postedAt } = one;
  const answer = isPost ? answerOf(post, calls, calls.posts) : answerOf(get, calls, calls.gets);
  calls[isPost ? 'posts' : 'gets'] += 1;
  if (isPost) postedAt.push(((Date.now() - EPOCH_MS) * SPEED) / 1_000);
  if (isPost && answer.send === 'whole' && answer.status === 200) calls.accepted += 1;
  return { answer };
};

function answerOf(script: Script, calls: Calls, made: number): Answer {
  if (typeof script === 'function') return script(calls);
  return script[Math.min(made, script.length - 1)] ?? script[0];
}

let system: TestSystem;
before(async () => {
  const hosts = new Set([...scripted.keys()].map((url) => new URL(url).host));
  system = await startTestSystem({
    delay: 'cloud-tasks',
    hosts: Object.fromEntries([...hosts].map((host) => [host, answerCase])),
    tasks: { realMsOf: (scheduleMs) => EPOCH_MS + (scheduleMs - EPOCH_MS) / SPEED },
    settings: {
      ALLOWED_PROJECTS: '*',
      ALLOWED_SERVICES: '*,storagetransfer',
      NODE_OPTIONS: '--import=./test/integration/fast-clock.ts',
      FAST_CLOCK: `${EPOCH_MS}:${SPEED}`,
    },
  });
});
after(() => system.close());

describe('the built bundle', { concurrency: true }, () => {
  for (const { subject, cases } of tables) {
    describe(subject, { concurrency: MAX_CONCURRENT }, () => {
      for (const one of cases) it(one.title, () => check(one));
    });
  }
});

async function check(one: ScriptedCase): Promise<void> {
  const { requestId, operation, confirmWithin = '300s', dryRun = false, calls } = one;
  await system.request({ operation, requestId, confirmWithin, dryRun });
  const { data } = await system.resultOf(requestId);
  const seen = `${data.outcome} "${data.detail}" after ${calls.posts} POSTs and ${calls.gets} GETs`;
  assert.ok([one.outcome].flat().includes(data.outcome), `${[one.outcome].flat().join(' or ')}, not ${seen}`);
  for (const pattern of one.says ?? []) assert.match(data.detail, pattern);
  for (const pattern of one.saysNot ?? []) assert.doesNotMatch(data.detail, pattern);
  if (one.error?.httpStatus !== undefined) assert.equal(data.error?.httpStatus, one.error.httpStatus, seen);
  if (one.error?.status !== undefined) assert.equal(data.error?.status, one.error.status, seen);
  assertWithin('POSTs', calls.posts, allowLateAnswer(one.posts ?? (dryRun ? 0 : [1, 8])));
  assertWithin('GETs', calls.gets, one.gets ?? [0, 12]);
  assert.equal(data.cancel.attempts, calls.posts, 'the result counts every POST');
  assert.equal(data.cancel.acceptedAt !== undefined, calls.accepted > 0 && !isUnreadable(one), seen);
  (one.secondsBetweenPosts ?? []).forEach((least, index) => {
    const [earlier = 0, later = Infinity] = one.postedAt.slice(index);
    assert.ok(later - earlier >= least, `POST ${index + 2} came ${later - earlier} s after the one before`);
  });
  assert.equal(system.results.get(requestId)?.length, 1);
}

/**
 * The time that a retry has left is counted by the fast clock: on a busy machine an answer can come too late for it, and the
 * POST is sent once more. A POST that must not be repeated is not.
 */
function allowLateAnswer(range: number | readonly [number, number]): readonly [number, number] {
  const [least, most] = typeof range === 'number' ? [range, range] : range;
  return [least, most > 1 ? most + 1 : most];
}

/** An answer 200 that is no JSON accepts nothing. */
const isUnreadable = ({ post }: ScriptedCase) =>
  typeof post !== 'function' && post.some((answer) => 'body' in answer && !isJson(answer.body));

function isJson(text: string): boolean {
  try {
    return text === '' || JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function assertWithin(what: string, count: number, range: number | readonly [number, number]): void {
  const [least, most] = typeof range === 'number' ? [range, range] : range;
  assert.ok(count >= least && count <= most, `${count} ${what}, not ${least} to ${most}`);
}
