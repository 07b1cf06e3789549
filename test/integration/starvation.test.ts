import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FaultStep } from '../../local/emulators/google-apis/google-services.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

const OTHERS = 100;
const MAX_WAIT_MS = 10_000;

describe('a cancel that its service takes, in the built function', () => {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem({ delay: 'cloud-tasks', concurrency: 1_000, outstandingPushes: 1_000 });
  });
  after(() => system.close());

  for (const [title, fault] of [
    ['are refused', { kind: 'RESOURCE_EXHAUSTED', times: 'always' }],
    ['hang', { kind: 'hang', times: 'always' }],
  ] as const satisfies [string, FaultStep][]) {
    it(`a cancel is accepted within 10 s beside a hundred of the same project that ${title}`, async () => {
      for (let index = 0; index < OTHERS; index += 1) {
        const operation = inNotebooks(`${fault.kind}-${index}`);
        system.services.add(operation, { cancelFaults: [fault] });
        await system.request({ operation, requestId: `${fault.kind}-${index}`, confirmWithin: '60s' });
      }
      const operation = inNotebooks(`taken-${fault.kind}`).replace('us-central1', 'europe-west1');
      const requestId = `taken-${fault.kind}`;
      system.services.add(operation, {});
      const startMs = Date.now();
      await system.request({ operation, requestId });
      const { data } = await system.resultOf(requestId);
      assert.equal(data.outcome, 'CANCELLED', data.detail);
      const waitedMs = Date.parse(data.cancel.acceptedAt ?? '') - startMs;
      assert.ok(waitedMs <= MAX_WAIT_MS, `${waitedMs} ms`);
    });
  }
});
