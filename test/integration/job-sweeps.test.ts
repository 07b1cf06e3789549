import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JobScript } from '../../local/emulators/google-apis/google-services.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

/**
 * Sweeps of every kind of jobs through the built bundle, at simulated services with lists, filters and views of
 * their own. Each place has jobs that run, wait, end, are young or are to be kept.
 */
const PROJECT = 'projects/my-project';
const PLACE = `${PROJECT}/locations/us-central1`;
const HOUR_MS = 3_600_000;
const OLD_MS = 50 * HOUR_MS;

interface Case {
  readonly name: string;
  readonly target: object;
  /** The collection of the jobs, as a URL. */
  readonly jobs: string;
  /** The fields of a job that is excluded; default: the label `keep`. */
  readonly kept?: { readonly fields: object; readonly exclude: object };
  /** A job that waits; default: one that is queued. `null` where the kind never waits. */
  readonly waiting?: JobScript | null;
  readonly script?: JobScript;
}

const vertex = (kind: string, version = 'v1'): Case => ({
  name: `aiplatform ${version} ${kind}`,
  target: { service: 'aiplatform', version, jobs: [kind], parents: [PLACE] },
  jobs: `https://us-central1-aiplatform.googleapis.com/${version}/${PLACE}/${kind}`,
});
/** Refuses a cancel until it has started. */
const STARTING: JobScript = { startsInMs: 3000 };
const byTag = { fields: { tags: ['keep'] }, exclude: { tags: 'keep' } };

const CASES: readonly Case[] = [
  ...[
    'customJobs',
    'hyperparameterTuningJobs',
    'batchPredictionJobs',
    'nasJobs',
    'dataLabelingJobs',
    'tuningJobs',
    'trainingPipelines',
    'pipelineJobs',
    'evaluationRuns',
  ].map((kind) => vertex(kind)),
  vertex('customJobs', 'v1beta1'),
  {
    name: 'dataflow in every region',
    target: { service: 'dataflow', jobs: ['*'], parents: [PROJECT] },
    jobs: `https://dataflow.googleapis.com/v1b3/${PROJECT}/locations/europe-west1/jobs`,
    waiting: STARTING,
  },
  {
    name: 'dataproc jobs',
    target: { service: 'dataproc', jobs: ['jobs'], parents: [`${PROJECT}/regions/us-central1`] },
    jobs: `https://dataproc.googleapis.com/v1/${PROJECT}/regions/us-central1/jobs`,
    waiting: STARTING,
  },
  {
    name: 'dataproc batches',
    target: { service: 'dataproc', jobs: ['batches'], parents: [PLACE] },
    jobs: `https://dataproc.googleapis.com/v1/${PLACE}/batches`,
  },
  {
    name: 'bigquery',
    target: { service: 'bigquery', jobs: ['jobs'], parents: [PROJECT] },
    jobs: `https://bigquery.googleapis.com/bigquery/v2/${PROJECT}/jobs`,
    kept: { fields: { configuration: { labels: { keep: 'yes' } } }, exclude: { 'labels.keep': '*' } },
    script: { location: 'asia-northeast1' },
  },
  {
    name: 'batch in every location',
    target: { service: 'batch', jobs: ['jobs'], parents: [`${PROJECT}/locations/-`] },
    jobs: `https://batch.googleapis.com/v1/${PLACE}/jobs`,
  },
  {
    name: 'run v2',
    target: { service: 'run', jobs: ['executions'], parents: [PLACE] },
    jobs: `https://run.googleapis.com/v2/${PLACE}/jobs/nightly/executions`,
  },
  {
    name: 'run v1',
    target: { service: 'run', version: 'v1', jobs: ['executions'], parents: [PLACE] },
    jobs: `https://us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions`,
    kept: { fields: { metadata: { labels: { keep: 'yes' } } }, exclude: { 'labels.keep': '*' } },
  },
  {
    name: 'cloudbuild in every location',
    target: { service: 'cloudbuild', jobs: ['builds'], parents: [`${PROJECT}/locations/-`] },
    jobs: `https://cloudbuild.googleapis.com/v1/${PLACE}/builds`,
    kept: byTag,
  },
  {
    name: 'cloudbuild global',
    target: { service: 'cloudbuild', jobs: ['builds'], parents: [PROJECT] },
    jobs: `https://cloudbuild.googleapis.com/v1/${PROJECT}/builds`,
    kept: byTag,
  },
  {
    name: 'workflowexecutions',
    target: { service: 'workflowexecutions', jobs: ['executions'], parents: [PLACE] },
    jobs: `https://workflowexecutions.googleapis.com/v1/${PLACE}/workflows/nightly/executions`,
  },
  {
    name: 'dataform',
    target: { service: 'dataform', jobs: ['workflowInvocations'], parents: [PLACE] },
    jobs: `https://dataform.googleapis.com/v1/${PLACE}/repositories/models/workflowInvocations`,
    waiting: null,
    kept: {
      fields: { compilationResult: `${PLACE}/repositories/models/compilationResults/keep` },
      exclude: { compilationResult: '**/keep' },
    },
  },
  {
    name: 'dlp',
    target: { service: 'dlp', jobs: ['dlpJobs'], parents: [PLACE] },
    jobs: `https://dlp.googleapis.com/v2/${PLACE}/dlpJobs`,
    kept: {
      fields: { jobTriggerName: `${PROJECT}/jobTriggers/keep` },
      exclude: { jobTriggerName: '**/keep' },
    },
  },
  {
    name: 'ml',
    target: { service: 'ml', jobs: ['jobs'], parents: [PROJECT] },
    jobs: `https://ml.googleapis.com/v1/${PROJECT}/jobs`,
  },
  {
    name: 'compute resizeRequests',
    target: { service: 'compute', jobs: ['resizeRequests'], parents: [`${PROJECT}/zones/us-central1-a`] },
    jobs: `https://compute.googleapis.com/compute/v1/${PROJECT}/zones/us-central1-a/instanceGroupManagers/gpus/resizeRequests`,
    kept: { fields: { description: 'x' }, exclude: { name: '**-kept' } },
    waiting: STARTING,
  },
];

const BY_LABEL = { fields: { labels: { keep: 'yes' } }, exclude: { 'labels.keep': '*' } };
const sweepOf = (index: number) => `jobs-${index}`;

let system: TestSystem;
before(async () => {
  const sweeps = Object.fromEntries(
    CASES.map(({ target, kept = BY_LABEL }, index) => [
      sweepOf(index),
      { targets: [target], olderThan: '86400s', exclude: kept.exclude, dryRun: false, confirmWithin: '60s' },
    ]),
  );
  system = await startTestSystem({ settings: { ALLOWED_JOBS: '*', SWEEPS: JSON.stringify(sweeps) } });
});
after(() => system.close());

describe('a sweep of jobs', { concurrency: 4 }, () => {
  for (const [
    index,
    { name, jobs, kept = BY_LABEL, waiting = { state: 'queued' }, script = {} },
  ] of CASES.entries()) {
    it(`${name}: what runs or waits and is old is cancelled, and what is young, kept or over is not`, async () => {
      const add = (id: string, more: JobScript) =>
        system.services.addJob(`${jobs}/s${index}-${id}`, { ageMs: OLD_MS, ...script, ...more });
      add('old', {});
      add('slow', { afterMs: 1000 });
      if (waiting) add('waiting', waiting);
      add('young', { ageMs: HOUR_MS });
      add('kept', { fields: { ...kept.fields } });
      add('done', { state: 'succeeded' });
      add('stopped', { state: 'cancelled' });
      add('broken', { state: 'failed' });
      await system.trigger({ sweep: sweepOf(index) });
      const expected = ['old', 'slow', ...(waiting ? ['waiting'] : [])];
      const report = await system.reportOf(sweepOf(index));
      assert.equal(report.requested, expected.length, JSON.stringify(report));
      assert.equal(report.dryRun, false);
      for (const id of expected) {
        const result = await system.resultWhere(({ job }) => job?.url?.includes(`/s${index}-${id}`) === true);
        assert.equal(result.outcome, 'CANCELLED', `${id}: ${result.detail}`);
      }
      const touched = system.services
        .requests()
        .filter(({ method, url }) => method !== 'GET' && url.includes(`s${index}-`))
        .map(({ url }) => new RegExp(`s${index}-([a-z]+)`).exec(url)?.[1]);
      assert.deepEqual(new Set(touched), new Set(expected));
    });
  }
});
