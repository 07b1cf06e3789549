import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { QUEUE, startTasks, task, type TasksCaller } from './tasks-caller.ts';

const DAY_MS = 24 * 3_600_000;
const inDays = (days: number) => ({ scheduleTime: new Date(Date.now() + days * DAY_MS).toISOString() });

/** Gets a task: the status, and the message of an error. */
async function look(caller: TasksCaller, id: string): Promise<readonly [number, string?]> {
  const { status, json } = await caller.call(`/tasks/${id}`);
  const { error } = json as { readonly error?: { readonly message: string } };
  return error ? [status, error.message] : [status];
}

describe('a list of tasks', () => {
  it('all tasks that wait are listed page by page, each once, with their messages in the full view', async () => {
    await using caller = await startTasks();
    for (const id of ['c', 'a', 'b']) await caller.create(task(id, inDays(1)));
    const names: string[] = [];
    let token = '';
    do {
      const { status, json } = await caller.call(
        `/tasks?responseView=FULL&pageSize=2${token === '' ? '' : `&pageToken=${token}`}`,
      );
      assert.equal(status, 200);
      const { tasks = [], nextPageToken = '' } = json as {
        tasks?: { name: string; httpRequest?: { body: string } }[];
        nextPageToken?: string;
      };
      assert.ok(tasks.length <= 2);
      for (const { name, httpRequest } of tasks)
        names.push(name, Buffer.from(httpRequest?.body ?? '', 'base64').toString());
      token = nextPageToken;
    } while (token !== '');
    assert.deepEqual(
      names,
      ['a', 'b', 'c'].flatMap((id) => [`${QUEUE}/tasks/${id}`, id]),
    );
  });

  it('the basic view lists tasks without their messages, and the full one is denied without the permission', async () => {
    await using caller = await startTasks({ fullViewDenied: true });
    await caller.create(task('a', inDays(1)));
    const { json } = await caller.call('/tasks');
    const { tasks } = json as { tasks: { httpRequest?: object }[] };
    assert.deepEqual([tasks.length, tasks[0]?.httpRequest], [1, undefined]);
    assert.equal((await caller.call('/tasks?responseView=FULL')).status, 403);
  });

  it('a queue runs, and a page that does not exist is refused', async () => {
    await using caller = await startTasks();
    const { json } = await caller.call('');
    assert.deepEqual(
      [(json as { state: string }).state, (json as { name: string }).name],
      ['RUNNING', QUEUE],
    );
    for (const query of ['pageToken=x', 'pageSize=-1', 'pageSize=x', 'filter=x'])
      assert.equal((await caller.call(`/tasks?${query}`)).status, 400, query);
  });
});

describe('a look at a task', () => {
  it('a GET shows a waiting task, with its creation truncated to the second', async () => {
    await using caller = await startTasks();
    const { scheduleTime } = inDays(29);
    const before = Date.now();
    const created = await caller.call('/tasks', {
      method: 'POST',
      body: JSON.stringify({ task: task('a', { scheduleTime }) }),
    });
    const { status, json } = await caller.call('/tasks/a');
    const { createTime, ...shown } = json as { createTime: string };
    assert.equal(status, 200);
    assert.deepEqual(shown, { name: `${QUEUE}/tasks/a`, scheduleTime, view: 'BASIC' });
    assert.match(createTime, /:\d\d\.000Z$/);
    assert.ok(Date.parse(createTime) <= before + 10_000 && Date.parse(createTime) > before - 1_000);
    assert.deepEqual(created.json, json);
  });

  it('a GET of the full view shows the HTTP request, and one of the basic view does not', async () => {
    await using caller = await startTasks();
    const created = task('a', inDays(2));
    await caller.create(created);
    const show = async (query: string) =>
      (await caller.call(`/tasks/a${query}`)).json as { view: string; httpRequest?: object };
    const { view, httpRequest } = await show('?responseView=FULL');
    assert.equal(view, 'FULL');
    assert.deepEqual(httpRequest, {
      ...created.httpRequest,
      headers: { 'User-Agent': 'Google-Cloud-Tasks' },
    });
    for (const query of ['', '?responseView=BASIC', '?responseView=VIEW_UNSPECIFIED']) {
      const basic = await show(query);
      assert.deepEqual([basic.view, basic.httpRequest], ['BASIC', undefined]);
    }
  });

  it('a GET of a view that does not exist is refused', async () => {
    await using caller = await startTasks();
    await caller.create(task('a', inDays(1)));
    assert.equal((await caller.call('/tasks/a?responseView=full')).status, 400);
  });

  it('a GET of the full view is denied to a caller without the permission for it', async () => {
    await using caller = await startTasks({ fullViewDenied: true });
    await caller.create(task('a', inDays(1)));
    assert.deepEqual(
      [(await look(caller, 'a'))[0], (await look(caller, 'a?responseView=FULL'))[0]],
      [200, 403],
    );
  });

  it('a GET shows a task that is being sent, and counts its dispatches', async () => {
    await using caller = await startTasks();
    caller.answers.push('hang');
    await caller.create(task('a'));
    await caller.arrivals(1);
    const { status, json } = await caller.call('/tasks/a?responseView=BASIC');
    assert.deepEqual([status, (json as { dispatchCount: number }).dispatchCount], [200, 1]);
  });

  it('a GET between two attempts shows the time of the next one', async () => {
    await using caller = await startTasks();
    caller.answers.push(...Array.from({ length: 50 }, () => 'refuse' as const));
    const first = task('a');
    await caller.create(first);
    await caller.arrivals(1);
    const shownTime = async () =>
      ((await caller.call('/tasks/a')).json as { scheduleTime?: string }).scheduleTime;
    const deadline = Date.now() + 5_000;
    while ((await shownTime()) === first.scheduleTime && Date.now() < deadline) await sleep(5);
    assert.ok(Date.parse((await shownTime()) ?? '') > Date.parse(first.scheduleTime));
  });

  it('a GET finds no task that was accepted or never created', async () => {
    await using caller = await startTasks();
    await caller.create(task('a'));
    await caller.arrivals(1);
    const deadline = Date.now() + 5_000;
    while ((await look(caller, 'a'))[0] === 200 && Date.now() < deadline) await sleep(5);
    const [status, message] = await look(caller, 'a');
    assert.equal(status, 404);
    assert.match(
      message ?? '',
      /^The task no longer exists, though a task with this name existed recently\./,
    );
    assert.deepEqual(await look(caller, 'b'), [404, 'Requested entity was not found.']);
  });

  it('a scripted fault answers one GET of a task', async () => {
    await using caller = await startTasks({
      getFaults: [{ kind: 'UNAVAILABLE' }, { kind: 'PERMISSION_DENIED' }],
    });
    await caller.create(task('a', inDays(1)));
    const looks = [await look(caller, 'a'), await look(caller, 'a'), await look(caller, 'a')];
    assert.deepEqual(
      looks.map(([status]) => status),
      [503, 403, 200],
    );
    assert.match(looks[1]?.[1] ?? '', /'cloudtasks\.tasks\.get'/);
  });

  it('a scripted delay slows one GET of a task down', async () => {
    await using caller = await startTasks({ getFaults: [{ kind: 'slow', delayMs: 200 }] });
    const startMs = Date.now();
    await look(caller, 'a');
    assert.ok(Date.now() - startMs >= 199);
  });

  for (const rest of ['/task', '/tasks/a/b', '/tasks/a:run']) {
    it(`a GET of ${rest} is not found`, async () => {
      await using caller = await startTasks();
      await caller.create(task('a', inDays(1)));
      const { status, json } = await caller.call(rest);
      assert.equal(status, 404);
      assert.match(String(json), /was not found on this server/);
    });
  }

  it('a GET of a task takes no query parameter', async () => {
    await using caller = await startTasks();
    await caller.create(task('a', inDays(1)));
    assert.equal((await caller.call('/tasks/a?view=FULL')).status, 400);
  });
});

describe('tasks far ahead', () => {
  it('waiting tasks are listed with their times and bodies, the soonest first', async () => {
    await using caller = await startTasks();
    const [later, sooner] = [inDays(29), inDays(2)];
    await caller.create(task('later', later));
    await caller.create(task('sooner', sooner));
    assert.deepEqual(
      caller.tasks
        .waiting()
        .map(({ name, nextMs, body }) => [name, new Date(nextMs).toISOString(), body.toString()]),
      [
        [`${QUEUE}/tasks/sooner`, sooner.scheduleTime, 'sooner'],
        [`${QUEUE}/tasks/later`, later.scheduleTime, 'later'],
      ],
    );
    assert.deepEqual([...caller.tasks.dispatches().values()], [0, 0]);
  });

  it('tasks leave the list once they were accepted', async () => {
    await using caller = await startTasks();
    await caller.create(task('a'));
    await caller.arrivals(1);
    const deadline = Date.now() + 5_000;
    while (caller.tasks.waiting().length > 0 && Date.now() < deadline) await sleep(5);
    assert.deepEqual(caller.tasks.waiting(), []);
    assert.deepEqual([...caller.tasks.dispatches()], [[`${QUEUE}/tasks/a`, 1]]);
  });

  it('a task far ahead does not keep the process alive', async () => {
    const module = new URL('../../../../local/emulators/cloud-tasks/cloud-tasks.ts', import.meta.url).href;
    const request = {
      method: 'POST',
      host: 'cloudtasks.googleapis.com',
      path: `/v2/${QUEUE}/tasks`,
      headers: {},
    };
    const script = `
      import { createSimulatedCloudTasks } from ${JSON.stringify(module)};
      const tasks = createSimulatedCloudTasks({ pubsubUrl: 'http://127.0.0.1:1' });
      const body = Buffer.from(${JSON.stringify(JSON.stringify({ task: task('a', inDays(29)) }))});
      await tasks.handle({ ...${JSON.stringify(request)}, query: new URLSearchParams(), body });
      console.log(tasks.waiting().length);`;
    const options = { timeout: 15_000 };
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      options,
    );
    assert.equal(stdout, '1\n');
    // A timer that is set for too long goes off at once, with a warning.
    assert.doesNotMatch(stderr, /TimeoutOverflowWarning/);
  });
});

describe('closing', () => {
  const cases: readonly (readonly [string, object, readonly ('refuse' | 'hang')[], number])[] = [
    ['a task of next month is waiting', inDays(29), [], 0],
    ['a task is being sent and not answered', {}, ['hang'], 1],
    ['a refused task waits for its next attempt', {}, ['refuse', 'refuse', 'refuse'], 1],
  ];
  for (const [what, changes, answers, sent] of cases) {
    it(`Cloud Tasks closes at once while ${what}`, async () => {
      await using caller = await startTasks();
      caller.answers.push(...answers);
      await caller.create(task('a', changes));
      await caller.arrivals(sent);
      const startMs = performance.now();
      await caller.tasks.close();
      assert.ok(performance.now() - startMs < 5_000, 'the target has 10 s for its answer');
      await sleep(300);
      assert.equal((await caller.arrivals(sent)).length, sent);
    });
  }
});
