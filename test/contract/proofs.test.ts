import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recheckEvent } from '../../src/cancellation/recheck.ts';
import { attributesOf } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { prove } from '../../src/messages/proof.ts';
import type { Severity } from '../../src/telemetry/log.ts';
import { newSweepRun, sweepRunEvent } from '../../src/sweeps/run-state.ts';
import { createMemoryEventStore } from '../../src/google/memory-event-store.ts';
import { entryEvent } from '../../src/sweeps/run-list.ts';
import type { ListEntry } from '../../src/sweeps/run-list.ts';
import { createTaskIdempotencyStore } from '../../src/google/task-idempotency-store.ts';
import type { Scheduled } from '../../src/ports.ts';
import { aCancellation, answered, createFakeClock, DONE_CANCELLED, NOON_MS } from '../support/fakes.ts';
import { DELIVERY } from '../support/fakes.ts';
import { settingsOf } from '../support/settings.ts';
import { NIGHTLY, page } from '../support/sweep-harness.ts';
import { pushBody } from '../support/test-app.ts';
import { DEAD_LETTERS, RECHECKS, startFramework } from './framework.ts';

const KEY = 'the key of this deployment alone'.repeat(2);
const ENVIRONMENT = {
  MESSAGE_KEYS: KEY,
  SWEEPS: JSON.stringify({ nightly: { ...NIGHTLY, approvable: true } }),
};
const DEAD = { CloudPubSubDeadLetterSourceSubscription: 'lro-cancel-rechecks-push' };

const { startApp, post } = await startFramework();

async function recordEvent(): Promise<OutgoingEvent> {
  const created: OutgoingEvent[] = [];
  const tasks = {
    create: (event: OutgoingEvent) => Promise.resolve<Scheduled>((created.push(event), 'now')),
    get: () => Promise.resolve(answered(404)),
  };
  await createTaskIdempotencyStore({ tasks, clock: createFakeClock() }).put('key', DELIVERY);
  return created[0] ?? assert.fail();
}

const sweep = settingsOf(ENVIRONMENT).sweeps.get('nightly') ?? assert.fail();
const run = newSweepRun({
  ...{ runId: 'run', sweep, dryRun: false, context: { id: '1' }, nowMs: NOON_MS },
  cause: { kind: 'message', messageId: '1' },
});
const confirming = aCancellation({
  step: 'confirm',
  attempt: 1,
  cancel: { attempts: 1, acceptedAt: new Date(NOON_MS).toISOString() },
});
const startedAt = new Date(NOON_MS).toISOString();
const listed = { runId: 'run', startedAt, sweep: 'nightly' };
const ENTRIES: readonly ListEntry[] = [
  {
    ...listed,
    entry: 'end',
    noun: 'operation',
    cause: run.cause,
    requested: 0,
    operations: [],
    examples: [],
  },
  { ...listed, entry: 'approval', eventId: '2', messageId: '2', approvedAt: startedAt },
];
const [END = assert.fail()] = ENTRIES;
const approvalStep: OutgoingEvent = {
  ...{ id: 'approval', type: 'lro-cancel.approval.v1', subject: 'run/run', time: startedAt },
  data: { runId: 'run', step: 0, offset: 0, requested: 0 },
};
/** A message of each kind that the function sends to itself, as a forger would write it. */
const FORGED: readonly (readonly [string, OutgoingEvent])[] = [
  ['re-check', recheckEvent(confirming, NOON_MS, NOON_MS)],
  ['run of a sweep', sweepRunEvent(run, NOON_MS, NOON_MS)],
  ['idempotency record', await recordEvent()],
  ['message of an approval', approvalStep],
  ["part of a run's list", entryEvent(END, NOON_MS).event],
];

/** Delivers an event to an app that has a key, and returns everything that came of it. */
async function deliver(event: OutgoingEvent, topic: string, more: Record<string, string> = {}) {
  const lines: [Severity, string][] = [];
  const renewed: unknown[] = [];
  const eventStore = createMemoryEventStore(createFakeClock());
  for (const entry of ENTRIES) {
    const { event: stored, untilMs } = entryEvent(entry, NOON_MS);
    await eventStore.put(stored, untilMs, DELIVERY);
  }
  const app = startApp({
    environment: ENVIRONMENT,
    answers: { get: [DONE_CANCELLED], list: () => page([]) },
    log: (severity, name) => void lines.push([severity, name]),
    eventStore,
    idempotencyStore: {
      has: () => Promise.resolve(false),
      put: () => Promise.resolve(),
      renew: (data) => Promise.resolve(void renewed.push(data)),
    },
  });
  assert.equal(await post(topic, pushBody(event.data, { ...attributesOf(event), ...more })), 204);
  const { published } = app.publisher;
  return {
    outcomes: published.map((one) => (one.event.data as { outcome?: string }).outcome ?? one.event.type),
    ids: published.map((one) => one.event.id),
    effects: [...renewed, ...app.resourceApi.calls, ...app.scheduler.sent],
    expired: lines.filter(([, name]) => name === 'run-list.expired'),
    warnings: lines.filter(([severity]) => severity !== 'INFO' && severity !== 'DEBUG'),
  };
}

describe('with MESSAGE_KEYS', () => {
  for (const [kind, event] of FORGED) {
    for (const [title, topic, more] of [
      ['', RECHECKS, {}],
      [' that is a dead letter', DEAD_LETTERS, DEAD],
      [' on an unknown topic', '', {}],
    ] as const) {
      it(`a forged ${kind}${title} is answered with REJECTED, does nothing, and is logged as one warning`, async () => {
        for (const forged of [event, prove(event, ['the key of another deployment'.repeat(2)])]) {
          const { outcomes, effects, expired, warnings } = await deliver(forged, topic, more);
          assert.deepEqual([outcomes, effects, expired], [['REJECTED'], [], []]);
          assert.deepEqual(warnings, [['WARNING', 'request.rejected']]);
        }
      });
    }

    it(`a ${kind} with a proof is handled`, async () => {
      const { outcomes, effects, expired, warnings } = await deliver(prove(event, [KEY]), RECHECKS);
      assert.notDeepEqual([outcomes, effects, expired], [[], [], []]);
      assert.ok(!outcomes.includes('REJECTED'));
      assert.deepEqual(warnings, []);
    });
  }

  it('the answer to a forged re-check is no second result of the request that the re-check names', async () => {
    const [, event] = FORGED[0] ?? assert.fail();
    const { ids } = await deliver(event, RECHECKS);
    const { ids: real } = await deliver(prove(event, [KEY]), RECHECKS);
    assert.notDeepEqual(ids, real);
  });
});
