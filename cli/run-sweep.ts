import type { SweepArguments } from './command-arguments.ts';
import { followRun } from './follow-run.ts';

/**
 * `lro-cancel sweep`.
 *
 * @returns the exit code
 */
export const runSweep = (name: string, { dryRun = false, ...given }: SweepArguments): Promise<number> =>
  followRun(`the sweep ${name}`, given, (client, following) => client.sweep(name, { dryRun, ...following }));
