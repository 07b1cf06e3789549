import type { SweepRun } from './run-state.ts';

/** The labels of each line that the log has of a run. */
export const labelsOf = ({ runId, sweep, trace }: Pick<SweepRun, 'runId' | 'sweep' | 'trace'>) => ({
  sweep,
  runId,
  trace,
});
