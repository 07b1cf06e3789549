import { jobSweeps } from './job-scenarios.ts';
import { operationSweeps } from './sweep-scenarios.ts';

/** The function's settings for the demo; the sweeps of its budgets begin as dry runs. */
export const demoSettings = ({
  stopTraining,
  stopJobs,
}: {
  readonly stopTraining: { readonly dryRun: boolean };
  readonly stopJobs: { readonly dryRun: boolean };
}) => ({
  ALLOWED_JOBS: 'aiplatform,dataflow,bigquery,batch,run',
  SWEEPS: JSON.stringify({ ...operationSweeps(stopTraining), ...jobSweeps(stopJobs) }),
  BUDGETS: JSON.stringify([
    { budgetDisplayName: 'training', threshold: 1, sweep: 'stop-training' },
    { budgetDisplayName: 'jobs', threshold: 1, sweep: 'stop-jobs' },
  ]),
});

export const ALL_DRY_RUNS = demoSettings({ stopTraining: { dryRun: true }, stopJobs: { dryRun: true } });
