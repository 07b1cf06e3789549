import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { pushBody } from '../support/test-app.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

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
}
const json = (value: unknown) => () => JSON.stringify(value);

const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const event = (more: string) =>
  `{"specversion":"1.0","id":"e","source":"/e","type":"lro-cancel.request.v1",${more}}`;

const shapes: readonly Shape[] = [
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
    data: () =>
      event(`"data_base64":"${Buffer.from(list('[]', MAX_MESSAGE * 0.74)).toString('base64')}"`),
    attributes: STRUCTURED,
  },
  { title: 'a structured event of a list', data: () => event(`"data":${list('[]', 9.9e6)}`), attributes: STRUCTURED },
  {
    title: 'a structured event of a long text, with a long id',
    data: () => event(`"data":{"operation":"${'x'.repeat(5e6)}"}`).replace('"e"', `"${'i'.repeat(4.9e6)}"`),
    attributes: STRUCTURED,
  },
  { title: 'a re-check with a list', data: () => JSON.stringify(recheck({ labels: 1 })).replace('1}', `${list('[]', 9.9e6)}}`) },
  { title: 'a re-check with long labels', data: json(recheck({ labels: records(64, '\u0001'.repeat(1_024)) })) },
  { title: 'a sweep run with a list', data: () => JSON.stringify(sweepRun({ tally: 1 })).replace('1}', `${list('{}', 9.9e6)}}`) },
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

describe('the memory of the built function', () => {
  let system: TestSystem;
  before(async () => {
    const settings = {
      NODE_ENV: 'production',
      LOG_EXECUTION_ID: 'true',
      ...(process.env.LIMIT !== undefined && { NODE_OPTIONS: `--max-old-space-size=${process.env.LIMIT}` }),
    };
    system = await startTestSystem({ settings });
  });
  after(() => system.close());

  const status = async () => {
    const text = await readFile(`/proc/${system.fn.pid()}/status`, 'utf8');
    const mbOf = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1_024;
    return { peakMb: Math.round(mbOf('VmHWM')), residentMb: Math.round(mbOf('VmRSS')) };
  };
  const cpuMs = async () => {
    const [, , , , , , , , , , , , , user, sys] = (await readFile(`/proc/${system.fn.pid()}/stat`, 'utf8')).split(' ');
    return (Number(user) + Number(sys)) * 10;
  };
  const resetPeak = () => writeFile(`/proc/${system.fn.pid()}/clear_refs`, '5');
  const post = async (body: string) => {
    const response = await fetch(`${system.fn.url}/${system.topology.topics.requests}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return response.status;
  };
  let n = 0;
  const bodyOf = ({ data, attributes }: Shape) =>
    JSON.stringify(pushBody(data(), attributes, `m${(n += 1)}`));

  it('explore', async () => {
    for (const shape of shapes) {
      if (process.env.ONLY && !shape.title.includes(process.env.ONLY)) continue;
      const body = bodyOf(shape);
      await resetPeak();
      const before = await cpuMs();
      const start = Date.now();
      const answered = await post(body);
      console.log(shape.title, body.length, answered, await status(), Date.now() - start, 'ms', (await cpuMs()) - before, 'cpu');
    }
    for (const shape of shapes) {
      if (process.env.EIGHT === undefined) break;
      const bodies = Array.from({ length: 8 }, () => bodyOf(shape));
      await resetPeak();
      const start = Date.now();
      const answered = await Promise.all(bodies.map(post));
      console.log('8', shape.title, answered.join(), await status(), Date.now() - start, 'ms');
    }
    assert.ok(true);
  });
});
