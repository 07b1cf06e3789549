import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { PubSub } from '@google-cloud/pubsub';
import { startEmbeddedPubSub } from '../../local/emulators/pubsub/embedded-pubsub.ts';
import type { EmbeddedPubSub } from '../../local/emulators/pubsub/embedded-pubsub.ts';
import { startFunctionProcess } from '../../local/function-process.ts';
import type { FunctionProcess } from '../../local/function-process.ts';
import { createPubSubClient } from '../../local/pubsub-client.ts';
import { pushBody } from '../support/test-app.ts';
import { inNotebooks } from './test-system.ts';

/** The largest message of Pub/Sub, in bytes. */
const MAX_MESSAGE = 10_000_000;

const operations = (length: number, nameLength = 40) =>
  Array.from({ length }, (_, n) => inNotebooks(`o${n}-`.padEnd(nameLength, 'x')));
const records = (length: number, value: string) =>
  Object.fromEntries(Array.from({ length }, (_, n) => [`k${n}`, value]));
const recheck = (more: object) => ({
  requestId: 'r',
  messageId: 'm',
  operation: { service: 'notebooks', version: 'v2', name: 'projects/my-project/locations/l/operations/none' },
  step: 'confirm',
  attempt: 1,
  requestedAt: '2026-11-20T12:00:00Z',
  deadline: '2026-11-20T12:00:00Z',
  notBefore: '2026-11-20T12:00:00Z',
  cancel: { attempts: 1 },
  confirm: { checks: 0 },
  ...more,
});
const sweepRun = (more: object) => ({
  sweep: 's',
  runId: 'r',
  fingerprint: 'f',
  deadline: '2026-11-20T12:00:00Z',
  notBefore: '2026-11-20T12:00:00Z',
  ...more,
});
const repeated = (text: string, length = MAX_MESSAGE) => text.repeat(Math.floor(length / text.length));
const list = (entry: string, length = MAX_MESSAGE - 1_000) => `[${repeated(`${entry},`, length)}${entry}]`;
const escapes = '\\u0001';

interface Shape {
  readonly title: string;
  readonly data: () => string;
  readonly attributes?: Record<string, string>;
  /** Publishes a thousand messages, which takes longer than reading it. */
  readonly publishes?: true;
}
const json = (value: unknown) => () => JSON.stringify(value);

const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const event = (more: string) =>
  `{"specversion":"1.0","id":"e","source":"/e","type":"lro-cancel.request.v1",${more}}`;

const SHAPES: readonly Shape[] = [
  {
    title: '1,000 operations and 64 labels of control characters',
    data: json({ operations: operations(1_000), labels: records(64, '\u0001'.repeat(1_024)) }),
  },
  {
    title: '1,000 operations and 64 labels of astral characters',
    data: json({ operations: operations(1_000), labels: records(64, '\u{1f600}'.repeat(512)) }),
  },
  {
    title: '1,000 operations with long names and all that a sender may say',
    data: json({
      operations: operations(1_000, 1_900),
      reason: 'r'.repeat(2_048),
      labels: records(13, 'l'.repeat(1_000)),
    }),
    publishes: true,
  },
  {
    title: '1,000 long operations of escapes',
    data: () =>
      `{"operations":[${Array.from({ length: 1_000 }, (_, n) => `"${n}${escapes.repeat(1_600)}"`).join(',')}]}`,
  },
  { title: 'empty arrays', data: () => list('[]') },
  { title: 'empty objects', data: () => `{"operations":${list('{}')}}` },
  { title: 'nested arrays', data: () => '['.repeat(MAX_MESSAGE / 2) + ']'.repeat(MAX_MESSAGE / 2) },
  { title: 'nested objects', data: () => `${repeated('{"a":', 8e6)}1${'}'.repeat(8e6 / 5)}` },
  {
    title: 'many keys',
    data: () => `{"labels":{${Array.from({ length: 800_000 }, (_, n) => `"${n}k":1`).join(',')}}}`,
  },
  { title: 'the same key again and again', data: () => `{${repeated('"operation":"x",')}"operation":"x"}` },
  { title: 'keys __proto__', data: () => `{"labels":{${repeated('"__proto__":{},', 9e6)}"a":"b"}}` },
  { title: 'numbers', data: () => list('1.5') },
  { title: 'short texts', data: () => list('"\u00e9"', MAX_MESSAGE / 1.3) },
  { title: 'one long text', data: () => `{"operation":"${'x'.repeat(MAX_MESSAGE - 100)}"}` },
  { title: 'one text of escapes', data: () => `{"reason":"${repeated(escapes, 9.9e6)}"}` },
  { title: 'a text of lone surrogates', data: () => `{"requestedBy":"${repeated('\\ud800', 9.9e6)}"}` },
  { title: 'astral characters', data: () => `{"operation":"${repeated('\u{1f600}', 4.9e6)}"}` },
  { title: 'no JSON', data: () => 'x'.repeat(MAX_MESSAGE) },
  { title: 'spaces', data: () => `{"operation":"x"${' '.repeat(MAX_MESSAGE - 100)}}` },
  {
    title: 'a structured event with data in base64',
    data: () => event(`"data_base64":"${Buffer.from(list('[]', MAX_MESSAGE * 0.74)).toString('base64')}"`),
    attributes: STRUCTURED,
  },
  {
    title: 'a structured event of a list',
    data: () => event(`"data":${list('[]', 9.9e6)}`),
    attributes: STRUCTURED,
  },
  {
    title: 'a structured event of a long text, with a long id',
    data: () => event(`"data":{"operation":"${'x'.repeat(5e6)}"}`).replace('"e"', `"${'i'.repeat(4.9e6)}"`),
    attributes: STRUCTURED,
  },
  {
    title: 'a re-check with a list',
    data: () => JSON.stringify(recheck({ labels: 1 })).replace('1}', `${list('[]', 9.9e6)}}`),
  },
  {
    title: 'a re-check with long labels',
    data: json(recheck({ labels: records(64, '\u0001'.repeat(1_024)) })),
  },
  {
    title: 'a sweep run with a list',
    data: () => JSON.stringify(sweepRun({ tally: 1 })).replace('1}', `${list('{}', 9.9e6)}}`),
  },
  { title: 'a trigger with a long name', data: json({ sweep: 's'.repeat(9.9e6) }) },
  {
    title: 'a budget notification with long names',
    data: json({ budgetDisplayName: '\u0001'.repeat(1.6e6), costAmount: 1 }),
    attributes: { budgetId: 'b'.repeat(1_000), billingAccountId: 'a', schemaVersion: '1.0' },
  },
  {
    title: 'a budget notification with a threshold of nested arrays',
    data: () => `{"budgetDisplayName":"b","alertThresholdExceeded":${'['.repeat(4.9e6)}${']'.repeat(4.9e6)}}`,
    attributes: { budgetId: 'b', billingAccountId: 'a', schemaVersion: '1.0' },
  },
  {
    title: 'a dead letter with long attributes',
    data: () => list('[]'),
    attributes: {
      CloudPubSubDeadLetterSourceSubscription: 's',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      ...records(90, 'v'.repeat(1_024)),
    },
  },
];

/** Below the memory of an instance, 512 MiB, with room for what the process has besides. */
const MAX_RESIDENT_MB = 400;
const MAX_RESIDENT_MB_OF_EIGHT = 480;
const MAX_CPU_MS = 1_000;

describe('the memory of the built function', () => {
  const topic = (name: string) => `projects/my-project/topics/lro-cancel-${name}`;
  let pubsub: EmbeddedPubSub;
  let client: PubSub;
  let fn: FunctionProcess;
  before(async () => {
    // Without subscriptions: nothing comes back, so that each message is measured by itself.
    pubsub = await startEmbeddedPubSub();
    client = createPubSubClient(pubsub.emulatorHost, 'my-project');
    for (const name of ['requests', 'rechecks', 'results']) await client.createTopic(topic(name));
    fn = await startFunctionProcess({
      environment: {
        PUBSUB_EMULATOR_HOST: pubsub.emulatorHost,
        GOOGLE_CLOUD_PROJECT: 'my-project',
        // No limit of the heap: without one, garbage stays longest.
      },
    });
  });
  after(async () => {
    await fn.close();
    await client.close();
    await pubsub.close();
  });

  const read = (file: string) => readFile(`/proc/${fn.pid()}/${file}`, 'utf8');
  const peakMb = async () => Number(/^VmHWM:\s+(\d+) kB/m.exec(await read('status'))?.[1]) / 1_024;
  /** Resets the peak to the current value (proc(5), clear_refs). */
  const resetPeak = () => writeFile(`/proc/${fn.pid()}/clear_refs`, '5');
  /** In ticks of 10 ms. */
  const cpuMs = async () => {
    const fields = (await read('stat')).split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  const post = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const { status } = await fetch(`${fn.url}/${topic('requests')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return status;
  };
  let count = 0;
  const bodyOf = ({ data, attributes }: Shape) =>
    JSON.stringify(pushBody(data(), attributes, `m${(count += 1)}`));

  for (const shape of SHAPES) {
    it(`a message takes little memory and time: ${shape.title}`, async () => {
      const body = bodyOf(shape);
      await resetPeak();
      const before = await cpuMs();
      assert.equal(await post(body), 204);
      const [peak, cpu] = [await peakMb(), (await cpuMs()) - before];
      assert.ok(peak < MAX_RESIDENT_MB, `${peak} MB`);
      assert.ok(cpu < MAX_CPU_MS || shape.publishes === true, `${cpu} ms`);
    });
  }

  it('a message of 10 MB that is pushed unwrapped takes little memory', async () => {
    await resetPeak();
    assert.equal(await post(list('[]'), { 'x-goog-pubsub-message-id': 'unwrapped' }), 204);
    assert.ok((await peakMb()) < MAX_RESIDENT_MB, `${await peakMb()} MB`);
  });

  it('a small body that is decompressed to 32 MB takes little memory', async () => {
    const body = gzipSync(Buffer.from(list('[]', 31e6)));
    await resetPeak();
    assert.equal(await post(body, { 'content-encoding': 'gzip' }), 204);
    assert.ok((await peakMb()) < MAX_RESIDENT_MB, `${await peakMb()} MB`);
  });

  for (const [title, shapes] of [
    ['that publish a thousand each', SHAPES.slice(0, 3)],
    ['of 10 MB each', SHAPES.slice(3, 11)],
  ] as const) {
    it(`eight messages at once fit into an instance: messages ${title}`, async () => {
      const bodies = Array.from({ length: 8 }, (_, n) => bodyOf(shapes[n % shapes.length] ?? assert.fail()));
      await resetPeak();
      assert.deepEqual(new Set(await Promise.all(bodies.map((body) => post(body)))), new Set([204]));
      assert.ok((await peakMb()) < MAX_RESIDENT_MB_OF_EIGHT, `${await peakMb()} MB`);
    });
  }
});
