import { randomUUID } from 'node:crypto';
import type { Exchange } from './exchange.ts';
import { filterOfApproval, filterOfSweep } from './filter.ts';
import type { ApproveOptions, SweepOptions, SweptRun } from './options.ts';
import { toMessage } from './outgoing-message.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { throwIfClosed, waitFor } from './patience.ts';
import { approvalOfRun, awaitRun, runOfSweep } from './swept-run.ts';
import type { AwaitedRun } from './swept-run.ts';

/** Starts runs of sweeps, and approves their dry runs. */
export interface RunTriggers {
  sweep(name: string, options?: SweepOptions): Promise<SweptRun>;
  approve(runId: string, options?: ApproveOptions): Promise<SweptRun>;
}

/** A sweep lists at its services' pace, and then waits for its requests. */
const DEFAULT_TIMEOUT_MS = 1_800_000;

/** @param signalOf a signal that also aborts when the client is closed */
export function createRunTriggers(
  exchange: Exchange,
  signalOf: (signal: AbortSignal | undefined) => AbortSignal,
): RunTriggers {
  const publishAndWait = async (
    message: OutgoingMessage,
    filter: string,
    awaited: AwaitedRun,
    { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: Pick<SweepOptions, 'timeoutMs' | 'signal'>,
  ): Promise<SweptRun> => {
    const patience = { timeoutMs, signal: signalOf(signal) };
    return exchange.listen(
      filter,
      (event) => awaited.take(event),
      async (failed) => {
        throwIfClosed(patience.signal);
        awaited.sent(await exchange.publish('triggers', message));
        await waitFor(Promise.race([awaited.whole, failed]), patience);
        return awaited.swept();
      },
    );
  };

  return {
    sweep: (name, { dryRun = false, onProgress = () => undefined, ...wait } = {}) => {
      const data = { sweep: name, ...(dryRun && { dryRun }) };
      const message = toMessage('trigger', data, `sweep-now-${randomUUID()}`);
      const awaited = awaitRun(runOfSweep(name), message.identity, onProgress);
      return publishAndWait(message, filterOfSweep(name, message.identity), awaited, wait);
    },
    approve: (runId, { requestedBy, reason, onProgress = () => undefined, ...wait } = {}) => {
      const data = {
        approve: runId,
        ...(requestedBy !== undefined && { requestedBy }),
        ...(reason !== undefined && { reason }),
      };
      const message = toMessage('trigger', data, `approve-now-${randomUUID()}`);
      const awaited = awaitRun(approvalOfRun(runId), message.identity, onProgress);
      return publishAndWait(message, filterOfApproval(message.identity), awaited, wait);
    },
  };
}
