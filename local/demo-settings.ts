import { jobSweeps } from './job-scenarios.ts';
import { operationSweeps } from './sweep-scenarios.ts';

/**
 * The function's settings for the demo; the sweeps of its budgets begin as dry runs.
 *
 * @param approvable whether what a dry run of a sweep found can be approved
 */
export const demoSettings = ({
  stopTraining,
  stopJobs,
  approvable = false,
}: {
  readonly stopTraining: { readonly dryRun: boolean };
  readonly stopJobs: { readonly dryRun: boolean };
  readonly approvable?: boolean;
}) => ({
  ALLOWED_JOBS: 'aiplatform,dataflow,bigquery,batch,run',
  SWEEPS: JSON.stringify(
    Object.fromEntries(
      Object.entries({ ...operationSweeps(stopTraining), ...jobSweeps(stopJobs) }).map(([name, sweep]) => [
        name,
        { ...sweep, ...(approvable && { approvable }) },
      ]),
    ),
  ),
  BUDGETS: JSON.stringify([
    { budgetDisplayName: 'training', threshold: 1, sweep: 'stop-training' },
    { budgetDisplayName: 'jobs', threshold: 1, sweep: 'stop-jobs' },
  ]),
});

export const ALL_DRY_RUNS = demoSettings({ stopTraining: { dryRun: true }, stopJobs: { dryRun: true } });
