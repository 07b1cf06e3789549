import type { ApproveArguments } from './command-arguments.ts';
import { followRun } from './follow-run.ts';

/**
 * `lro-cancel approve`.
 *
 * @returns the exit code
 */
export const runApprove = (
  runId: string,
  { requestedBy, reason, ...given }: ApproveArguments,
): Promise<number> =>
  followRun(`the approval of ${runId}`, given, (client, following) =>
    client.approve(runId, {
      ...(requestedBy !== undefined && { requestedBy }),
      ...(reason !== undefined && { reason }),
      ...following,
    }),
  );
