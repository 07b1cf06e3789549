import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { OK, RUNNING, URL_OF_NAME } from '../support/fakes.ts';
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
