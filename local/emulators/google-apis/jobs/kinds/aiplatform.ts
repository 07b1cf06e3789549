import { failedPrecondition } from '../errors.ts';
import { at } from '../job-filter.ts';
import type { JobFacts, JobKind } from '../job-kind.ts';
import { standardList } from '../list-parts.ts';
import type { JsonObject } from '../../rpc-status.ts';

/** google/cloud/aiplatform/v1/job_state.proto */
const JOB_WORDS: JobKind['words'] = {
  JOB_STATE_PENDING: 'queued',
  JOB_STATE_QUEUED: 'queued',
  JOB_STATE_RUNNING: 'running',
  JOB_STATE_PAUSED: 'running',
  JOB_STATE_UPDATING: 'running',
  JOB_STATE_CANCELLING: 'cancelling',
  JOB_STATE_CANCELLED: 'cancelled',
  JOB_STATE_SUCCEEDED: 'succeeded',
  JOB_STATE_PARTIALLY_SUCCEEDED: 'succeeded',
  JOB_STATE_FAILED: 'failed',
  JOB_STATE_EXPIRED: 'failed',
};

/** google/cloud/aiplatform/v1/pipeline_state.proto */
const PIPELINE_WORDS: JobKind['words'] = {
  PIPELINE_STATE_PENDING: 'queued',
  PIPELINE_STATE_QUEUED: 'queued',
  PIPELINE_STATE_RUNNING: 'running',
  PIPELINE_STATE_PAUSED: 'running',
  PIPELINE_STATE_CANCELLING: 'cancelling',
  PIPELINE_STATE_CANCELLED: 'cancelled',
  PIPELINE_STATE_SUCCEEDED: 'succeeded',
  PIPELINE_STATE_FAILED: 'failed',
};

/** google/cloud/aiplatform/v1/evaluation_run.proto: there is no word for a cancel that is under way. */
const EVALUATION_WORDS: JobKind['words'] = {
  PENDING: 'queued',
  RUNNING: 'running',
  INFERENCE: 'running',
  GENERATING_RUBRICS: 'running',
  GENERATING_LOSS_CLUSTERS: 'running',
  CANCELLED: 'cancelled',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
};

/** What differs between the kinds. */
interface Differences {
  readonly words?: JobKind['words'];
  readonly resource?: (facts: JobFacts) => JsonObject;
  /** Fields that the standard ones have and this kind has not. */
  readonly lacks?: readonly string[];
  /** Whether CANCELLED comes with an error, as the field's description promises. */
  readonly hasErrorOfCancel?: boolean;
  readonly parameters?: readonly string[];
  readonly filterFields?: readonly string[];
  /** Of the message, in errors: `TrainingPipeline`. */
  readonly finished?: string;
}

/** The jobs with GPUs, as the demo has them. */
const WORKERS = {
  machineSpec: { machineType: 'n1-standard-4' },
  replicaCount: '1',
  containerSpec: { imageUri: 'gcr.io/my-project/train' },
};

const KINDS: Readonly<Record<string, Differences>> = {
  customJobs: {
    hasErrorOfCancel: true,
    resource: () => ({ jobSpec: { workerPoolSpecs: [WORKERS] } }),
    parameters: ['readMask'],
  },
  hyperparameterTuningJobs: {
    hasErrorOfCancel: true,
    resource: () => ({
      maxTrialCount: 4,
      parallelTrialCount: 2,
      trialJobSpec: { workerPoolSpecs: [WORKERS] },
    }),
    parameters: ['readMask'],
  },
  batchPredictionJobs: { parameters: ['readMask'], finished: 'BatchPredictionJob' },
  nasJobs: { hasErrorOfCancel: true, parameters: ['readMask'], finished: 'NasJob' },
  dataLabelingJobs: {
    lacks: ['startTime', 'endTime'],
    resource: () => ({ labelerCount: 1 }),
    parameters: ['readMask', 'orderBy'],
    finished: 'DataLabelingJob',
  },
  tuningJobs: {
    hasErrorOfCancel: true,
    lacks: ['displayName'],
    resource: ({ at: { id } }) => ({ tunedModelDisplayName: id, baseModel: 'gemini-2.5-flash' }),
    finished: 'TuningJob',
  },
  trainingPipelines: {
    words: PIPELINE_WORDS,
    hasErrorOfCancel: true,
    resource: () => ({
      trainingTaskDefinition: 'gs://google-cloud-aiplatform/schema/trainingjob/custom.yaml',
    }),
    parameters: ['readMask'],
    finished: 'TrainingPipeline',
  },
  pipelineJobs: {
    words: PIPELINE_WORDS,
    hasErrorOfCancel: true,
    resource: () => ({ serviceAccount: 'trainer@my-project.iam.gserviceaccount.com' }),
    parameters: ['readMask', 'orderBy'],
    filterFields: ['endTime'],
    finished: 'PipelineJob',
  },
  evaluationRuns: {
    words: EVALUATION_WORDS,
    lacks: ['startTime', 'endTime', 'updateTime'],
    resource: ({ endTime }) => ({ completionTime: endTime }),
    parameters: ['orderBy'],
    finished: 'EvaluationRun',
  },
};

/** Vertex AI's nine kinds (google/cloud/aiplatform/v1/job_service.proto and its neighbors). */
export const AIPLATFORM: readonly JobKind[] = Object.entries(KINDS).map(([kind, differences]) => ({
  service: 'aiplatform',
  kind,
  versions: ['v1', 'v1beta1'],
  name: `projects/{project}/locations/{location}/${kind}/{id}`,
  host: (host, { location = '' }) => {
    if (host === hostOf(location)) return true;
    if (!/(?:^|-)aiplatform\.(?:(?:us|eu)\.rep\.)?googleapis\.com$/.test(host)) return false;
    const valid = host.replace(/-?aiplatform\..*$/, '') || 'global';
    const message = `The provided location ID doesn't match the endpoint. The valid location ID is \`${valid}\``;
    return { status: 'INVALID_ARGUMENT', message };
  },
  getParameters: [],
  words: differences.words ?? JOB_WORDS,
  resource: (facts) => resourceOf(facts, differences),
  cancel: {
    method: 'POST',
    suffix: ':cancel',
    fields: [],
    answer: () => ({}),
    ...(differences.finished !== undefined && {
      finished: ({ name, word }) =>
        failedPrecondition(
          `The ${differences.finished} "${name}" is in state ${word} and cannot be canceled.`,
        ),
    }),
  },
  list: standardList(`projects/{project}/locations/{location}/${kind}`, kind, {
    fields: {
      display_name: at('displayName'),
      state: at('state'),
      create_time: at('createTime'),
      labels: at('labels'),
      ...(differences.filterFields?.includes('endTime') && { end_time: at('endTime') }),
    },
    parameters: differences.parameters ?? [],
    item: (job, query) => masked(job, query.get('readMask') ?? ''),
  }),
  permissions: {
    cancel: `aiplatform.${kind}.cancel`,
    get: `aiplatform.${kind}.get`,
    list: `aiplatform.${kind}.list`,
  },
}));

/** https://cloud.google.com/vertex-ai/docs/reference/rest#rest_endpoints */
function hostOf(location: string): string {
  if (location === 'global') return 'aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu') return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}

function resourceOf(facts: JobFacts, { resource, lacks = [], hasErrorOfCancel }: Differences): JsonObject {
  const { name, at: path, word, phase, createTime, startTime, endTime, updateTime } = facts;
  const standard: JsonObject = {
    name,
    displayName: path['id'],
    state: word,
    createTime,
    startTime,
    endTime,
    updateTime,
    error:
      phase === 'failed'
        ? { code: 3, message: 'The replica workerpool0-0 exited with a non-zero status of 1.' }
        : phase === 'cancelled' && hasErrorOfCancel
          ? { code: 1, message: 'CANCELED' }
          : undefined,
  };
  const kept = Object.entries(standard).filter(([field]) => !lacks.includes(field));
  return { ...Object.fromEntries(kept), ...resource?.(facts) };
}

/** The fields of a mask such as `name,state,create_time`; of a nested one, the whole field that it is in. */
function masked(job: JsonObject, mask: string): JsonObject {
  if (mask === '' || mask === '*') return job;
  const kept = mask
    .split(',')
    .map((path) =>
      (path.split('.')[0] ?? '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    );
  return Object.fromEntries(Object.entries(job).filter(([field]) => kept.includes(field)));
}
