import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JobScript } from '../../local/emulators/google-apis/google-services.ts';
import { JOB_SAMPLES, type JobSample } from '../support/job-samples.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

/**
 * Cancels jobs of every kind through the built bundle, at simulated services that are written from the
 * references and not from the catalog. What is sent is compared with samples of the same origin.
 */
const PLACE = 'projects/my-project/locations/us-central1';
const BATCHES = `https://dataproc.googleapis.com/v1/${PLACE}/batches`;

/** A second path, for one region, of which the function wants the first. */
const SHORT = 'dataflow jobs in projects/my-project';

/** A batch of Dataproc's is cancelled by its operation, which only a GET of it tells. */
const KINDS: readonly JobSample[] = [
  ...JOB_SAMPLES.filter(({ kind }) => kind !== SHORT),
  {
    kind: 'dataproc batches',
    url: `${BATCHES}/my-job`,
    cancel: {
      method: 'POST',
      url: 'https://dataproc.googleapis.com/v1/projects/my-project/regions/us-central1/operations/operation-of-my-job:cancel',
    },
    state: 'state',
    words: {
      running: 'RUNNING',
      cancelling: 'CANCELLING',
      cancelled: 'CANCELLED',
      succeeded: 'SUCCEEDED',
      failed: 'FAILED',
    },
    created: 'createTime',
    list: { url: BATCHES, items: 'batches', size: 'pageSize', token: 'pageToken' },
    finished: 200,
    permission: 'dataproc.operations.cancel',
  },
];

/** The function answers in time on a machine that does other things too. */
const AT_ONCE = 8;

/** The states of a job that is starting are of services that refuse a cancel then; others are scripted to. */
const STARTING = /^(?:dataflow|dataproc jobs|compute)/;

interface Case {
  readonly id: string;
  /** Absent where there is no such job. */
  readonly script?: (sample: JobSample) => JobScript;
  readonly outcome: string;
  readonly says: RegExp;
  readonly state?: (sample: JobSample) => string;
  readonly cancels: number;
}

const CASES: readonly Case[] = [
  {
    id: 'cancelled',
    script: () => ({ afterMs: 500 }),
    outcome: 'CANCELLED',
    says: /was cancelled/,
    state: ({ words }) => words.cancelled,
    cancels: 1,
  },
  {
    id: 'despite',
    script: () => ({ onCancel: 'succeeded', afterMs: 500 }),
    outcome: 'SUCCEEDED',
    says: /finished despite the cancel/,
    state: ({ words }) => words.succeeded,
    cancels: 1,
  },
  {
    id: 'failed',
    script: () => ({ onCancel: 'failed', afterMs: 500 }),
    outcome: 'FAILED',
    says: /failed/,
    state: ({ words }) => words.failed,
    cancels: 1,
  },
  {
    id: 'finished-before',
    script: () => ({ state: 'succeeded' }),
    outcome: 'SUCCEEDED',
    says: /finished already|finished before a cancel/,
    state: ({ words }) => words.succeeded,
    cancels: 1,
  },
  {
    id: 'finished-refused',
    script: () => ({ state: 'failed', whenFinished: 'refused' }),
    outcome: 'FAILED',
    says: /failed already|failed before a cancel/,
    state: ({ words }) => words.failed,
    cancels: 1,
  },
  {
    id: 'too-early',
    script: ({ kind }) =>
      STARTING.test(kind)
        ? { startsInMs: 1500 }
        : { cancelFaults: [{ kind: 'FAILED_PRECONDITION', message: 'The job has not started.' }] },
    outcome: 'CANCELLED',
    says: /was cancelled/,
    state: ({ words }) => words.cancelled,
    cancels: 2,
  },
  { id: 'not-found', outcome: 'NOT_FOUND', says: /no such/, cancels: 1 },
  {
    id: 'denied',
    script: () => ({ cancelFaults: [{ kind: 'PERMISSION_DENIED', times: 'always' }] }),
    outcome: 'DENIED',
    says: /permission/i,
    cancels: 1,
  },
];

let system: TestSystem;
before(async () => {
  system = await startTestSystem({ settings: { ALLOWED_JOBS: '*' } });
});
after(() => system.close());

for (const { id, script, outcome, says, state, cancels } of CASES) {
  describe(`a job that is ${id}`, { concurrency: AT_ONCE }, () => {
    for (const [index, sample] of KINDS.entries()) {
      it(`${sample.kind}: a job that is ${id} is ${outcome}`, async () => {
        // Two names of one job must not meet, such as those of a global build.
        const job = `k${index}-${id}`;
        const url = sample.url.replace('my-job', job);
        const text = JSON.stringify(sample.cancel).replaceAll('my-job', job);
        const cancel = JSON.parse(text) as JobSample['cancel'];
        const query = locationOf(sample);
        if (script) system.services.addJob(url, script(sample));
        await system.request({ job: url + query, requestId: job });
        const { data } = await system.resultOf(job);
        assert.equal(data.outcome, outcome, data.detail);
        assert.match(data.detail, says);
        assert.equal(data.job?.state, state?.(sample));
        assert.ok(data.job?.url?.startsWith(url));
        const sent = system.services
          .requests({ method: cancel.method, url: cancel.url })
          .map(({ bodyBytes, query: asked }) => ({ bodyBytes, query: asked }));
        // The operation that cancels a batch is known from the batch alone.
        const expected = sample.kind === 'dataproc batches' && !script ? 0 : cancels;
        assert.ok(sent.length >= expected, `${sent.length} cancels`);
        const bodyBytes = cancel.body === undefined ? 0 : JSON.stringify(cancel.body).length;
        const asIt = { bodyBytes, query: query.slice(1) };
        assert.deepEqual(
          sent,
          sent.map(() => asIt),
        );
      });
    }
  });
}

describe('what was called for jobs', () => {
  it('nothing was called that no service knows', () => {
    const unknown = system.services
      .requests()
      .filter(({ status, url }) => status === 404 && !url.includes('not-found'));
    assert.deepEqual(unknown, []);
  });
});

/** BigQuery's names do not say where a job is. */
function locationOf({ kind }: JobSample): string {
  return kind === 'bigquery jobs' ? '?location=US' : '';
}
