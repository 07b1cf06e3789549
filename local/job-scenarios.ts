import type { JobScript } from './emulators/google-apis/google-services.ts';
import { budget, BUDGET_ATTRIBUTES, type SweepScene } from './sweep-scenarios.ts';

const PROJECT = 'projects/my-project';
const PLACE = `${PROJECT}/locations/us-central1`;
const HOUR_MS = 3_600_000;

/** Jobs of six services, everything that waits or runs but what is labeled `keep`. */
export const jobSweeps = (stopJobs: { readonly dryRun: boolean }) => ({
  'stop-jobs': {
    targets: [
      { service: 'aiplatform', jobs: ['customJobs', 'pipelineJobs'], parents: [PLACE] },
      { service: 'dataflow', jobs: ['*'], parents: [PROJECT] },
      { service: 'bigquery', jobs: ['jobs'], parents: [PROJECT] },
      { service: 'batch', jobs: ['jobs'], parents: [`${PROJECT}/locations/-`] },
      { service: 'run', jobs: ['executions'], parents: [PLACE] },
    ],
    olderThan: '600s',
    exclude: { 'labels.keep': '**' },
    ...stopJobs,
  },
});

/** A job that burns the budget. */
interface BurningJob {
  readonly url: string;
  readonly script: JobScript;
}

const custom = (id: string) => `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}/customJobs/${id}`;
const workers = (replicaCount: string, acceleratorCount: number) => ({
  workerPoolSpecs: [
    {
      replicaCount,
      machineSpec: {
        machineType: 'a2-highgpu-8g',
        acceleratorType: 'NVIDIA_TESLA_A100',
        acceleratorCount,
      },
      containerSpec: { imageUri: 'us-docker.pkg.dev/my-project/train/large:latest' },
    },
  ],
});

/** The jobs at the simulated services: six that burn money, one to be kept, one that is over, one that is young. */
export const burningJobs: readonly BurningJob[] = [
  {
    url: custom('train-8-gpus'),
    script: {
      ageMs: 31 * HOUR_MS,
      afterMs: 2_000,
      fields: { jobSpec: { ...workers('1', 8), persistentResourceId: 'gpu-pool' } },
    },
  },
  {
    url: `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}/pipelineJobs/features`,
    script: { ageMs: 9 * HOUR_MS, afterMs: 4_000, fields: { scheduleName: `${PLACE}/schedules/nightly` } },
  },
  {
    url: `https://dataflow.googleapis.com/v1b3/${PROJECT}/locations/europe-west1/jobs/events`,
    script: { ageMs: 700 * HOUR_MS, afterMs: 3_000 },
  },
  {
    url: `https://bigquery.googleapis.com/bigquery/v2/${PROJECT}/jobs/full-scan`,
    script: { ageMs: HOUR_MS, location: 'EU' },
  },
  {
    url: `https://batch.googleapis.com/v1/${PLACE}/jobs/render`,
    script: { ageMs: 5 * HOUR_MS, afterMs: 2_000 },
  },
  {
    url: `https://run.googleapis.com/v2/${PLACE}/jobs/embed/executions/embed-x7k2p`,
    script: { ageMs: 2 * HOUR_MS, afterMs: 1_000 },
  },
  {
    url: custom('evaluate'),
    script: { ageMs: 6 * HOUR_MS, fields: { labels: { keep: 'until-friday' }, jobSpec: workers('1', 1) } },
  },
  { url: custom('train-over'), script: { ageMs: 40 * HOUR_MS, state: 'succeeded' } },
  { url: custom('train-young'), script: { ageMs: 0 } },
];

const IDS = ['train-8-gpus', 'features', 'events', 'full-scan', 'render', 'embed-x7k2p'];
const all = (outcome: string) => Object.fromEntries(IDS.map((id) => [id, outcome]));

/** A budget of its own at 100 %, before and after the sweep's dry run is off. */
export const jobScenes: { readonly dryRun: SweepScene; readonly inEarnest: SweepScene } = {
  dryRun: {
    id: 'jobs-100',
    shows: 'a budget at 100 %, as a dry run',
    message: budget(1_004.2, 1, 'jobs'),
    attributes: { ...BUDGET_ATTRIBUTES, budgetId: '1f0a5d3c-6c1e-4d7b-9a57-3b2f8e90d1c4' },
    report: { sweep: 'stop-jobs', dryRun: true, found: 8, requested: IDS.length },
    outcomes: all('DRY_RUN'),
  },
  inEarnest: {
    id: 'jobs-real',
    shows: 'again, dryRun off',
    message: budget(1_017.8, 1, 'jobs'),
    attributes: { ...BUDGET_ATTRIBUTES, budgetId: '1f0a5d3c-6c1e-4d7b-9a57-3b2f8e90d1c4' },
    report: { sweep: 'stop-jobs', dryRun: false, found: 8, requested: IDS.length },
    outcomes: all('CANCELLED'),
  },
};

/** The jobs that nobody may have cancelled. */
export const sparedJobs = ['evaluate', 'train-over', 'train-young'];
