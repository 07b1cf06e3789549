import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGoogleServices } from '../../../../local/emulators/google-apis/google-services.ts';
import { createSimulatedCloudTasks } from '../../../../local/emulators/cloud-tasks/cloud-tasks.ts';
import type {
  SimulatedCloudTasks,
  SimulatedCloudTasksOptions,
} from '../../../../local/emulators/cloud-tasks/cloud-tasks.ts';

export const QUEUE = 'projects/p/locations/l/queues/q';

/** A task by its id, due in 50 ms, whose body is the id. */
export const task = (id: string, changes: object = {}) => ({
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

/** A request that Cloud Tasks sent. */
interface Arrival {
  readonly url: string;
  readonly body: string;
  readonly atMs: number;
}

/** Cloud Tasks behind HTTP, a target for what it sends, and one who calls it. */
export interface TasksCaller extends AsyncDisposable {
  readonly tasks: SimulatedCloudTasks;
  /** The status of creating a task. */
  readonly create: (task: object) => Promise<number>;
  /** Calls a method; `rest` is its URL behind that of the queue. */
  readonly call: (
    rest: string,
    init?: RequestInit,
  ) => Promise<{ readonly status: number; readonly json: unknown }>;
  /** The target's reactions to the next requests, one each; it accepts all that follow. */
  readonly answers: ('refuse' | 'hang')[];
  /** Waits until `count` requests have arrived, or 10 s. */
  readonly arrivals: (count: number) => Promise<readonly Arrival[]>;
}

/** Starts all of it for one test; `await using` stops it. */
export async function startTasks(
  options: Omit<SimulatedCloudTasksOptions, 'pubsubUrl'> = {},
): Promise<TasksCaller> {
  const arrived: Arrival[] = [];
  const answers: ('refuse' | 'hang')[] = [];
  const target = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      arrived.push({ url: request.url ?? '', body, atMs: Date.now() });
      const answer = answers.shift();
      if (answer !== 'hang') response.writeHead(answer === 'refuse' ? 503 : 200).end('{}');
    });
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const pubsubUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  const tasks = createSimulatedCloudTasks({ pubsubUrl, ...options });
  const services = await startGoogleServices({ hosts: { 'cloudtasks.googleapis.com': tasks.handle } });

  const call = async (rest: string, init: RequestInit = {}) => {
    const response = await fetch(`${services.url}/cloudtasks.googleapis.com/v2/${QUEUE}${rest}`, init);
    const text = await response.text();
    return { status: response.status, json: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  };
  return {
    tasks,
    call,
    answers,
    create: async (created) =>
      (await call('/tasks', { method: 'POST', body: JSON.stringify({ task: created }) })).status,
    arrivals: async (count) => {
      const deadline = Date.now() + 10_000;
      while (arrived.length < count && Date.now() < deadline) await sleep(5);
      return arrived;
    },
    async [Symbol.asyncDispose]() {
      await tasks.close();
      await services.close();
      target.close();
      target.closeAllConnections();
    },
  };
}
