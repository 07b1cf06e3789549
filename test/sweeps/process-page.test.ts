import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/validation/failure.ts';
import { createRunMemory } from '../../src/sweeps/run-memory.ts';
import { newSweepRun } from '../../src/sweeps/run-state.ts';
import { parseSweeps } from '../../src/sweeps/sweep.ts';
import { processPage } from '../../src/sweeps/process-page.ts';
import { withSpan } from '../../src/telemetry/tracing.ts';
import { createFakeClock, createFakePublisher, createFakeResourceApi, NOON_MS } from '../support/fakes.ts';
import { entry, NIGHTLY } from '../support/sweep-harness.ts';

describe('processing a page while the own project is unknown', () => {
  const take = async (rules: object) => {
    const publisher = createFakePublisher();
    const ownProject = {
      id: () => Promise.reject(new Failure('Unavailable', 'not now')),
      names: () => Promise.reject(new Failure('Unavailable', 'not now')),
    };
    const ports = {
      policy: { check: () => Promise.resolve() },
      publisher,
      clock: createFakeClock(),
      resourceApi: createFakeResourceApi({}),
      random: () => 0,
      withSpan,
    };
    const sweep = parseSweeps({ nightly: { ...NIGHTLY, ...rules } }).get('nightly');
    const [listing] = sweep?.listings ?? [];
    assert.ok(sweep && listing);
    const cause = { kind: 'message', messageId: 'm' } as const;
    const run = newSweepRun({
      runId: 'r',
      sweep,
      cause,
      dryRun: false,
      context: { id: 'm' },
      nowMs: NOON_MS,
    });
    const page = { entries: [entry('a', 30)], nextPageToken: undefined, unreachable: [] };
    const memory = createRunMemory(sweep, run.memory);
    await processPage(
      page,
      { run, sweep, listing, collection: listing.collection, memory },
      { ownProject },
      ports,
    );
    return publisher.published.length;
  };

  for (const field of ['exclude', 'match']) {
    it(`a page is left to a later delivery when the own project is unknown and ${field} has patterns of names`, async () => {
      await assert.rejects(take({ [field]: '**/operations/keep-*' }), /not now/);
    });
  }

  it('a page is processed when the own project is unknown and no rule has patterns of names', async () =>
    assert.equal(await take({}), 1));
});
