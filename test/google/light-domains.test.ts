import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/free-port.ts';

/** Starts the real framework, sends it one request, and tells how the framework answered and whether it lived on. */
async function request(body: string, headers: Readonly<Record<string, string>>, target = 'endsAsTold') {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      '--import=./local/loopback.ts',
      'node_modules/.bin/functions-framework',
      '--source=test/google/light-domains',
      `--target=${target}`,
      '--signature-type=cloudevent',
      `--port=${port}`,
    ],
    { stdio: 'ignore', env: { PATH: process.env.PATH ?? '' } },
  );
  const ended = once(child, 'exit');
  try {
    const status = await untilAnswered(() =>
      fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers }),
    );
    // One that ends itself does so right after the answer.
    const again = await fetch(`http://127.0.0.1:${port}/`, aSuccess).then(
      ({ status }) => status,
      () => undefined,
    );
    if (again !== undefined) return { status, then: again };
    const [exitCode] = (await ended) as [number];
    return { status, exitCode };
  } finally {
    child.kill('SIGKILL');
  }
}

async function untilAnswered(send: () => Promise<Response>): Promise<number> {
  const endMs = Date.now() + 20_000;
  for (;;) {
    try {
      const response = await send();
      return response.status;
    } catch (error) {
      const code = (error as { cause?: { code?: unknown } }).cause?.code;
      if (code !== 'ECONNREFUSED' || Date.now() > endMs) throw error;
      await sleep(20);
    }
  }
}

const eventHeaders = {
  'content-type': 'application/json',
  'ce-id': 'e',
  'ce-source': 's',
  'ce-type': 't',
  'ce-specversion': '1.0',
};
const messageThat = (way: string) => [JSON.stringify({ way }), eventHeaders] as const;
const [body, headers] = messageThat('succeed');
const aSuccess = { method: 'POST', body, headers };

describe('the framework with light domains', () => {
  for (const [way, ending] of [
    ['succeed', { status: 204, then: 204 }],
    ['throw', { status: 500, then: 204 }],
    ['reject', { status: 500, then: 204 }],
    ['throw in a callback', { status: 500, exitCode: 16 }],
    ['leave a rejection', { status: 500, exitCode: 16 }],
    // Where the message is in no domain of Node's, this throws.
    ['be in a domain', { status: 500, then: 204 }],
  ] as const) {
    const life = 'exitCode' in ending ? 'ends the process' : 'leaves the process alive';
    it(`a handler told to ${way} is answered with ${ending.status} and ${life}`, async () => {
      assert.deepEqual(await request(...messageThat(way)), ending);
    });
  }

  it('an error that is thrown before there is a promise is answered with 500 and ends the process', async () => {
    const ending = await request(...messageThat('throw'), 'throwsAtOnce');
    assert.deepEqual(ending, { status: 500, exitCode: 16 });
  });

  // The framework writes the trace into the event, and some of these have no place for it.
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  for (const [body, type] of [
    ['text', 'text/plain'],
    ['', 'application/json'],
    ['null', 'application/json'],
    ['[]', 'application/json'],
    ['a=b', 'application/x-www-form-urlencoded'],
    ['bytes', 'application/octet-stream'],
    ['{"specversion":"1.0"}', 'application/cloudevents+json'],
  ] as const) {
    it(`a body ${JSON.stringify(body)} of ${type} leaves the process alive`, async () => {
      assert.equal((await request(body, { 'content-type': type, ...trace })).then, 204);
    });
  }
});
