import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGoogleServices } from '../../../local/services/google-services.ts';
import { createSimulatedCloudTasks } from '../../../local/tasks/cloud-tasks.ts';
import type { SimulatedCloudTasksOptions } from '../../../local/tasks/cloud-tasks.ts';

/** Stands for Pub/Sub, and refuses as often as it is told to. */
const arrived: { url: string; body: string; atMs: number }[] = [];
let refusals = 0;
const target = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    arrived.push({ url: request.url ?? '', body, atMs: Date.now() });
    refusals -= 1;
    response.writeHead(refusals >= 0 ? 503 : 200).end('{}');
  });
});
before(async () => {
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
});
after(() => {
  target.closeAllConnections();
  target.close();
});

const QUEUE = 'projects/p/locations/l/queues/q';
const task = (id: string, changes: object = {}) => ({
  name: `${QUEUE}/tasks/${id}`,
  scheduleTime: new Date(Date.now() + 50).toISOString(),
  httpRequest: {
    httpMethod: 'POST',
    url: 'https://pubsub.googleapis.com/v1/projects/p/topics/t:publish',
    body: Buffer.from(id).toString('base64'),
    oauthToken: { serviceAccountEmail: 'a@p.iam.gserviceaccount.com' },
  },
  ...changes,
});

/** Cloud Tasks behind HTTP, for one test. */
async function withTasks(
  options: Omit<SimulatedCloudTasksOptions, 'pubsubUrl'>,
  use: (create: (body: unknown) => Promise<number>, id: string) => Promise<void>,
) {
  const pubsubUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  const tasks = createSimulatedCloudTasks({ pubsubUrl, ...options });
  const services = await startGoogleServices({ hosts: { 'cloudtasks.googleapis.com': tasks.handle } });
  try {
    await use(
      async (body) => {
        const url = `${services.url}/cloudtasks.googleapis.com/v2/${QUEUE}/tasks`;
        const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
        await response.text();
        return response.status;
      },
      `task-${Math.random().toString(36).slice(2)}`,
    );
  } finally {
    await tasks.close();
    await services.close();
  }
}

async function arrivals(id: string, count: number) {
  const deadline = Date.now() + 10_000;
  const found = () => arrived.filter(({ body }) => body === id);
  while (found().length < count && Date.now() < deadline) await sleep(5);
  return found();
}

describe('the simulated Cloud Tasks', () => {
  it('sends a task to its target, not before its time', async () => {
    await withTasks({}, async (create, id) => {
      const dueMs = Date.now() + 200;
      assert.equal(await create({ task: task(id, { scheduleTime: new Date(dueMs).toISOString() }) }), 200);
      const [first] = await arrivals(id, 1);
      assert.equal(first?.url, '/v1/projects/p/topics/t:publish');
      assert.ok(first.atMs >= dueMs - 1);
    });
  });

  it('refuses a name that is taken, by a task that waits and by one that has gone', async () => {
    await withTasks({}, async (create, id) => {
      assert.deepEqual([await create({ task: task(id) }), await create({ task: task(id) })], [200, 409]);
      await arrivals(id, 1);
      assert.equal(await create({ task: task(id) }), 409);
    });
  });

  it('forgets a name once its time is over', async () => {
    await withTasks({ tombstoneMs: 0 }, async (create, id) => {
      await create({ task: task(id) });
      await arrivals(id, 1);
      const deadline = Date.now() + 5_000;
      while ((await create({ task: task(id) })) === 409 && Date.now() < deadline) await sleep(5);
      assert.equal((await arrivals(id, 2)).length, 2);
    });
  });

  it('sends again what was not taken', async () => {
    await withTasks({}, async (create, id) => {
      refusals = 2;
      await create({ task: task(id) });
      assert.equal((await arrivals(id, 3)).length, 3);
    });
  });

  it('can send twice, and late', async () => {
    await withTasks({ duplicateEvery: 1, lateMs: 200 }, async (create, id) => {
      const startMs = Date.now();
      await create({ task: task(id) });
      const both = await arrivals(id, 2);
      assert.equal(both.length, 2);
      assert.ok((both[0]?.atMs ?? 0) >= startMs + 240);
    });
  });

  it('can fail to answer, having taken the task or not', async () => {
    const createFaults = [{ kind: 'UNAVAILABLE' }, { kind: 'INTERNAL', applied: true }] as const;
    await withTasks({ createFaults }, async (create, id) => {
      const statuses = [];
      for (let count = 0; count < 3; count += 1) statuses.push(await create({ task: task(id) }));
      assert.deepEqual(statuses, [503, 500, 409]);
    });
  });

  for (const [title, changes] of [
    ['another queue in its name', { name: 'projects/p/locations/l/queues/other/tasks/x' }],
    ['no name', { name: undefined }],
    ['a time more than 30 days ahead', { scheduleTime: new Date(Date.now() + 2_600_000_000).toISOString() }],
    ['no time that can be read', { scheduleTime: 'soon' }],
    ['no target', { httpRequest: {} }],
    [
      'a token for a host that is not Google',
      { httpRequest: { ...task('x').httpRequest, url: 'https://evil.example/' } },
    ],
    ['no token', { httpRequest: { ...task('x').httpRequest, oauthToken: undefined } }],
    ['1 MiB', { httpRequest: { ...task('x').httpRequest, body: 'A'.repeat(1_048_576) } }],
  ] as const) {
    it(`refuses a task with ${title}`, async () => {
      await withTasks({}, async (create, id) => {
        assert.equal(await create({ task: task(id, changes) }), 400);
      });
    });
  }
});
