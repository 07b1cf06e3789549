import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/** Sweeps of jobs of every family in the built bundle, against the simulated services. */

const PROJECT = 'projects/my-project';
const PLACE = `${PROJECT}/locations/us-central1`;
const VERTEX = `us-central1-aiplatform.googleapis.com/v1/${PLACE}`;

const VERTEX_KINDS = [
  ...['customJobs', 'hyperparameterTuningJobs', 'batchPredictionJobs', 'nasJobs', 'dataLabelingJobs'],
  ...['tuningJobs', 'trainingPipelines', 'pipelineJobs', 'evaluationRuns'],
];

/** A target, and the jobs of it by the part of their URL in front of the id. */
const FAMILIES: readonly {
  readonly target: object;
  readonly jobs: readonly string[];
  readonly location?: string;
}[] = [
  {
    target: { service: 'aiplatform', jobs: ['*'], parents: [PLACE] },
    jobs: VERTEX_KINDS.map((kind) => `${VERTEX}/${kind}/`),
  },
  {
    target: {
      service: 'aiplatform',
      jobs: ['batchPredictionJobs'],
      parents: [`${PROJECT}/locations/global`],
    },
    jobs: [`aiplatform.googleapis.com/v1/${PROJECT}/locations/global/batchPredictionJobs/`],
  },
  {
    target: { service: 'dataflow', jobs: ['*'], parents: [PROJECT] },
    jobs: [`dataflow.googleapis.com/v1b3/${PROJECT}/locations/europe-west1/jobs/`],
  },
  {
    target: { service: 'dataproc', jobs: ['*'], parents: [PLACE] },
    jobs: [
      `dataproc.googleapis.com/v1/${PROJECT}/regions/us-central1/jobs/`,
      `dataproc.googleapis.com/v1/${PLACE}/batches/`,
    ],
  },
  {
    target: { service: 'bigquery', jobs: ['*'], parents: [PROJECT] },
    jobs: [`bigquery.googleapis.com/bigquery/v2/${PROJECT}/jobs/`],
    location: 'asia-south1',
  },
  {
    target: { service: 'batch', jobs: ['*'], parents: [`${PROJECT}/locations/-`] },
    jobs: [`batch.googleapis.com/v1/${PROJECT}/locations/europe-west1/jobs/`],
  },
  {
    target: { service: 'run', jobs: ['*'], parents: [PLACE] },
    jobs: [`run.googleapis.com/v2/${PLACE}/jobs/nightly/executions/`],
  },
  {
    target: {
      service: 'run',
      version: 'v1',
      jobs: ['*'],
      parents: [`${PROJECT}/locations/europe-west1`],
    },
    jobs: ['europe-west1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/my-project/executions/'],
  },
  {
    target: { service: 'cloudbuild', jobs: ['*'], parents: [PROJECT, PLACE] },
    jobs: [
      `cloudbuild.googleapis.com/v1/${PROJECT}/locations/global/builds/`,
      `cloudbuild.googleapis.com/v1/${PLACE}/builds/`,
    ],
  },
  {
    target: { service: 'workflowexecutions', jobs: ['*'], parents: [PLACE] },
    jobs: [
      `workflowexecutions.googleapis.com/v1/${PLACE}/workflows/one/executions/`,
      `workflowexecutions.googleapis.com/v1/${PLACE}/workflows/two/executions/`,
    ],
  },
  {
    target: { service: 'dataform', jobs: ['*'], parents: [PLACE] },
    jobs: [`dataform.googleapis.com/v1/${PLACE}/repositories/models/workflowInvocations/`],
  },
  {
    target: { service: 'dlp', jobs: ['*'], parents: [PLACE] },
    jobs: [`dlp.googleapis.com/v2/${PLACE}/dlpJobs/`],
  },
  {
    target: { service: 'ml', jobs: ['*'], parents: [PROJECT] },
    jobs: [`ml.googleapis.com/v1/${PROJECT}/jobs/`],
  },
];

const HOUR_MS = 3_600_000;
let system: TestSystem;

before(async () => {
  const targets = FAMILIES.map(({ target }) => target);
  system = await startTestSystem({
    settings: {
      ALLOWED_JOBS: '*',
      SWEEPS: JSON.stringify({
        everything: { targets, olderThan: '60s', exclude: '**/keep-*', dryRun: false },
        labeled: {
          targets: [
            { service: 'dataflow', jobs: ['*'], parents: [`${PROJECT}/locations/us-east1`] },
            { service: 'bigquery', jobs: ['*'], parents: [PROJECT] },
          ],
          match: { name: '**/labeled-*' },
          exclude: { 'labels.keep': '*' },
          dryRun: false,
        },
      }),
    },
  });
});
after(() => system.close());

describe('a sweep of jobs of every family', () => {
  it('the jobs that run are cancelled and confirmed, the others are left alone', async () => {
    const wanted: string[] = [];
    for (const { jobs, location } of FAMILIES) {
      for (const prefix of jobs) {
        const place = location === undefined ? {} : { location };
        const add = (id: string, script: object) =>
          system.services.addJob(`https://${prefix}${id}`, { ...place, ageMs: HOUR_MS, ...script });
        add('runs', {});
        add('keep-it', {});
        add('ended', { state: 'failed' });
        add('young', { ageMs: 1_000 });
        wanted.push(`https://${prefix}runs`);
      }
    }
    await system.trigger({ sweep: 'everything' });
    const report = await system.reportOf('everything');
    assert.deepEqual(report.failures, []);
    assert.deepEqual(
      [report.requested, report.skipped.excluded, report.skipped.tooYoung, report.skipped.unknown],
      [wanted.length, wanted.length, wanted.length, 0],
      JSON.stringify([report.operations, report.notes], undefined, 1),
    );
    for (const url of wanted) {
      const result = await system.resultWhere(({ job }) => job?.url === url);
      assert.equal(result.outcome, 'CANCELLED', `${url}: ${result.detail}`);
    }
  });

  it('a job with an excluded label is left alone, also where the list of its service shows none', async () => {
    const flow = `https://dataflow.googleapis.com/v1b3/${PROJECT}/locations/us-east1/jobs/labeled-`;
    const query = `https://bigquery.googleapis.com/bigquery/v2/${PROJECT}/jobs/labeled-`;
    const labels = { keep: 'yes' };
    system.services.addJob(`${flow}kept`, { fields: { labels } });
    system.services.addJob(`${flow}plain`);
    system.services.addJob(`${query}kept`, { fields: { configuration: { labels } } });
    system.services.addJob(`${query}plain`);
    await system.trigger({ sweep: 'labeled' });
    const report = await system.reportOf('labeled');
    assert.deepEqual([report.requested, report.skipped.excluded, report.skipped.unclear], [2, 2, 0]);
    for (const url of [flow, query]) {
      const result = await system.resultWhere(({ job }) => job?.url === `${url}plain`);
      assert.equal(result.outcome, 'CANCELLED', result.detail);
    }
  });
});
