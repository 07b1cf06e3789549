import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTasks, task } from './tasks-caller.ts';

describe('the simulated Cloud Tasks', () => {
  it('Cloud Tasks sends a task to its target, not before its time', async () => {
    await using caller = await startTasks();
    const dueMs = Date.now() + 200;
    assert.equal(await caller.create(task('a', { scheduleTime: new Date(dueMs).toISOString() })), 200);
    const [first] = await caller.arrivals(1);
    assert.equal(first?.url, '/v1/projects/p/topics/t:publish');
    assert.ok(first.atMs >= dueMs - 1);
  });

  it('Cloud Tasks refuses the name of a task that waits or was sent', async () => {
    await using caller = await startTasks();
    assert.deepEqual([await caller.create(task('a')), await caller.create(task('a'))], [200, 409]);
    await caller.arrivals(1);
    assert.equal(await caller.create(task('a')), 409);
  });

  it('Cloud Tasks accepts a name again after its tombstone', async () => {
    await using caller = await startTasks({ tombstoneMs: 0 });
    await caller.create(task('a'));
    await caller.arrivals(1);
    const deadline = Date.now() + 5_000;
    while ((await caller.create(task('a'))) === 409 && Date.now() < deadline) await sleep(5);
    assert.equal((await caller.arrivals(2)).length, 2);
  });

  it('Cloud Tasks sends a task again that its target refused', async () => {
    await using caller = await startTasks();
    caller.answers.push('refuse', 'refuse');
    await caller.create(task('a'));
    assert.equal((await caller.arrivals(3)).length, 3);
  });

  it('Cloud Tasks sends a task twice and late if it is scripted', async () => {
    await using caller = await startTasks({ duplicateEvery: 1, lateMs: 200 });
    const startMs = Date.now();
    await caller.create(task('a'));
    const both = await caller.arrivals(2);
    assert.equal(both.length, 2);
    assert.ok((both[0]?.atMs ?? 0) >= startMs + 240);
  });

  it('Cloud Tasks keeps to the dispatch rate of the queue, retries included', async () => {
    await using caller = await startTasks({ dispatchesPerSecond: 10 });
    caller.answers.push('refuse');
    // From before the first: that may arrive late, and the others in time.
    const startMs = Date.now();
    for (const id of ['a', 'b', 'c']) await caller.create(task(id));
    const spentMs = ((await caller.arrivals(4))[3]?.atMs ?? 0) - startMs;
    assert.ok(spentMs >= 290, `4 in ${spentMs} ms`);
  });

  it('a scripted fault answers a create that took effect, or one that did not', async () => {
    const createFaults = [{ kind: 'UNAVAILABLE' }, { kind: 'INTERNAL', applied: true }] as const;
    await using caller = await startTasks({ createFaults });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push(await caller.create(task('a')));
    assert.deepEqual(statuses, [503, 500, 409]);
  });

  it('Cloud Tasks takes no query parameter when a task is created', async () => {
    await using caller = await startTasks();
    const body = JSON.stringify({ task: task('a') });
    assert.equal((await caller.call('/tasks?taskId=a', { method: 'POST', body })).status, 400);
    assert.deepEqual(caller.tasks.waiting(), []);
  });

  it('a scripted PERMISSION_DENIED names the permission of Cloud Tasks', async () => {
    await using caller = await startTasks({ createFaults: [{ kind: 'PERMISSION_DENIED' }] });
    const { json } = await caller.call('/tasks', { method: 'POST', body: '{}' });
    assert.match((json as { error: { message: string } }).error.message, /'cloudtasks\.tasks\.create'/);
  });

  for (const [title, changes] of [
    ['another queue in its name', { name: 'projects/p/locations/l/queues/other/tasks/x' }],
    ['no name', { name: undefined }],
    ['a time more than 30 days ahead', { scheduleTime: new Date(Date.now() + 2_600_000_000).toISOString() }],
    ['a time that cannot be read', { scheduleTime: 'soon' }],
    ['no target', { httpRequest: {} }],
    [
      'a token for a host that is not Google',
      { httpRequest: { ...task('x').httpRequest, url: 'https://evil.example/' } },
    ],
    ['no token', { httpRequest: { ...task('x').httpRequest, oauthToken: undefined } }],
    ['a body of 1 MiB', { httpRequest: { ...task('x').httpRequest, body: 'A'.repeat(1_048_576) } }],
  ] as const) {
    it(`Cloud Tasks refuses a task with ${title}`, async () => {
      await using caller = await startTasks();
      assert.equal(await caller.create(task('a', changes)), 400);
    });
  }
});
