import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { BUDGET_ALERT, BUDGET_ATTRIBUTES } from '../support/budget-alert.ts';
import { pushBody } from '../support/test-app.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/** The forms of a push: https://cloud.google.com/pubsub/docs/payload-unwrapping. */
const FORMS = ['wrapped', 'unwrapped with metadata', 'unwrapped without metadata'] as const;
type Form = (typeof FORMS)[number];
type Topic = 'requests' | 'rechecks' | 'triggers' | 'results';
interface Pushed {
  readonly data: unknown;
  readonly attributes?: Record<string, string>;
  readonly messageId?: string;
}

const SWEEP = {
  targets: [{ service: 'notebooks', parents: ['projects/my-project/locations/us-central1'] }],
  match: { name: '**/none-*' },
};
const BUDGETS = [
  { budgetId: BUDGET_ATTRIBUTES.budgetId, sweep: 'stop' },
  { budgetDisplayName: BUDGET_ALERT.budgetDisplayName, sweep: 'stop' },
];

describe('the endpoint of the built function', () => {
  let system: TestSystem;
  before(async () => {
    const projectId = `test-${randomBytes(6).toString('hex')}`;
    system = await startTestSystem({
      projectId,
      settings: {
        GOOGLE_CLOUD_PROJECT: projectId,
        SWEEPS: JSON.stringify({ nightly: SWEEP, stop: SWEEP }),
        BUDGETS: JSON.stringify(BUDGETS),
      },
    });
  });
  after(() => system.close());

  const post = (path: string, headers: Record<string, string>, body: string) =>
    fetch(`${system.fn.url}/${path}`, { method: 'POST', headers, body });

  /** Pushes a message in a form, to the path of a topic or to the bare URL. */
  async function push(form: Form, topic: Topic | undefined, pushed: Pushed): Promise<number> {
    const { data, attributes = {}, messageId = randomBytes(8).toString('hex') } = pushed;
    const path = topic === undefined ? '' : system.topology.topics[topic];
    const json = { 'content-type': 'application/json' };
    const headers =
      form === 'unwrapped with metadata'
        ? {
            ...json,
            ...attributes,
            'x-goog-pubsub-message-id': messageId,
            'x-goog-pubsub-subscription-name': 'projects/p/subscriptions/s',
            'x-goog-pubsub-publish-time': '2026-11-20T12:00:00Z',
          }
        : json;
    const body = form === 'wrapped' ? pushBody(data, attributes, messageId) : data;
    const response = await post(path, headers, JSON.stringify(body));
    return response.status;
  }

  let count = 0;
  const newId = () => `endpoint-${(count += 1)}`;

  for (const form of FORMS) {
    for (const isBare of [false, true]) {
      const to = isBare ? 'the bare URL' : 'the path of its topic';
      const topicOf = (topic: Topic) => (isBare ? undefined : topic);

      it(`a request that is pushed ${form} to ${to} is carried out`, async () => {
        const requestId = newId();
        system.services.add(inNotebooks(requestId), { afterMs: 100 });
        const data = { operation: inNotebooks(requestId), requestId };
        assert.equal(await push(form, topicOf('requests'), { data }), 204);
        assert.equal((await system.resultOf(requestId)).data.outcome, 'CANCELLED');
      });

      it(`a trigger that is pushed ${form} to ${to} starts its sweep`, async () => {
        const before = system.reports.length;
        assert.equal(await push(form, topicOf('triggers'), { data: { sweep: 'nightly' } }), 204);
        await system.reportOf('nightly', (report) => report === system.reports[before]?.data);
      });

      it(`a budget alert that is pushed ${form} to ${to} starts its sweep`, async () => {
        const costIntervalStart = new Date(Date.UTC(2020, (count += 1))).toISOString();
        const pushed = { data: { ...BUDGET_ALERT, costIntervalStart }, attributes: BUDGET_ATTRIBUTES };
        assert.equal(await push(form, topicOf('triggers'), pushed), 204);
        await system.reportOf(
          'stop',
          ({ cause }) => cause.kind === 'budget' && cause.costIntervalStart === costIntervalStart,
        );
      });

      it(`a re-check that is pushed ${form} to ${to} continues its cancellation`, async () => {
        const requestId = newId();
        const data = recheckOf(requestId);
        const attributes = { 'ce-specversion': '1.0', 'ce-id': 'r', 'ce-type': 'lro-cancel.recheck.v1' };
        assert.equal(await push(form, topicOf('rechecks'), { data, attributes }), 204);
        assert.equal((await system.resultOf(requestId)).data.outcome, 'NOT_FOUND');
      });

      it(`a result that is pushed ${form} to ${to} is ignored`, async () => {
        const requestId = newId();
        await push('wrapped', 'requests', { data: { operation: inNotebooks('none'), requestId } });
        const { data, attributes } = await system.resultOf(requestId);
        const from = system.logLines.length;
        const logged = (event: string) =>
          system.logLines.slice(from).filter((line) => line.includes(`"event":"${event}"`)).length;
        // The path of another topic is a mistake that is easily made.
        const topics = isBare ? [undefined] : (['results', 'requests', 'triggers', 'rechecks'] as const);
        for (const topic of topics) assert.equal(await push(form, topic, { data, attributes }), 204);
        await system.logged(() => logged('message.ignored') === topics.length);
        assert.equal(logged('request.rejected'), 0);
      });
    }
  }

  it('two requests without an id, with the same content and unwrapped without metadata, are two requests', async () => {
    const data = { operation: inNotebooks('same'), reason: 'the same' };
    for (let times = 0; times < 2; times += 1) {
      assert.equal(await push('unwrapped without metadata', 'requests', { data }), 204);
    }
    const ids = () =>
      [...system.results.values()]
        .flat()
        .filter(({ data: { reason } }) => reason === 'the same')
        .map(({ attributes }) => attributes['ce-id']);
    await system.resultWhere(() => ids().length === 2);
    assert.equal(new Set(ids()).size, 2);
  });

  const STACK = /^\s+at |Error:|"severity":"ERROR"/;
  const JSON_TYPE = { 'content-type': 'application/json' };
  const CLOUD_EVENT = {
    'ce-specversion': '1.0',
    'ce-id': 'e',
    'ce-source': '/e',
    'ce-type': 'lro-cancel.request.v1',
  };
  const EVENT = JSON.stringify({
    specversion: '1.0',
    id: 'e',
    source: '/e',
    type: 'lro-cancel.request.v1',
    data: { operation: 'x' },
  });
  for (const [title, method, path, headers, body, status] of [
    ['GET /', 'GET', '', {}, null, 200],
    ['HEAD /', 'HEAD', '', {}, null, 200],
    ['GET /healthz', 'GET', 'healthz?full=1', {}, null, 200],
    ['GET of a topic', 'GET', 'projects/p/topics/lro-cancel-requests', {}, null, 404],
    ['GET /favicon.ico', 'GET', 'favicon.ico', {}, null, 404],
    ['OPTIONS', 'OPTIONS', '', {}, null, 405],
    ['PUT with a request', 'PUT', '', JSON_TYPE, '{"operation": "x"}', 405],
    ['PATCH', 'PATCH', '', JSON_TYPE, '{', 405],
    ['DELETE', 'DELETE', 'x', {}, null, 405],
    ['POST without a body', 'POST', '', {}, null, 400],
    ['POST of an empty JSON', 'POST', '', JSON_TYPE, '', 400],
    ['POST of broken JSON', 'POST', '', JSON_TYPE, '{"operation": ', 400],
    ['POST of a list', 'POST', '', JSON_TYPE, '[]', 400],
    ['POST of null', 'POST', '', JSON_TYPE, 'null', 400],
    ['POST of a form', 'POST', '', {}, new URLSearchParams({ operation: 'x' }), 400],
    ['POST of an unknown type', 'POST', '', { 'content-type': 'a/b' }, '{"operation": "x"}', 400],
    ['POST of a broken type', 'POST', '', { 'content-type': ';;' }, '{"operation": "x"}', 400],
    [
      'POST in an unknown charset',
      'POST',
      '',
      { 'content-type': 'application/json; charset=x' },
      '\u00e9',
      400,
    ],
    ['POST in an unknown encoding', 'POST', '', { ...JSON_TYPE, 'content-encoding': 'gzip' }, '{', 400],
    ['a structured CloudEvent as text', 'POST', '', { 'content-type': 'text/plain' }, EVENT, 400],
    [
      'a binary CloudEvent as text',
      'POST',
      '',
      { ...CLOUD_EVENT, 'content-type': 'text/plain', traceparent: '00-1-2-01' },
      '{"operation": "x"}',
      400,
    ],
    ['a binary CloudEvent without data', 'POST', '', CLOUD_EVENT, null, 400],
    [
      'a structured CloudEvent that is no JSON',
      'POST',
      '',
      { 'content-type': 'application/cloudevents+json' },
      '{',
      400,
    ],
    ['a body of 33 MB', 'POST', '', JSON_TYPE, 'x'.repeat(33 * 1024 * 1024), 413],
  ] as const) {
    it(`a request that carries no message is answered shortly, without a stack: ${title}`, async () => {
      const logged = system.logLines.length;
      const response = await fetch(`${system.fn.url}/${path}`, { method, headers, body });
      const text = await response.text();
      assert.equal(response.status, status);
      assert.ok(text.length < 200, text);
      assert.equal(response.headers.get('allow') !== null, status === 405);
      assert.equal((await post('', JSON_TYPE, '{"operation": "nonsense"}')).status, 204);
      assert.deepEqual(
        system.logLines.slice(logged).filter((line) => STACK.test(line)),
        [],
      );
    });
  }

  for (const [title, path, headers, body] of [
    ['broken JSON', 'topic', JSON_TYPE, '{"operation": '],
    ['no body', 'topic', {}, ''],
    ['text', 'topic', { 'content-type': 'text/plain' }, 'Hello'],
    ['broken JSON on the bare URL, with metadata', '', { 'x-goog-pubsub-message-id': 'bad-1' }, '{'],
    ['broken JSON on the bare URL, by its user agent', '', { 'user-agent': 'CloudPubSub-Google' }, '{'],
    ['a push without data', 'topic', JSON_TYPE, '{"message": {"messageId": "1", "attributes": {"a": "b"}}}'],
    ['a push without an id', 'topic', JSON_TYPE, '{"message": {}}'],
    [
      'an event of Eventarc that is no JSON',
      '',
      { ...CLOUD_EVENT, 'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished', ...JSON_TYPE },
      '{',
    ],
  ] as const) {
    it(`a message of Pub/Sub that cannot be read is answered with REJECTED and acknowledged: ${title}`, async () => {
      const rejected = () => [...system.results.values()].flat().length;
      const before = rejected();
      const to = path === 'topic' ? system.topology.topics.requests : path;
      assert.equal((await post(to, headers, body)).status, 204);
      await system.resultWhere(() => rejected() > before);
    });
  }
});

/** A re-check that is due, of an operation that there is not. */
function recheckOf(requestId: string) {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  return {
    requestId,
    messageId: 'm',
    operation: {
      service: 'notebooks',
      version: 'v2',
      name: 'projects/my-project/locations/us-central1/operations/none',
    },
    requestedAt: at(-2_000),
    deadline: at(60_000),
    notBefore: at(-1_000),
    step: 'confirm',
    attempt: 1,
    postponements: 0,
    cancel: { attempts: 1, acceptedAt: at(-2_000) },
    confirm: { checks: 0 },
  };
}
