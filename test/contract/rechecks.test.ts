import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { DONE_CANCELLED, NOON_MS, OK, RUNNING, status, URL_OF_NAME } from '../support/fakes.ts';
import { failureOf } from '../support/refusals.ts';
import { pushBody } from '../support/test-app.ts';
import { DEAD_LETTERS, RECHECKS, REQUESTS, startFramework } from './framework.ts';
import type { App } from './framework.ts';
import { readAsFunction } from './rejections.refusals.ts';

const framework = await startFramework();
const { post } = framework;
let app: App;

describe('a re-check', () => {
  /** The re-check that a request leaves behind. */
  async function afterRequest(answers: Parameters<typeof framework.startApp>[0]) {
    app = framework.startApp(answers);
    await post(REQUESTS, pushBody({ operation: URL_OF_NAME }));
    const [sent] = app.scheduler.sent;
    assert.ok(sent !== undefined);
    return pushBody(JSON.parse(JSON.stringify(sent.event.data)), {
      'ce-specversion': '1.0',
      'ce-id': sent.event.id,
      'ce-type': sent.event.type,
    });
  }

  it('a re-check that is due much later is not acknowledged, and calls no service', async () => {
    const recheck = await afterRequest({
      answers: { cancel: [status(429, 'RESOURCE_EXHAUSTED', [], '60')] },
    });
    assert.equal(await post(RECHECKS, recheck), 500);
    assert.equal(app.resourceApi.calls.length, 1);
    app.clock.advance(49_999);
    assert.equal(await post(RECHECKS, recheck), 500);
  });

  it('a re-check that is almost due is held until its due time', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    app.clock.advance(1_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.deepEqual(app.clock.slept, [4_000]);
    assert.deepEqual(
      app.publisher.results().map(({ outcome }) => outcome),
      ['CANCELLED'],
    );
  });

  it('a re-check that finds the operation running schedules the next one', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK], get: [RUNNING] } });
    app.clock.advance(5_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.equal(app.scheduler.sent[1]?.dueMs, NOON_MS + 15_000);
    assert.deepEqual(app.publisher.results(), []);
  });

  it('the first re-check is due after the delay of the setting, and the second after twice that time', async () => {
    const environment = { FIRST_RECHECK_AFTER: '2s' };
    const recheck = await afterRequest({ environment, answers: { cancel: [OK], get: [RUNNING] } });
    app.clock.advance(2_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.deepEqual(
      app.scheduler.sent.map(({ dueMs }) => dueMs - NOON_MS),
      [2_000, 6_000],
    );
  });

  it('a re-check that waited while the setting changed has its next delay by the new one', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK] } });
    app = framework.startApp({ environment: { FIRST_RECHECK_AFTER: '60s' }, answers: { get: [RUNNING] } });
    app.clock.advance(5_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.equal(app.scheduler.sent[0]?.dueMs, NOON_MS + 125_000);
  });

  it('a re-check that is delivered twice publishes two results with one id', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    app.clock.advance(5_000);
    await post(RECHECKS, recheck);
    await post(RECHECKS, recheck);
    const ids = app.publisher.published.map(({ event }) => event.id);
    assert.equal(ids.length, 2);
    assert.equal(new Set(ids).size, 1);
  });

  it('a forged re-check reaches no other host and no other resource', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK] } });
    const data = JSON.parse(Buffer.from(recheck.message.data ?? '', 'base64').toString()) as {
      operation: object;
    };
    for (const changes of [
      { name: 'accounts/A/customers/C/entitlements/E' },
      { service: 'evil.example' },
      { name: '//evil.example/o' },
      { name: 'projects/my-project/locations/../operations/o1' },
      { name: 'projects/my-project/locations/us-central1/operations/o1:delete' },
    ]) {
      const forged = { ...data, operation: { ...data.operation, ...changes } };
      app.clock.advance(10_000);
      assert.equal(await post(RECHECKS, pushBody(forged, recheck.message.attributes)), 204);
      const result = app.publisher.results().at(-1);
      assert.equal(result?.outcome, 'ERROR');
      assert.match(result.detail, /^This deployment may not handle the operation any more: operation\./);
    }
    assert.equal(app.resourceApi.calls.length, 1);
  });

  it('a re-check of an operation that this revision does not know calls no service, and its result says that the cancel was accepted', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK] } });
    const data = JSON.parse(Buffer.from(recheck.message.data ?? '', 'base64').toString()) as {
      operation: object;
    };
    const later = { ...data, operation: { ...data.operation, version: 'v3' } };
    app.clock.advance(10_000);
    assert.equal(await post(RECHECKS, pushBody(later, recheck.message.attributes)), 204);
    const result = app.publisher.results().at(-1);
    assert.deepEqual(
      [result?.outcome, result?.cancel.attempts, result?.operation?.version, result?.messageId],
      ['ERROR', 1, 'v3', '4711'],
    );
    assert.equal(Object.hasOwn(result?.operation ?? {}, 'url'), false);
    assert.match(
      result?.detail ?? '',
      /operation\.version: notebooks has no version "v3".* had been accepted at/,
    );
  });

  it('a re-check of a project that is no longer allowed calls no service, and its result says that the cancel was accepted', async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK] } });
    const [sent] = app.scheduler.sent;
    app = framework.startApp({ allowedProjects: ['other'] });
    app.clock.advance(5_000);
    assert.equal(await post(RECHECKS, recheck), 204);
    const [result] = app.publisher.results();
    assert.deepEqual(
      [result?.outcome, result?.error?.type, result?.cancel.attempts],
      ['ERROR', 'ValueError', 1],
    );
    assert.match(
      result?.detail ?? '',
      /may not handle the operation any more.*The cancel had been accepted at 2026/,
    );
    assert.equal(app.publisher.published[0]?.event.subject, sent?.event.subject);
    assert.deepEqual(app.resourceApi.calls, []);
  });

  it("a re-check of another project than the function's own sends no GET, even before the own project is known", async () => {
    const recheck = await afterRequest({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    const data = Buffer.from(recheck.message.data ?? '', 'base64')
      .toString()
      .replace('projects/my-project/', 'projects/other-project/');
    app.clock.advance(5_000);
    assert.equal(
      await post(RECHECKS, {
        ...recheck,
        message: { ...recheck.message, data: Buffer.from(data).toString('base64') },
      }),
      204,
    );
    assert.deepEqual(
      app.resourceApi.calls.filter((call) => call.startsWith('GET')),
      [],
    );
    const operation = 'projects/other-project/locations/us-central1/operations/o1';
    const { message } = failureOf(() => readAsFunction({ operation, service: 'notebooks' }));
    assert.ok(app.publisher.results()[0]?.detail.includes(message));
  });

  it('a re-check of a throttled cancel sends the cancel again', async () => {
    const recheck = await afterRequest({
      answers: { cancel: [status(429, 'RESOURCE_EXHAUSTED', [], '60'), OK] },
    });
    assert.equal(app.scheduler.sent[0]?.dueMs, NOON_MS + 60_000);
    app.clock.advance(58_999);
    assert.equal(
      await post(RECHECKS, recheck),
      500,
      'the re-check is not held: the POST may need all the time of the delivery',
    );
    app.clock.advance(1);
    assert.equal(await post(RECHECKS, recheck), 204, 'two clocks may differ by a second');
    assert.equal(app.clock.now(), NOON_MS + 60_000, 'the delivery waited until the due time');
    assert.equal(app.resourceApi.calls.filter((call) => call.startsWith('POST')).length, 2);
    assert.equal((app.scheduler.sent[1]?.event.data as { step: string }).step, 'confirm');
  });

  it('a re-check of a refused cancel is held until its due time, and sends the cancel again', async () => {
    const recheck = await afterRequest({
      answers: { cancel: [status(400, 'FAILED_PRECONDITION'), OK], get: [RUNNING] },
    });
    assert.equal((app.scheduler.sent[0]?.event.data as { step: string }).step, 'cancel');
    assert.equal(await post(RECHECKS, recheck), 204);
    assert.equal(app.clock.now(), NOON_MS + 5_000);
    assert.equal(app.resourceApi.calls.filter((call) => call.startsWith('POST')).length, 2);
  });
});

describe('a dead letter', () => {
  const deadLetterAttributes = {
    CloudPubSubDeadLetterSourceDeliveryCount: '20',
    CloudPubSubDeadLetterSourceSubscription: 'lro-cancel-requests-push',
  };

  it('a dead letter is answered with ERROR, and calls no service', async () => {
    app = framework.startApp();
    assert.equal(
      await post(DEAD_LETTERS, pushBody({ operation: URL_OF_NAME, requestId: 'mine' }, deadLetterAttributes)),
      204,
    );
    const [result] = app.publisher.results();
    assert.deepEqual(
      [result?.outcome, result?.error?.type, result?.requestId, result?.operation?.url],
      ['ERROR', 'DeadLetter', 'mine', URL_OF_NAME],
    );
    assert.match(result?.detail ?? '', /after 20 deliveries by the subscription lro-cancel-requests-push/);
    assert.deepEqual(app.resourceApi.calls, []);
  });

  it('the dead letter of a re-check is answered with the id of the result of its request', async () => {
    app = framework.startApp({ answers: { cancel: [OK], get: [DONE_CANCELLED] } });
    await post(REQUESTS, pushBody({ operation: URL_OF_NAME }));
    const [sent] = app.scheduler.sent;
    const attributes = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-type': EVENT_TYPE.recheck };
    app.clock.advance(5_000);
    await post(RECHECKS, pushBody(sent?.event.data, attributes));
    await post(DEAD_LETTERS, pushBody(sent?.event.data, { ...attributes, ...deadLetterAttributes }));
    const [result, dead] = app.publisher.published;
    assert.equal(result?.event.id, dead?.event.id);
    assert.equal((dead?.event.data as { cancel: { attempts: number } }).cancel.attempts, 1);
  });

  it('the dead letter of a re-check that was not yet due is scheduled again', async () => {
    app = framework.startApp({ answers: { cancel: [status(429, 'RESOURCE_EXHAUSTED', [], '600')] } });
    await post(REQUESTS, pushBody({ operation: URL_OF_NAME }));
    const [sent] = app.scheduler.sent;
    const attributes = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-type': EVENT_TYPE.recheck };
    assert.equal(
      await post(DEAD_LETTERS, pushBody(sent?.event.data, { ...attributes, ...deadLetterAttributes })),
      204,
    );
    const [first, second] = app.scheduler.sent;
    const { attempt, ...data } = first?.event.data as { attempt: number };
    assert.deepEqual([second?.dueMs, second?.event.data], [first?.dueMs, { ...data, attempt: attempt + 1 }]);
    assert.notEqual(
      second?.event.id,
      first?.event.id,
      'Cloud Tasks would take a task with the same id for a duplicate',
    );
    assert.deepEqual(app.publisher.results(), []);
  });

  it('a dead letter that cannot be read is answered with ERROR', async () => {
    app = framework.startApp();
    assert.equal(await post(DEAD_LETTERS, pushBody('nonsense', deadLetterAttributes)), 204);
    assert.deepEqual(
      app.publisher.results().map(({ outcome, requestId }) => [outcome, requestId]),
      [['ERROR', '4711']],
    );
  });
});
