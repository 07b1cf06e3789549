import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/free-port.ts';
import { PLATFORM_VARIABLES } from '../../local/platform.ts';
import { aRequest } from './messages.ts';
import { startPinned } from './process.ts';
import type { Pinned } from './process.ts';
import type { Variant } from './variants.ts';

/** Addresses of everything else. */
export interface Backend {
  readonly pubsubHost: string;
  readonly restUrl: string;
  readonly apiUrl: string;
}

/** Calls that have reached the backend: POSTs and GETs of operations and jobs, and tasks. */
export type Counts = Record<'posts' | 'gets' | 'tasks', number>;

export async function countsOf({ apiUrl }: Backend): Promise<Counts> {
  const response = await fetch(`${apiUrl}/_counts`);
  return (await response.json()) as Counts;
}

interface RunningFunction extends Pinned {
  /** Sends one push; resolves when it is acknowledged. */
  push(topic: string, data: object): Promise<void>;
}

const PATIENCE_MS = 30_000;
let sequence = 0;

/** Starts a variant in the framework, on a core of its own, with the backend for all that it calls. */
export function startFunction(
  variant: Variant,
  backend: Backend,
  core: number,
  target = variant.target,
  env: Environment = {},
): Promise<RunningFunction> {
  return startInFramework(variant, {
    core,
    target,
    env: {
      PUBSUB_EMULATOR_HOST: backend.pubsubHost,
      GOOGLE_API_ENDPOINT: `${backend.apiUrl}/{host}`,
      METADATA_SERVER_DETECTION: 'none',
      ...env,
    },
  });
}

type Environment = Readonly<Record<string, string>>;

/** Starts a variant in the framework, with these variables besides its own. */
export async function startInFramework(
  variant: Variant,
  options: {
    readonly core: number;
    readonly target?: string;
    readonly env: Environment;
    /** Modules that are loaded before all else. */
    readonly imports?: readonly string[];
  },
): Promise<RunningFunction> {
  const { core, target = variant.target, env, imports = [] } = options;
  const port = await freePort();
  const pinned = startPinned(
    core,
    [
      ...['./local/loopback.ts', ...imports].map((file) => `--import=${file}`),
      'node_modules/.bin/functions-framework',
      `--source=${variant.source}`,
      `--target=${target}`,
      '--signature-type=cloudevent',
      `--port=${port}`,
    ],
    {
      env: {
        ...PLATFORM_VARIABLES,
        FUNCTION_TARGET: target,
        GOOGLE_CLOUD_PROJECT: 'my-project',
        ...env,
        ...variant.env,
        NODE_OPTIONS: [variant.nodeOptions, env.NODE_OPTIONS].join(' ').trim(),
      },
    },
  );
  pinned.child.stdout?.on('data', () => undefined);
  const agent = new Agent({ keepAlive: true, maxSockets: 1_024 });
  return {
    ...pinned,
    push: (topic, data) => post(agent, port, topic, data),
    close: async () => {
      agent.destroy();
      await pinned.close();
    },
  };
}

/** Sends `count` messages, `inFlight` of them at the same time; resolves when the last is acknowledged. */
export async function sendMessages(
  fn: RunningFunction,
  options: {
    readonly topic: string;
    readonly make: () => object;
    readonly count: number;
    readonly inFlight: number;
  },
): Promise<void> {
  const { topic, make, count, inFlight } = options;
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await fn.push(topic, make());
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** Sends a first message, again and again until the function listens. */
export async function untilFirstTaken(fn: RunningFunction, startMs: number): Promise<void> {
  const message = aRequest();
  for (;;) {
    try {
      await fn.push('requests', message);
      return;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== 'ECONNREFUSED' || performance.now() - startMs > PATIENCE_MS) throw error;
      await sleep(1);
    }
  }
}

function post(agent: Agent, port: number, topic: string, data: object): Promise<void> {
  sequence += 1;
  const id = `m${sequence}`;
  const message = {
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    messageId: id,
    message_id: id,
    publishTime: new Date().toISOString(),
    attributes: {},
  };
  const body = JSON.stringify({ message, subscription: 'projects/my-project/subscriptions/s' });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: `/projects/my-project/topics/lro-cancel-${topic}`,
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 204) resolve();
          else reject(new Error(`answered ${response.statusCode}`));
        });
      },
    );
    // More than one can come, when the process ends.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The framework closes connections that were idle for 5 s, also while a message is on its way
      // (https://nodejs.org/api/http.html#requestreusedsocket).
      const wasClosed = outgoing.reusedSocket && error.code === 'ECONNRESET';
      if (wasClosed) resolve(post(agent, port, topic, data));
      else reject(error);
    });
    outgoing.end(body);
  });
}
