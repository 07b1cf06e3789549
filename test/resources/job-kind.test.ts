import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJobReference } from '../../src/catalog/reference.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { cancelThrough } from '../../src/resources/through.ts';
import { jobs } from '../../tools/catalog/jobs.ts';

const PLACE = 'projects/p/locations/us-central1';
const job = (text: string): Resource => resolve(parseJobReference(text));
const kinds = {
  custom: job(`//aiplatform.googleapis.com/${PLACE}/customJobs/1`).kind,
  pipeline: job(`//aiplatform.googleapis.com/${PLACE}/pipelineJobs/1`).kind,
  dataproc: job('//dataproc.googleapis.com/projects/p/regions/us-central1/jobs/j').kind,
  dataflow: job(`//dataflow.googleapis.com/${PLACE}/jobs/j`).kind,
  bigquery: job('p:US.j').kind,
  run: job(`//run.googleapis.com/${PLACE}/jobs/j/executions/e`).kind,
  matrix: job('//testing.googleapis.com/projects/p/testMatrices/m').kind,
  dlp: job('//dlp.googleapis.com/projects/p/dlpJobs/d').kind,
};

describe('the state of a job', () => {
  for (const [title, kind, body, expected] of [
    ['that is PAUSED is no end', kinds.custom, { state: 'JOB_STATE_PAUSED' }, 'running'],
    ['of a word without its prefix is unreadable', kinds.custom, { state: 'CANCELLED' }, 'unreadable'],
    ['in another case is unreadable', kinds.custom, { state: 'job_state_cancelled' }, 'unreadable'],
    ['of another kind is unreadable', kinds.pipeline, { state: 'JOB_STATE_CANCELLED' }, 'unreadable'],
    ['that is not there is unreadable', kinds.custom, { name: 'j' }, 'unreadable'],
    ['that is no object is unreadable', kinds.custom, 'CANCELLED', 'unreadable'],
    [
      'with another attempt to come is running',
      kinds.dataproc,
      { status: { state: 'ATTEMPT_FAILURE' }, done: false },
      'running',
    ],
    [
      'with no attempt to come failed',
      kinds.dataproc,
      { status: { state: 'ATTEMPT_FAILURE' }, done: true },
      'failed',
    ],
    [
      'of BigQuery that was stopped is cancelled',
      kinds.bigquery,
      {
        status: { state: 'DONE', errorResult: { reason: 'stopped', message: 'Job execution was cancelled' } },
      },
      'cancelled',
    ],
    [
      'of BigQuery with another error failed',
      kinds.bigquery,
      { status: { state: 'DONE', errorResult: { reason: 'invalid' } } },
      'failed',
    ],
    [
      'of BigQuery with warnings alone succeeded',
      kinds.bigquery,
      { status: { state: 'DONE', errors: [{ reason: 'stopped' }] } },
      'succeeded',
    ],
    ['of an execution without conditions is running', kinds.run, { name: 'e' }, 'running'],
    ['of a body that is no execution is unreadable', kinds.run, {}, 'unreadable'],
    [
      'of an execution whose other condition failed is running',
      kinds.run,
      {
        name: 'e',
        conditions: [
          { type: 'Started', state: 'CONDITION_FAILED', executionReason: 'CANCELLED' },
          { type: 'Completed', state: 'CONDITION_RECONCILING' },
        ],
      },
      'running',
    ],
    [
      'of a test matrix with a cancelled execution is cancelled',
      kinds.matrix,
      { state: 'FINISHED', testExecutions: [{ state: 'FINISHED' }, { state: 'CANCELLED' }] },
      'cancelled',
    ],
  ] as const) {
    it(`the state of a job ${title}`, () => assert.equal(kind.readState(body).kind, expected));
  }

  it('an execution that is being cancelled runs with a cancel under way', () =>
    assert.deepEqual(
      kinds.run.readState({
        name: 'e',
        conditions: [{ type: 'Completed', state: 'CONDITION_RECONCILING', executionReason: 'CANCELLING' }],
      }),
      { kind: 'running', cancellationRequested: true },
    ));

  it('the error of an end is that of the service, else the word of the state', () => {
    const errors = [
      kinds.custom.readState({ state: 'JOB_STATE_CANCELLED', error: { code: 1, message: 'CANCELED' } }),
      kinds.custom.readState({ state: 'JOB_STATE_EXPIRED' }),
      kinds.dlp.readState({ state: 'FAILED', errors: [{ details: { code: 7, message: 'no access' } }] }),
    ].map((state) => ('error' in state ? state.error : undefined));
    assert.deepEqual(errors, [
      { code: 1, message: 'CANCELED' },
      { code: 2, message: 'JOB_STATE_EXPIRED' },
      { code: 7, message: 'no access' },
    ]);
  });

  it('no word of any kind has two meanings, and every kind has words for running and for each end that it has', () => {
    for (const { service, kind, reads } of jobs) {
      const words = Object.values(reads.states).flatMap((text) => text.split(' '));
      assert.equal(new Set(words).size, words.length, `${service}.${kind}`);
      const ends = [reads.states.cancelled, ...(reads.overrides ?? []).map(({ meaning }) => meaning)];
      assert.ok(reads.states.running !== undefined && ends.some(Boolean), `${service}.${kind}`);
    }
  });
});

describe('the times and notes of a job', () => {
  it('a job of Dataproc began with the earliest entry of its history', () =>
    assert.equal(
      kinds.dataproc.createdAtMs({
        status: { stateStartTime: '2026-11-20T12:00:00Z' },
        statusHistory: [
          { stateStartTime: '2026-11-20T11:00:00Z' },
          { stateStartTime: '2026-11-20T10:00:00Z' },
          { stateStartTime: 'unknown' },
        ],
      }),
      Date.parse('2026-11-20T10:00:00Z'),
    ));

  it('times of BigQuery are milliseconds in strings', () => {
    const statistics = { creationTime: '1795000000000', endTime: '1795000001000' };
    assert.equal(kinds.bigquery.createdAtMs({ statistics }), 1_795_000_000_000);
    assert.equal(kinds.bigquery.readJob?.({ statistics }).endedAtMs, 1_795_000_001_000);
  });

  it('a note is made only where its field is a text, and in the states that it is about', () => {
    const noteOf = (kind: typeof kinds.custom, body: object) => kind.readJob?.(body).note;
    assert.equal(noteOf(kinds.custom, { jobSpec: { persistentResourceId: 7 } }), undefined);
    assert.equal(noteOf(kinds.dataflow, { currentState: 'JOB_STATE_DONE', replacedByJobId: 'x' }), undefined);
    assert.match(
      noteOf(kinds.dataflow, { currentState: 'JOB_STATE_UPDATED', replacedByJobId: 'a\nb' }) ?? '',
      /the job a b replaced it/,
    );
    assert.match(
      noteOf(kinds.pipeline, { scheduleName: 'nightly' }) ?? '',
      /schedule nightly starts further/,
    );
  });
});

describe('the operation that a batch names', () => {
  const batch = job(`//dataproc.googleapis.com/${PLACE}/batches/b`);

  for (const operation of [
    'projects/p/regions/us-central1/operations/o-1',
    'projects/123/regions/us-central1/operations/o-1',
  ]) {
    it(`the cancel of a batch goes to its operation ${operation}`, () =>
      assert.deepEqual(cancelThrough(batch, { operation }), {
        method: 'POST',
        path: `v1/${operation}:cancel`,
      }));
  }

  for (const operation of [
    undefined,
    '',
    7,
    'projects/other/regions/us-central1/operations/o-1',
    'projects/p/regions/europe-west1/operations/o-1',
    'projects/p/regions/us-central1/jobs/o-1',
    'projects/p/regions/us-central1/operations/o:delete#',
    'projects/p/regions/us-central1/operations/../jobs/j',
    'https://evil.example/operations/o',
  ]) {
    it(`no cancel is sent for a batch that names ${String(operation)}`, () =>
      assert.ok('problem' in cancelThrough(batch, { operation })));
  }
});
