import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createQueueReader } from '../../../cli/console/queue-reader.ts';
import type { Answer } from '../../../cli/doctor/google-api.ts';

const QUEUE = 'projects/p/locations/l/queues/q';
const NOW_MS = Date.parse('2026-11-20T12:00:00Z');

/** A task as Cloud Tasks lists it, with the message of an event. */
const task = (id: string, dueInMs: number, type: string, data: object, attributes: object = {}) => {
  const message = {
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    attributes: { 'ce-type': type, 'ce-id': id, ...attributes },
  };
  return {
    name: `${QUEUE}/tasks/${id}`,
    scheduleTime: new Date(NOW_MS + dueInMs).toISOString(),
    httpRequest: { body: Buffer.from(JSON.stringify({ messages: [message] })).toString('base64') },
  };
};

const RECHECK = {
  requestId: 'r-1',
  messageId: 'm-1',
  operation: { service: 'notebooks', version: 'v2', name: 'projects/p/locations/l/operations/o' },
  requestedAt: '2026-11-20T11:59:00Z',
  deadline: '2026-11-20T12:14:00Z',
  notBefore: '2026-11-20T12:00:05Z',
  step: 'confirm',
  attempt: 1,
  cancel: { attempts: 2, acceptedAt: '2026-11-20T11:59:02Z' },
  confirm: { checks: 1, lastCheckedAt: '2026-11-20T11:59:10Z', sawRunning: true },
};
const recheck = (id: string, dueInMs: number) =>
  task(id, dueInMs, 'lro-cancel.recheck.v1', RECHECK, {
    'ce-traceparent': '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });

const found = (body: Record<string, unknown>): Answer => ({ kind: 'found', body });
const denied: Answer = { kind: 'unreadable', reason: 'denied', why: 'HTTP 403 no.' };

/** A queue whose calls are answered by a function of their path, and recorded. */
function readerOf(answer: (path: string) => Answer) {
  const paths: string[] = [];
  let nowMs = NOW_MS;
  const read = createQueueReader({
    queue: QUEUE,
    now: () => nowMs,
    api: {
      get: (host, path) => {
        assert.equal(host, 'cloudtasks.googleapis.com');
        paths.push(path);
        return Promise.resolve(answer(path));
      },
      post: () => assert.fail('The console changes nothing.'),
    },
  });
  return { read, paths, advance: (ms: number) => (nowMs += ms) };
}

const listOnly = (list: (path: string) => Answer) =>
  readerOf((path) => (path.includes('/tasks?') ? list(path) : found({ state: 'RUNNING' })));

describe('the queue of the console', () => {
  it('a re-check names its request and how far it is, and other tasks their purpose; the soonest is first', async () => {
    const { read } = listOnly(() =>
      found({
        tasks: [
          task('c', 9_000, 'lro-cancel.idempotency-record.v1', { key: 'k' }),
          recheck('a', 5_000),
          task('b', 7_000, 'somebody.else', { x: 1 }),
        ],
      }),
    );
    const { tasks = [], source, isWhole } = await read();
    assert.deepEqual(
      tasks.map(({ id, purpose }) => [id, purpose]),
      [
        ['a', 'recheck'],
        ['b', 'unknown'],
        ['c', 'idempotency-record'],
      ],
    );
    assert.deepEqual(tasks[0]?.request, {
      requestId: 'r-1',
      messageId: 'm-1',
      operation: '//notebooks.googleapis.com/projects/p/locations/l/operations/o',
      requestedAtMs: Date.parse(RECHECK.requestedAt),
      step: 'confirm',
      posts: 2,
      gets: 1,
      acceptedAtMs: Date.parse('2026-11-20T11:59:02Z'),
      lastCheckedAtMs: Date.parse('2026-11-20T11:59:10Z'),
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    assert.deepEqual([source.state, isWhole, source.queue?.count], ['read', true, 3]);
  });

  it('a task that Cloud Tasks could not deliver has the number of attempts and the last answer', async () => {
    const lastAttempt = {
      responseStatus: { code: 7, message: 'PERMISSION_DENIED(7): HTTP status code 403' },
    };
    const failed = { ...recheck('a', 5_000), dispatchCount: 4, lastAttempt };
    const { tasks = [] } = await listOnly(() => found({ tasks: [failed] })).read();
    assert.deepEqual(
      [tasks[0]?.attempts, tasks[0]?.lastAnswer],
      [4, 'PERMISSION_DENIED(7): HTTP status code 403'],
    );
  });

  it('a task that is not understood is shown with its time, whatever it contains', async () => {
    const odd: readonly unknown[] = [
      { name: `${QUEUE}/tasks/none`, scheduleTime: 'soon' },
      { name: `${QUEUE}/tasks/text`, httpRequest: { body: 'no base64 of JSON' } },
      {
        name: `${QUEUE}/tasks/list`,
        httpRequest: { body: Buffer.from('{"messages":[[]]}').toString('base64') },
      },
      task('half', 0, 'lro-cancel.recheck.v1', { requestId: 'r', operation: 7 }),
      task('run', 0, 'lro-cancel.sweep-run.v1', { runId: 'r' }),
      { name: 7, scheduleTime: 7, dispatchCount: '7', httpRequest: 7 },
      null,
      'text',
    ];
    const { tasks = [] } = await listOnly(() => found({ tasks: odd })).read();
    assert.equal(tasks.length, 6);
    for (const { purpose, dueMs } of tasks) assert.deepEqual([purpose, dueMs], ['unknown', NOW_MS]);
  });

  it('at most a thousand tasks are read, page by page, and the page says that there are more', async () => {
    const { read, paths } = listOnly((path) => {
      const [, page = '0'] = /pageToken=(\d+)/.exec(path) ?? [];
      const tasks = Array.from({ length: 250 }, (_, index) => recheck(`${page}-${index}`, index));
      return found({ tasks, nextPageToken: String(Number(page) + 1) });
    });
    const { tasks, isWhole, source, calls } = await read();
    assert.deepEqual([tasks?.length, isWhole, source.queue?.hasMore, calls], [1_000, false, true, 5]);
    assert.equal(paths.length, 5);
    for (const path of paths.slice(1)) assert.match(path, /tasks\?responseView=FULL&pageSize=250/);
  });

  it('without the permission for messages, the tasks are counted, and their messages are not asked for again at once', async () => {
    const { read, paths, advance } = listOnly((path) =>
      path.includes('FULL')
        ? denied
        : found({ tasks: [{ name: `${QUEUE}/tasks/a`, scheduleTime: '2026-11-20T12:00:09Z' }] }),
    );
    const { tasks, source } = await read();
    assert.deepEqual(tasks, [{ id: 'a', dueMs: NOW_MS + 9_000, attempts: 0, purpose: 'unknown' }]);
    assert.equal(source.state, 'degraded');
    assert.match(source.text, /cloudtasks\.tasks\.fullView/);
    const views = () => paths.splice(0).flatMap((path) => /FULL|BASIC/.exec(path)?.[0] ?? []);
    assert.deepEqual(views(), ['FULL', 'BASIC']);
    await read();
    assert.deepEqual(views(), ['BASIC']);
    advance(300_001);
    await read();
    assert.deepEqual(views(), ['FULL', 'BASIC']);
  });

  for (const [title, answer, text] of [
    ['may not be read', denied, /HTTP 403 no\. It needs roles\/cloudtasks\.viewer/],
    [
      'belongs to an API that is not switched on',
      { kind: 'unreadable', reason: 'disabled', why: 'HTTP 403 off.' },
      /gcloud services enable cloudtasks\.googleapis\.com --project=p\): HTTP 403 off\.$/,
    ],
    ['does not exist', { kind: 'missing' }, /^There is no projects\/p\/locations\/l\/queues\/q,/],
    [
      'does not answer',
      { kind: 'unreadable', reason: 'other', why: 'fetch failed' },
      /^The queue cannot be read: fetch failed$/,
    ],
  ] as const) {
    it(`a queue that ${title} is reported with what to do`, async () => {
      for (const { read } of [readerOf(() => answer), listOnly(() => answer)]) {
        const { source, tasks } = await read();
        assert.deepEqual([source.state, tasks], ['unreadable', undefined]);
        assert.match(source.text, text);
      }
    });
  }

  it('a queue that is paused is reported with the line that resumes it, and its tasks are shown', async () => {
    const { read } = readerOf((path) =>
      found(path.includes('/tasks?') ? { tasks: [recheck('a', 1)] } : { state: 'PAUSED' }),
    );
    const { source, tasks } = await read();
    assert.deepEqual([source.state, source.queue?.state, tasks?.length], ['degraded', 'PAUSED', 1]);
    assert.match(source.text, /gcloud tasks queues resume q --location=l --project=p/);
  });
});
