import type { JobKind } from './job-kind.ts';
import { AIPLATFORM } from './kinds/aiplatform.ts';
import { BATCH } from './kinds/batch.ts';
import { BIGQUERY } from './kinds/bigquery.ts';
import { CLOUDBUILD_JOBS } from './kinds/cloudbuild.ts';
import { COMPUTE } from './kinds/compute.ts';
import { DATAFLOW } from './kinds/dataflow.ts';
import { DATAPROC_JOBS } from './kinds/dataproc.ts';
import { RUN } from './kinds/run.ts';
import { DATAFORM, DLP, ML } from './kinds/smaller.ts';
import { WORKFLOWEXECUTIONS } from './kinds/workflows.ts';

/** Every kind of jobs that is simulated. */
export const JOB_KINDS: readonly JobKind[] = [
  ...AIPLATFORM,
  ...DATAFLOW,
  ...DATAPROC_JOBS,
  ...BIGQUERY,
  ...BATCH,
  ...RUN,
  ...CLOUDBUILD_JOBS,
  ...WORKFLOWEXECUTIONS,
  ...DATAFORM,
  ...DLP,
  ...ML,
  ...COMPUTE,
];
