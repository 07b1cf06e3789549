import { fromFile, Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { attributesOf, EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { generateSchemas } from '../../tools/contracts/schemas.ts';
import { DONE_CANCELLED, OK, status } from '../support/fakes.ts';
import { createApprovalApp, pagesOf } from '../support/approval-harness.ts';
import { createTestApp, pushBody } from '../support/test-app.ts';
import { createSweepApp, entry, NIGHTLY, page } from '../support/sweep-harness.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const validators = new Map(
  [...generateSchemas()].map(([file, text]) => [file, ajv.compile(JSON.parse(text) as object)]),
);
const problemsOf = (file: string, data: unknown) => {
  const validate = validators.get(file);
  assert.ok(validate, file);
  return validate(JSON.parse(JSON.stringify(data)))
    ? []
    : (validate.errors ?? []).map(({ message }) => message);
};
const URL = 'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/o1';

describe('the schemas in docs/schemas', () => {
  it('docs/schemas is up to date with the code (else: npm run contracts)', async () => {
    const schemas = generateSchemas();
    assert.deepEqual((await readdir('docs/schemas')).sort(), [...schemas.keys()].sort());
    for (const [file, text] of schemas) assert.equal(await readFile(`docs/schemas/${file}`, 'utf8'), text);
  });

  for (const [file, data, isValid] of [
    ['request.json', { operation: URL }, true],
    ['request.json', { operations: [URL], labels: { a: 'b' } }, true],
    ['request.json', { operation: URL, dryrun: true }, false],
    ['request.json', { operation: URL, operations: [URL] }, false],
    ['request.json', { requestId: 'r' }, false],
    ['request.json', { operations: [] }, false],
    ['request.json', { operation: URL, labels: { a: 1 } }, false],
    ['request.json', { operation: URL, dryRun: 'true' }, false],
    ['connector-request.json', { call: 'x', args: { name: 'n' } }, true],
    ['connector-request.json', { call: 'x', args: { nam: 'n' } }, false],
    ['trigger.json', { sweep: 'nightly', dryRun: true }, true],
    ['trigger.json', { sweep: 'nightly', targets: [] }, false],
    ['approval.json', { approve: 'r', requestedBy: 'ada', reason: 'left over' }, true],
    ['approval.json', { approve: 'r', dryRun: false }, false],
    ['approval.json', { requestedBy: 'ada' }, false],
  ] as const) {
    it(`the schema ${file} ${isValid ? 'accepts' : 'rejects'} ${JSON.stringify(data).slice(0, 60)}`, () => {
      assert.equal(problemsOf(file, data).length === 0, isValid);
    });
  }

  for (const [title, message, answers] of [
    [
      'a cancelled operation',
      { operation: URL, labels: { a: 'b' }, reason: 'x' },
      { cancel: [OK], get: [DONE_CANCELLED] },
    ],
    ['a denial', { operation: URL }, { cancel: [status(403, 'PERMISSION_DENIED')] }],
    ['a dry run', { operation: URL, dryRun: true }, { get: [DONE_CANCELLED] }],
    ['nonsense', 'nonsense', {}],
    ['an unknown service', { operation: 'x', service: 'y' }, {}],
  ] as const) {
    it(`the result schema accepts the result of ${title}`, async () => {
      const app = createTestApp({ answers });
      await app.handle(pushBody(message));
      for (const { event } of app.scheduler.sent) await app.handle(pushBody(event.data, attributesOf(event)));
      const [result] = app.publisher.results();
      assert.ok(result);
      assert.deepEqual(problemsOf('result.json', result), []);
    });
  }

  it('the sweep report schema accepts the report of a sweep, also of one that a budget started', async () => {
    const app = createSweepApp({ nightly: NIGHTLY }, () => page([entry('a', 30), entry('b', undefined)]), {
      budgets: [{ budgetDisplayName: 'b', sweep: 'nightly' }],
    });
    await app.trigger({ sweep: 'nightly' });
    await app.trigger({ budgetDisplayName: 'b', alertThresholdExceeded: 1, currencyCode: 'JPY' });
    assert.equal(app.reports().length, 2);
    for (const { event } of app.reports()) assert.deepEqual(problemsOf('sweep-report.json', event.data), []);
  });
});

describe('the schema of reports and an approval', () => {
  it('the sweep report schema accepts the reports of a dry run and of its approval', async () => {
    const app = createApprovalApp(pagesOf(['a']));
    await app.approve(await app.sweep(), { requestedBy: 'ada', reason: 'left over' });
    assert.equal(app.reports().length, 2);
    for (const { event } of app.reports()) assert.deepEqual(problemsOf('sweep-report.json', event.data), []);
  });
});

describe('docs/asyncapi.yaml', () => {
  let document: NonNullable<Awaited<ReturnType<ReturnType<typeof fromFile>['parse']>>['document']>;
  before(async () => {
    const parsed = await fromFile(new Parser(), 'docs/asyncapi.yaml').parse();
    const errors = parsed.diagnostics.filter(({ severity }) => (severity as number) === 0);
    assert.deepEqual(
      errors.map(({ message, path }) => `${path.join('.')}: ${message}`),
      [],
    );
    assert.ok(parsed.document);
    document = parsed.document;
  });

  it('docs/asyncapi.yaml is AsyncAPI 3.0, and names every topic and type that other programs see', () => {
    assert.equal(document.version(), '3.0.0');
    const addresses = document
      .channels()
      .all()
      .map((channel) => channel.address());
    assert.deepEqual(addresses, [
      'projects/{project}/topics/lro-cancel-requests',
      'projects/{project}/topics/lro-cancel-triggers',
      'projects/{project}/topics/lro-cancel-results',
    ]);
    const names = new Set(
      document
        .messages()
        .all()
        .map((message) => message.name()),
    );
    assert.deepEqual(
      [...names].sort(),
      [EVENT_TYPE.request, EVENT_TYPE.result, EVENT_TYPE.sweepReport, EVENT_TYPE.trigger].sort(),
    );
    const published = document
      .messages()
      .all()
      .filter((message) =>
        ([EVENT_TYPE.result, EVENT_TYPE.sweepReport] as string[]).includes(message.name() ?? ''),
      );
    assert.ok(published.length >= 2);
    for (const message of published) assert.ok(message.bindings().get('googlepubsub'));
  });

  it('docs/asyncapi.yaml shows payloads that the schemas accept', () => {
    const examples = document
      .messages()
      .all()
      .flatMap((message) =>
        message
          .examples()
          .all()
          .map((example) => [message.title(), example.payload()] as const),
      );
    assert.ok(examples.length >= 3);
    const fileOf = (title: string | undefined) => {
      const found = [...generateSchemas()].find(
        ([, text]) => (JSON.parse(text) as { title: string }).title === title,
      );
      return found?.[0] ?? '';
    };
    for (const [title, payload] of examples) assert.deepEqual(problemsOf(fileOf(title), payload), [], title);
  });

  it('docs/asyncapi.yaml lists the attributes of results and reports', async () => {
    const requests = createTestApp({ answers: { cancel: [status(403, 'PERMISSION_DENIED')] } });
    await requests.handle(pushBody({ operation: URL }));
    const sweeps = createSweepApp({ nightly: NIGHTLY }, () => page([]));
    await sweeps.trigger({ sweep: 'nightly' });
    const events = [...requests.publisher.published, ...sweeps.publisher.published].map(({ event }) => event);
    for (const event of events satisfies OutgoingEvent[]) {
      const message = document
        .messages()
        .all()
        .find((one) => one.name() === event.type);
      const text = JSON.stringify(message?.headers()?.json() ?? {});
      const headers = JSON.parse(text) as { properties?: object; required?: string[] };
      const listed = Object.keys(headers.properties ?? {});
      const carried = Object.keys(attributesOf(event));
      assert.deepEqual(
        carried.filter((name) => !listed.includes(name)),
        [],
        event.type,
      );
      assert.deepEqual(
        (headers.required ?? []).filter((name) => !carried.includes(name)),
        [],
        event.type,
      );
    }
  });
});
