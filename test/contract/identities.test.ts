import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributesOf, EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { prove } from '../../src/messages/proof.ts';
import { OK, RUNNING, status, URL_OF_NAME } from '../support/fakes.ts';
import { NIGHTLY } from '../support/sweep-harness.ts';
import { pushBody } from '../support/test-app.ts';
import { REQUESTS, startFramework, TRIGGERS } from './framework.ts';

const { startApp, post } = await startFramework();
const context = (id: string, source: string) => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': source,
  'ce-type': 'com.example.event',
});
const ATTEMPT = { operation: URL_OF_NAME, requestId: 'mine' };

describe('the identity of a request', () => {
  it('the same request id with and without dryRun is two requests, with two results and two chains of re-checks', async () => {
    const ids: (string | undefined)[] = [];
    for (const dryRun of [true, false]) {
      const app = startApp({ answers: { cancel: [OK], get: [RUNNING] } });
      await post(REQUESTS, pushBody({ ...ATTEMPT, dryRun }));
      await post(REQUESTS, pushBody({ ...ATTEMPT, dryRun, operation: 'nonsense' }));
      await post(REQUESTS, pushBody({ requestId: 'mine', dryRun, operations: [URL_OF_NAME] }));
      ids.push(...[...app.publisher.published, ...app.scheduler.sent].map(({ event }) => event.id));
    }
    assert.equal(ids.length, 6);
    assert.equal(new Set(ids).size, ids.length);
  });

  for (const [title, path, message] of [
    ['requests', REQUESTS, { operation: URL_OF_NAME }],
    ['triggers', TRIGGERS, { sweep: 'nightly' }],
  ] as const) {
    it(`events are the same ${title} only if their source and their id are`, async () => {
      const environment = { SWEEPS: JSON.stringify({ nightly: NIGHTLY }) };
      const app = startApp({ environment, answers: { cancel: [OK, OK, OK, OK] } });
      for (const [id, source] of [
        ['1', '/a'],
        ['1', '/b'],
        ['2', '/a'],
        ['1', '/a'],
      ] as const) {
        assert.equal(await post(path, pushBody(message, context(id, source), `${id}${source}`)), 204);
      }
      const ids = app.scheduler.sent.map(({ event }) => event.id);
      assert.equal(ids.length, 4);
      assert.equal(ids[3], ids[0]);
      assert.equal(new Set(ids).size, 3);
    });
  }

  describe('that is sent again', () => {
    const idsOf = (events: readonly { readonly event: { readonly id: string } }[]) =>
      events.map(({ event }) => event.id);

    it('a request that is sent again has a chain of re-checks of its own, and a redelivered one has not', async () => {
      const app = startApp({ answers: { cancel: [OK], get: [RUNNING] } });
      await post(REQUESTS, pushBody(ATTEMPT, {}, 'm1'));
      await post(REQUESTS, pushBody(ATTEMPT, {}, 'm1'));
      await post(REQUESTS, pushBody({ ...ATTEMPT, confirmWithin: '3s' }, {}, 'm2'));
      const [first, redelivered, again] = idsOf(app.scheduler.sent);
      assert.equal(redelivered, first);
      assert.notEqual(again, first);
    });

    it('two requests with one id for one operation have one result id', async () => {
      const app = startApp({ answers: { cancel: [status(403, 'PERMISSION_DENIED')] } });
      await post(REQUESTS, pushBody(ATTEMPT, {}, 'm1'));
      await post(REQUESTS, pushBody(ATTEMPT, {}, 'm2'));
      const ids = idsOf(app.publisher.published);
      assert.equal(ids.length, 2);
      assert.equal(new Set(ids).size, 1);
    });

    it('the operations of a request that is sent again are requested again, and those of a redelivered one are not', async () => {
      const app = startApp({ answers: { cancel: [OK], get: [RUNNING] } });
      const many = { requestId: 'mine', operations: [URL_OF_NAME] };
      for (const messageId of ['m1', 'm1', 'm2']) await post(REQUESTS, pushBody(many, {}, messageId));
      const children = app.publisher.published.map(({ event }) => event);
      // Each of them is a message of its own.
      for (const [index, child] of children.entries()) {
        assert.equal((child.data as { requestId: string }).requestId, 'mine');
        await post(REQUESTS, pushBody(child.data, attributesOf(child), `child-${index}`));
      }
      for (const ids of [children.map(({ id }) => id), idsOf(app.scheduler.sent)]) {
        assert.equal(ids.length, 3);
        assert.equal(ids[1], ids[0]);
        assert.notEqual(ids[2], ids[0]);
      }
    });

    for (const [title, environment, change] of [
      ['other words', {}, { confirmWithin: '3s' }],
      ['no proof', { MESSAGE_KEYS: 'k'.repeat(32) }, {}],
    ] as const) {
      it(`a request that claims to be one of the function's own, with ${title}, does not end the chain of that one`, async () => {
        const app = startApp({ environment, answers: { cancel: [OK], get: [RUNNING] } });
        await post(REQUESTS, pushBody({ requestId: 'mine', operations: [URL_OF_NAME] }));
        const [child] = app.publisher.published.map(({ event }) => prove(event, ['k'.repeat(32)]));
        assert.ok(child);
        const claimed = attributesOf({ ...child, attributes: {} });
        await post(REQUESTS, pushBody({ ...(child.data as object), ...change }, claimed, 'forged'));
        await post(REQUESTS, pushBody(child.data, attributesOf(child), 'own'));
        assert.equal(new Set(idsOf(app.scheduler.sent)).size, 2);
      });
    }

    it('the log of a redelivered request says that its next step was scheduled already', async () => {
      const lines: string[] = [];
      startApp({
        answers: { cancel: [OK], get: [RUNNING] },
        log: (_severity, event, message) => {
          if (event === 'recheck.scheduled') lines.push(message);
        },
      });
      await post(REQUESTS, pushBody(ATTEMPT));
      await post(REQUESTS, pushBody(ATTEMPT));
      assert.match(lines[0] ?? '', /^Next: confirm, at /);
      assert.match(lines[1] ?? '', /scheduled the next step already$/);
    });
  });

  it('a dry trigger and a real one of the same event are two runs', async () => {
    const environment = { SWEEPS: JSON.stringify({ nightly: { ...NIGHTLY, dryRun: false } }) };
    const app = startApp({ environment });
    for (const dryRun of [true, false, undefined]) {
      await post(TRIGGERS, pushBody({ sweep: 'nightly', dryRun }, context('1', '/a')));
    }
    const [dry, real, also] = app.scheduler.sent.map(({ event }) => event.id);
    assert.notEqual(dry, real);
    assert.equal(also, real);
    assert.equal(app.scheduler.sent[0]?.event.type, EVENT_TYPE.sweepRun);
  });
});
