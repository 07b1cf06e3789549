import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { pushBody } from '../support/test-app.ts';
import { REQUESTS, RESULTS, startFramework, TRIGGERS } from './framework.ts';
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
  it('an event that the function published is ignored when it is delivered to the function, which prevents a loop', async () => {
    app = framework.startApp();
    const attributes = {
      'ce-specversion': '1.0',
      'ce-id': 'x',
      'ce-source': 'urn:lro-cancel',
      'ce-type': EVENT_TYPE.result,
    };
    assert.equal(await post(REQUESTS, pushBody({ outcome: 'CANCELLED' }, attributes)), 204);
    assert.equal(await post(RESULTS, pushBody({})), 204);
    assert.deepEqual(app.publisher.published, []);
  });
});
