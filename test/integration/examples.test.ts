import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { freePort } from '../../local/free-port.ts';
import { parseRequest } from '../../src/messages/request.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

let system: TestSystem;
const children: ChildProcess[] = [];
before(async () => {
  system = await startTestSystem();
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await system.close();
});

/** Starts a program, whose lines can be awaited. */
function start(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    nextLine: async () => {
      const { value } = (await lines.next()) as { value?: string };
      return value;
    },
  };
}

/** Resolves when something listens. */
async function untilConnected(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' });
    const isConnected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isConnected) return;
    await sleep(20);
  }
}

interface Workflow {
  readonly main: {
    readonly steps: readonly {
      readonly request?: {
        readonly assign: readonly { readonly request: Readonly<Record<string, string>> }[];
      };
      readonly publish?: {
        readonly call: string;
        readonly args: { readonly body: { readonly messages: readonly { readonly data: string }[] } };
      };
    }[];
  };
}

describe('the examples for other systems', () => {
  it('the hook of an Airflow-like task requests the cancel of its operation when the task is killed', async () => {
    system.services.add(inNotebooks('of-a-task'), { afterMs: 10 });
    const { child, nextLine } = start(
      'python3',
      ['docs/examples/on-kill-hook/on_kill.py', inNotebooks('of-a-task')],
      {
        PUBSUB_EMULATOR_HOST: new URL(system.restUrl).host,
        REQUESTS_TOPIC: system.topology.topics.requests,
      },
    );
    assert.equal(await nextLine(), 'waiting');
    child.kill('SIGTERM');
    assert.equal(await nextLine(), 'killed');
    const { data } = await system.resultOf('airflow-manual-1-train');
    assert.deepEqual(
      [data.outcome, data.requestedBy, data.labels],
      ['CANCELLED', 'airflow', { task: 'train', run: 'manual-1' }],
    );
  });

  it('the step of a workflow publishes a request that the function accepts', async () => {
    const workflow = parse(
      await readFile('docs/examples/workflows/cancel-on-timeout.yaml', 'utf8'),
    ) as Workflow;
    const steps = Object.assign({}, ...workflow.main.steps) as Workflow['main']['steps'][number];
    const request = steps.request?.assign[0]?.request ?? {};
    assert.equal(steps.publish?.call, 'googleapis.pubsub.v1.projects.topics.publish');
    assert.equal(steps.publish.args.body.messages[0]?.data, '${base64.encode(json.encode(request))}');
    // Workflows evaluates the expressions.
    const [, beginning = ''] = /^\$\{"(.*)" \+ operation\.name\}$/.exec(request.operation ?? '') ?? [];
    const operation = `${beginning}projects/p/locations/l/operations/o`;
    const parsed = parseRequest({ ...request, operation, requestId: 'execution-1' }, 'id');
    assert.ok(parsed.ok && 'one' in parsed);
    assert.equal(parsed.one.confirmWithinMs, 900_000);
  });

  it('the notification posts each result that needs a person once, and no other', async (test) => {
    if ((process.env.PUBSUB_EMULATOR_HOST ?? '') !== '') {
      test.skip('this Pub/Sub keeps filters and does not apply them');
      return;
    }
    const texts: string[] = [];
    let heard: () => void = () => undefined;
    const webhook = createServer((request, response) => {
      void text(request).then((body) => {
        texts.push((JSON.parse(body) as { text: string }).text);
        response.end();
        heard();
      });
    });
    test.after(() => {
      webhook.close();
      webhook.closeAllConnections();
    });
    webhook.listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    const port = await freePort();
    const service = start(
      process.execPath,
      ['--import=./local/loopback.ts', 'docs/examples/chat-notification/notify.ts'],
      {
        WEBHOOK_URL: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`,
        PORT: String(port),
      },
    );
    await untilConnected(port);
    // The command in the example makes the subscription.
    const source = await readFile('docs/examples/chat-notification/notify.ts', 'utf8');
    const filter = /--message-filter='(.*?)'/.exec(source)?.[1] ?? '';
    await system.pubsub.createSubscription(system.topology.topics.results, 'lro-cancel-chat', {
      filter,
      pushConfig: { pushEndpoint: `http://127.0.0.1:${port}/` },
    });
    system.services.add(inNotebooks('ends-well'), { afterMs: 10 });
    await system.request({ operation: inNotebooks('ends-well'), requestId: 'fine' });
    await system.resultOf('fine');
    await system.request({ operation: inNotebooks('gone'), requestId: 'gone', requestedBy: 'finops' });
    const { attributes, data } = await system.resultOf('gone');
    await system.pubsub.topic(system.topology.topics.results).publishMessage({ json: data, attributes });
    await system.request({ operation: 'nothing', requestId: 'last' });
    while (!texts.some((line) => line.includes('last')))
      await new Promise<void>((resolve) => (heard = resolve));
    assert.equal(texts.length, 2);
    assert.match(
      texts.join('\n'),
      /^NOT_FOUND: https:\/\/notebooks\S+\/gone\nThe service knows no such operation.*\(gone, requested by finops\)$/m,
    );
    await system.pubsub.subscription('lro-cancel-chat').delete();
    service.child.kill('SIGKILL');
  });

  it('the consumer of Eventarc acts on the result that an event carries, and on no report', async () => {
    const port = await freePort();
    const { nextLine } = start(
      process.execPath,
      [
        '--import=./local/loopback.ts',
        'node_modules/.bin/functions-framework',
        '--source=docs/examples/eventarc-consumer/consumer.ts',
        '--target=onResult',
        `--port=${port}`,
      ],
      {},
    );
    await untilConnected(port);
    const deliver = async (attributes: Record<string, string>, data: object) => {
      const message = {
        attributes,
        data: Buffer.from(JSON.stringify(data)).toString('base64'),
        messageId: '1',
      };
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'ce-specversion': '1.0',
          'ce-id': '1',
          'ce-source': '//pubsub.googleapis.com/projects/my-project/topics/lro-cancel-results',
          'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
        },
        body: JSON.stringify({ message, subscription: 'projects/my-project/subscriptions/eventarc' }),
      });
      assert.equal(response.status, 204);
    };
    await deliver({ 'ce-type': 'lro-cancel.sweep.v1', 'ce-id': 'report' }, { sweep: 'nightly' });
    await system.request({ operation: inNotebooks('gone'), requestId: 'by-eventarc' });
    const { attributes, data } = await system.resultOf('by-eventarc');
    await deliver({ ...attributes }, data);
    let line = await nextLine();
    while (line?.startsWith('{') === false) line = await nextLine();
    const { id, outcome, requestId } = JSON.parse(line ?? '{}') as Record<string, string>;
    assert.deepEqual([id, outcome, requestId], [attributes['ce-id'], 'NOT_FOUND', 'by-eventarc']);
  });
});
