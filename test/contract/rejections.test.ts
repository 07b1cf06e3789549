import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributesOf, EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { pushBody } from '../support/test-app.ts';
import { BUDGET_ALERT } from '../support/budget-alert.ts';
import { URL_OF_NAME } from '../support/fakes.ts';
import { NIGHTLY } from '../support/sweep-harness.ts';
import { DEAD_LETTERS, RECHECKS, REQUESTS, RESULTS, startFramework, TRIGGERS } from './framework.ts';
import type { App } from './framework.ts';
import { OF_ANOTHER_PROJECT, posted, REJECTED_MESSAGES } from './rejections.refusals.ts';

const framework = await startFramework();
const { post } = framework;
let app: App;

describe('a message that cannot become a request', () => {
  itRefuses(REJECTED_MESSAGES, (title) => `reading refuses a request message: ${title}`);

  for (const { title, input, code, refuse } of REJECTED_MESSAGES) {
    it(`a request message is answered with REJECTED and calls no service: ${title}`, async () => {
      app = framework.startApp({ allowedServices: ['*'] });
      assert.equal(await post(REQUESTS, posted(...input)), 204);
      const [result, ...more] = app.publisher.results();
      assert.deepEqual([result?.outcome, result?.error?.type, more.length], ['REJECTED', code, 0]);
      assert.equal(result?.error?.message, failureOf(refuse).message);
      assert.deepEqual([result.messageId, result.requestId], ['4711', '4711']);
      assert.deepEqual([app.resourceApi.calls, app.scheduler.sent], [[], []]);
    });
  }

  it('a rejection names the operation that the policy forbids', async () => {
    app = framework.startApp();
    await post(REQUESTS, pushBody({ operation: OF_ANOTHER_PROJECT, service: 'notebooks' }));
    const [published] = app.publisher.published;
    assert.ok(published !== undefined);
    assert.equal(published.event.subject, `//notebooks.googleapis.com/${OF_ANOTHER_PROJECT}`);
    assert.equal(published.event.attributes?.service, 'notebooks');
  });

  it('a rejection repeats the fields of the request, so that its sender can recognize it', async () => {
    app = framework.startApp();
    await post(
      REQUESTS,
      pushBody({ operation: 'nonsense', requestId: 'mine', reason: 'r', labels: { a: 'b' } }),
    );
    const [result] = app.publisher.results();
    assert.deepEqual(
      [result?.requestId, result?.reason, result?.labels, result?.operation, result?.messageId],
      ['mine', 'r', { a: 'b' }, { reference: 'nonsense' }, '4711'],
    );
  });

  it('rejections of two long requests that differ in their last character have different ids', async () => {
    const ids = [];
    for (const end of ['a', 'b']) {
      app = framework.startApp();
      await post(REQUESTS, pushBody({ operation: `${'x'.repeat(1_500)}${end}`, requestId: 'mine' }));
      ids.push(app.publisher.published[0]?.event.id);
    }
    assert.notEqual(ids[0], ids[1]);
  });

  it('a rejected message that is delivered again is answered with the same id', async () => {
    const ids = [];
    for (let count = 0; count < 2; count += 1) {
      app = framework.startApp();
      await post(REQUESTS, pushBody('nonsense'));
      ids.push(app.publisher.published[0]?.event.id);
    }
    assert.equal(ids[0], ids[1]);
  });

  it('a body that is not from Pub/Sub is answered with REJECTED too', async () => {
    app = framework.startApp();
    assert.equal(await post('', { hello: 'world' }), 204);
    assert.match(app.publisher.results()[0]?.requestId ?? '', /^unidentified-/);
  });
});

describe('a trigger', () => {
  it('a trigger is answered with REJECTED if no sweep is configured', async () => {
    app = framework.startApp();
    assert.equal(await post(TRIGGERS, pushBody({ sweep: 'nightly' })), 204);
    assert.deepEqual(
      app.publisher.results().map(({ outcome }) => outcome),
      ['REJECTED'],
    );
  });
});
describe('an event that the function published', () => {
  const CONTEXT = {
    'ce-specversion': '1.0',
    'ce-id': 'x',
    'ce-source': 'urn:lro-cancel',
    'ce-type': EVENT_TYPE.result,
  };

  it('a result that comes back is ignored on every topic, and so is the answer to what only looks like one', async () => {
    app = framework.startApp();
    assert.equal(await post(REQUESTS, pushBody({ outcome: 'CANCELLED' }, CONTEXT)), 204);
    const [answer, ...more] = app.publisher.published;
    assert.ok(answer !== undefined && more.length === 0);
    assert.equal((answer.event.data as { outcome: string }).outcome, 'REJECTED');
    for (const topic of [REQUESTS, TRIGGERS, RECHECKS, RESULTS, DEAD_LETTERS, '']) {
      for (const attributes of [attributesOf(answer.event), undefined]) {
        // A dead letter without attributes is answered with ERROR, once: nothing tells of its way.
        if (topic === DEAD_LETTERS && attributes === undefined) continue;
        assert.equal(await post(topic, pushBody(answer.event.data, attributes)), 204);
      }
    }
    assert.equal(await post(RESULTS, pushBody({})), 204);
    assert.equal(app.publisher.published.length, 1);
  });
});

describe('a message on a topic where it does not belong', () => {
  const RECHECK = {
    requestId: 'r',
    operation: {},
    step: 'cancel',
    attempt: 1,
    deadline: 'd',
    notBefore: 'n',
  };
  const typed = (type: string) => ({
    'ce-specversion': '1.0',
    'ce-id': 'x',
    'ce-source': '/x',
    'ce-type': type,
  });
  for (const [title, topic, data, type, belongs] of [
    ['a trigger among the requests', REQUESTS, { sweep: 'nightly' }, undefined, 'triggers'],
    ['a budget alert among the requests', REQUESTS, BUDGET_ALERT, undefined, 'triggers'],
    ['a re-check among the requests', REQUESTS, RECHECK, undefined, 'rechecks'],
    ['a request among the triggers', TRIGGERS, { operation: 'o' }, undefined, 'requests'],
    ['a re-check among the triggers', TRIGGERS, RECHECK, undefined, 'rechecks'],
    ['a request among the re-checks', RECHECKS, { operation: URL_OF_NAME }, undefined, 'requests'],
    ['a trigger among the re-checks', RECHECKS, { sweep: 'nightly' }, undefined, 'triggers'],
    ['a budget alert among the re-checks', RECHECKS, BUDGET_ALERT, undefined, 'triggers'],
    ['the type of a result', REQUESTS, { operation: URL_OF_NAME }, EVENT_TYPE.result, 'results'],
    ['the type of a report', REQUESTS, { operation: URL_OF_NAME }, EVENT_TYPE.sweepReport, 'results'],
    ['the type of a result on no topic', '', { operation: URL_OF_NAME }, EVENT_TYPE.result, 'results'],
    ['the type of a re-check', REQUESTS, { operation: URL_OF_NAME }, EVENT_TYPE.recheck, 'rechecks'],
    ['the type of a trigger', REQUESTS, { operation: URL_OF_NAME }, EVENT_TYPE.trigger, 'triggers'],
    ['the type of a request', TRIGGERS, { sweep: 'nightly' }, EVENT_TYPE.request, 'requests'],
    ['the type of another version', REQUESTS, { operation: URL_OF_NAME }, 'lro-cancel.request.v2', undefined],
  ] as const) {
    it(`a misplaced message does nothing, and its answer names its topic: ${title}`, async () => {
      app = framework.startApp({ environment: { SWEEPS: JSON.stringify({ nightly: NIGHTLY }) } });
      assert.equal(await post(topic, pushBody(data, type && typed(type))), 204);
      const [result, ...more] = app.publisher.results();
      assert.deepEqual([result?.outcome, result?.error?.type, more.length], ['REJECTED', 'ValueError', 0]);
      assert.match(
        result?.detail ?? '',
        belongs === undefined
          ? /is not a type of event/
          : new RegExp(`belongs on the topic lro-cancel-${belongs}`),
      );
      assert.deepEqual([app.resourceApi.calls, app.scheduler.sent], [[], []]);
    });
  }
});
