import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUDGET_ALERT, BUDGET_ATTRIBUTES } from '../support/budget-alert.ts';
import { pushBody } from '../support/test-app.ts';
import { NIGHTLY } from '../support/sweep-harness.ts';
import { startFramework, TRIGGERS } from './framework.ts';

const { startApp, post } = await startFramework();
const environment = {
  SWEEPS: JSON.stringify({ nightly: NIGHTLY }),
  BUDGETS: JSON.stringify([{ budgetId: BUDGET_ATTRIBUTES.budgetId, sweep: 'nightly' }]),
};
const EVENTARC = {
  'ce-id': '4711',
  'ce-source': `//pubsub.googleapis.com/${TRIGGERS}`,
  'ce-specversion': '1.0',
  'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
};

describe('a trigger, through the framework', () => {
  for (const [way, path, headers] of [
    ['a push', TRIGGERS, {}],
    ['Eventarc', '', EVENTARC],
  ] as const) {
    for (const [who, body] of [
      ['a scheduler', pushBody({ sweep: 'nightly' })],
      ['Cloud Billing', pushBody(BUDGET_ALERT, BUDGET_ATTRIBUTES)],
    ] as const) {
      it(`a trigger of ${who} by ${way} starts its sweep`, async () => {
        const app = startApp({ environment });
        assert.equal(await post(path, body, headers), 204);
        assert.deepEqual(
          app.scheduler.sent.map(({ event }) => (event.data as { sweep: string }).sweep),
          ['nightly'],
        );
      });
    }
  }

  it('a trigger that has only attributes, which the framework does not convert, is answered with REJECTED', async () => {
    const app = startApp({ environment });
    assert.equal(await post(TRIGGERS, pushBody(undefined, { sweep: 'nightly' })), 204);
    assert.equal(app.publisher.results()[0]?.outcome, 'REJECTED');
  });
});
