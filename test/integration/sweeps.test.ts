import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OperationScript } from '../../local/emulators/google-apis/google-services.ts';
import type { SweepReport } from '../../src/sweeps/report.ts';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

const HOUR_MS = 3_600_000;
const OLD: OperationScript = { ageMs: 50 * HOUR_MS };
const YOUNG: OperationScript = { ageMs: HOUR_MS / 2 };
const LOCATION = 'projects/my-project/locations/us-central1';

/** A service with a list of operations, for a sweep of those that are older than a day. */
interface Case {
  readonly target: {
    readonly service: string;
    readonly version?: string;
    readonly parents?: readonly string[];
  };
  /** The beginning of the operations' URLs. */
  readonly base: string;
  readonly undated?: boolean;
}

const CASES: readonly Case[] = [
  {
    target: { service: 'notebooks', version: 'v2', parents: ['projects/my-project/locations/-'] },
    base: `https://notebooks.googleapis.com/v2/${LOCATION}/operations/`,
  },
  {
    target: {
      service: 'dialogflow',
      version: 'v2beta1',
      parents: ['projects/my-project/locations/europe-west1'],
    },
    base: 'https://europe-west1-dialogflow.googleapis.com/v2beta1/projects/my-project/locations/europe-west1/operations/',
    undated: true,
  },
  {
    target: { service: 'aiplatform', version: 'v1beta1', parents: [LOCATION] },
    base: `https://us-central1-aiplatform.googleapis.com/v1beta1/${LOCATION}/operations/`,
  },
  {
    target: { service: 'cloudaicompanion', parents: [LOCATION] },
    base: `https://cloudaicompanion.googleapis.com/v1/${LOCATION}/operations/`,
  },
  {
    target: { service: 'cloudchannel' },
    base: 'https://cloudchannel.googleapis.com/v1/operations/',
    undated: true,
  },
  {
    target: { service: 'storagetransfer', parents: ['projects/my-project'] },
    base: 'https://storagetransfer.googleapis.com/v1/transferOperations/transferJobs-',
  },
  {
    target: { service: 'documentai', version: 'v1', parents: ['projects/my-project/locations/eu'] },
    base: 'https://eu-documentai.googleapis.com/v1/projects/my-project/locations/eu/operations/',
  },
  {
    target: { service: 'container', version: 'v1', parents: ['projects/my-project/locations/-'] },
    base: `https://container.googleapis.com/v1/${LOCATION}/operations/`,
  },
  {
    target: { service: 'sqladmin', version: 'v1', parents: ['projects/my-project'] },
    base: 'https://sqladmin.googleapis.com/v1/projects/my-project/operations/',
  },
  {
    target: { service: 'storage', parents: ['b/my-bucket'] },
    base: 'https://storage.googleapis.com/storage/v1/b/my-bucket/operations/',
  },
];

const rules = { olderThan: '86400s', dryRun: false, confirmWithin: '60s' };
const sweeps = {
  ...Object.fromEntries(CASES.map(({ target }) => [target.service, { targets: [target], ...rules }])),
  'of-any-age': {
    targets: [{ service: 'dialogflow', version: 'v2', parents: ['projects/ageless'] }],
    dryRun: false,
  },
  'with-troubles': {
    targets: [
      {
        service: 'notebooks',
        version: 'v2',
        parents: ['denied', 'throttled', 'partial'].map((id) => `projects/troubled/locations/${id}`),
      },
    ],
    ...rules,
  },
  protected: {
    targets: [{ service: 'notebooks', version: 'v2', parents: ['projects/careful/locations/protected'] }],
    ...rules,
  },
};

describe('a sweep, through the built function', { concurrency: true }, () => {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem({
      settings: {
        SWEEPS: JSON.stringify(sweeps),
        ALLOWED_PROJECTS: 'my-project,troubled,careful,ageless',
        ALLOWED_SERVICES: '*,cloudchannel,storagetransfer,storage',
        PROTECTED_OPERATIONS: '**/locations/protected/operations/vital-*',
      },
    });
  });
  after(() => system.close());

  const cancels = (url: string) => system.services.requests({ url: `${url}:cancel` }).length;

  for (const { target, base, undated = false } of CASES) {
    it(`a sweep cancels the stale operations in the list of ${target.service}`, async () => {
      const suffix = target.service === 'storagetransfer' ? '-1' : '';
      const url = (id: string) => `${base}${id}${suffix}`;
      system.services.add(url('111'), OLD);
      system.services.add(url('222'), YOUNG);
      system.services.add(url('333'), { ...OLD, state: 'succeeded' });
      await system.trigger({ sweep: target.service });
      const report = await system.reportOf(target.service);
      const { done, tooYoung } = report.skipped;
      if (undated) {
        assert.deepEqual([report.found, report.requested, report.skipped.undated, done], [3, 0, 2, 1]);
        return;
      }
      assert.deepEqual(
        [report.found, report.requested, done, tooYoung],
        [3, 1, 1, 1],
        JSON.stringify(report),
      );
      assert.equal(report.complete, true);
      const result = await system.resultWhere(({ labels }) => labels?.runId === report.runId);
      assert.equal(result.operation?.name?.endsWith(`111${suffix}`), true);
      assert.ok(['CANCELLED', 'FAILED'].includes(result.outcome), result.detail);
    });
  }

  it('a sweep without a minimum age requests operations without a date', async () => {
    const base = 'https://dialogflow.googleapis.com/v2/projects/ageless/operations/';
    for (const id of ['any-1', 'any-2']) system.services.add(base + id, {});
    await system.trigger({ sweep: 'of-any-age' });
    const report = await system.reportOf('of-any-age');
    assert.deepEqual(report.operations, [
      '//dialogflow.googleapis.com/projects/ageless/operations/any-1',
      '//dialogflow.googleapis.com/projects/ageless/operations/any-2',
    ]);
  });

  it('a sweep reports lists that it could not read, and cancels the operations of the others', async () => {
    const inPlace = (place: string) =>
      `https://notebooks.googleapis.com/v2/projects/troubled/locations/${place}/operations`;
    const { services } = system;
    services.addList(inPlace('denied'), { listFaults: [{ kind: 'PERMISSION_DENIED', times: 'always' }] });
    services.addList(inPlace('throttled'), {
      listFaults: [
        { kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 1 },
        { kind: 'UNAVAILABLE' },
        { kind: 'reset' },
      ],
    });
    services.addList(inPlace('partial'), {
      unreachable: ['projects/troubled/locations/partial'],
      maxPageSize: 2,
    });
    for (const place of ['throttled', 'partial']) {
      for (const id of ['a', 'b', 'c', 'd', 'e']) services.add(`${inPlace(place)}/${id}`, OLD);
    }
    await system.trigger({ sweep: 'with-troubles' });
    const report = await system.reportOf('with-troubles');
    assert.equal(report.requested, 10);
    assert.equal(report.complete, false);
    assert.deepEqual(report.unreachable, ['projects/troubled/locations/partial']);
    assert.equal(report.failures.length, 1);
    assert.match(report.failures[0]?.list ?? '', /locations\/denied/);
    assert.equal(services.requests({ url: inPlace('partial') }).length, 3, 'three pages of two, two and one');
  });

  it('a sweep skips protected operations, and its report names the rule', async () => {
    const base = 'https://notebooks.googleapis.com/v2/projects/careful/locations/protected/operations/';
    system.services.add(`${base}vital-1`, OLD);
    system.services.add(`${base}other`, OLD);
    await system.trigger({ sweep: 'protected' });
    const report: SweepReport = await system.reportOf('protected');
    assert.deepEqual([report.matched, report.requested, report.skipped.forbidden], [2, 1, 1]);
    assert.match(
      report.notes[0]?.detail ?? '',
      /"\*\*\/locations\/protected\/operations\/vital-\*" \(PROTECTED_OPERATIONS\)/,
    );
    await system.resultWhere(({ labels }) => labels?.runId === report.runId);
    assert.equal(cancels(`${base}vital-1`), 0);
    await system.request({ operation: `${base}vital-1`, requestId: 'by-request' });
    const { data } = await system.resultOf('by-request');
    assert.equal(data.outcome, 'REJECTED');
    assert.match(data.detail, /is protected by the rule/);
    assert.equal(cancels(`${base}vital-1`), 0);
  });
});
