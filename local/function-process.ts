import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { DEPLOYED_NODE_OPTIONS, nodeOptions, PLATFORM_VARIABLES } from './platform.ts';

/**
 * The deployable bundle in the real framework, as a process of its own that can be killed and started again.
 */
export interface FunctionProcess {
  readonly url: string;
  /** Of the process that runs now. */
  pid(): number;
  /** Kills it with SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, from then on with other variables, as a deployment does. */
  restart(changed?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends it with SIGTERM, as Cloud Run does. */
  close(): Promise<void>;
}

interface FunctionProcessOptions {
  /**
   * Only these variables, besides PATH, those of the platform and the options of Node that infra/ sets: the function needs
   * nothing else. Options of Node here are added to those.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that it writes, to either stream. */
  readonly onLine?: (line: string) => void;
}

const START_TIMEOUT_MS = 20_000;

/** Starts it; resolves when it takes connections, and rejects with what it wrote when it ends before. */
export async function startFunctionProcess(options: FunctionProcessOptions): Promise<FunctionProcess> {
  const { onLine = () => undefined } = options;
  let { environment } = options;
  const port = await freePort();
  let child: ChildProcess;

  const start = async () => {
    const started = spawn(
      process.execPath,
      [
        '--import=./local/loopback.ts',
        `--import=./local/end-with-parent.ts?parent=${process.pid}`,
        'node_modules/.bin/functions-framework',
        '--source=dist',
        `--port=${port}`,
      ],
      {
        env: {
          PATH: process.env.PATH ?? '',
          ...PLATFORM_VARIABLES,
          ...environment,
          NODE_OPTIONS: nodeOptions(DEPLOYED_NODE_OPTIONS, environment.NODE_OPTIONS),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child = started;
    const lines: string[] = [];
    for (const stream of [started.stdout, started.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (lines.length < 50) lines.push(line);
        onLine(line);
      });
    }
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await accepts(port))) {
      if (hasEnded(started)) throw new Error(`The function did not start:\n${lines.join('\n')}`);
      if (Date.now() > deadline) {
        // Else it would outlive its starter, which does not get it.
        started.kill('SIGKILL');
        throw new Error(`The function took no connection within ${START_TIMEOUT_MS} ms`);
      }
      await sleep(20);
    }
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => child.pid ?? 0,
    kill: () => end('SIGKILL'),
    restart: (changed = {}) => {
      environment = { ...environment, ...changed };
      return start();
    },
    close: () => end('SIGTERM'),
  };
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
