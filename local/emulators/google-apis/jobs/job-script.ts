import type { FaultStep } from '../fault.ts';
import type { OperationScript } from '../operation-script.ts';
import type { JsonObject } from '../rpc-status.ts';

/** The ways in which a job ends. */
export type JobEnd = 'cancelled' | 'succeeded' | 'failed';

/** A job's life, as it is the same for every service. Each has words of its own for these. */
export type JobPhase = 'queued' | 'running' | 'cancelling' | JobEnd;

/** The effect of an accepted cancel. */
export type JobCancelEffect =
  | JobEnd
  /** Accepted, not shown, and the job runs on. */
  | 'ignored'
  /** Accepted, shown as under way, and never done. */
  | 'never-ends'
  /** The job is deleted: GET and cancel answer NOT_FOUND afterwards. */
  | 'vanishes';

/** Every {@link JobCancelEffect}, for tables and for input. */
export const JOB_CANCEL_EFFECTS = [
  'cancelled',
  'succeeded',
  'failed',
  'ignored',
  'never-ends',
  'vanishes',
] as const satisfies JobCancelEffect[];

/** A script that both an operation and a job can follow. */
export type SharedScript = OperationScript & JobScript;

/**
 * The script of one simulated job. Without any field, the job runs until a cancel, which ends it at once as
 * `cancelled`.
 */
export interface JobScript {
  /** The effect of an accepted cancel. Default `cancelled`. */
  readonly onCancel?: JobCancelEffect;
  /** Time from the first accepted cancel to its effect. Default 0. */
  readonly afterMs?: number;
  /**
   * Its state when added: a {@link JobPhase}, or a word of the service's own, `JOB_STATE_DRAINING` for one.
   * Default `running`, and `queued` with `startsInMs`.
   */
  readonly state?: string;
  /** The job begins to run this long after it was added. Some services refuse a cancel before that. */
  readonly startsInMs?: number;
  /**
   * The job ends by itself, or by another person's doing, this long after it was added: in a phase or a word
   * such as `JOB_STATE_DRAINED`. If a cancel ends it too, the earlier end counts.
   */
  readonly endsItself?: { readonly state: string; readonly afterMs: number };
  /**
   * The answer to a cancel of a job that has ended: refused, or a 200 without effect. Default: as the
   * service's reference has it, where it says.
   */
  readonly whenFinished?: 'refused' | 'accepted';
  /** Its age when added. Default 0; `unknown` leaves the times of its beginning out. */
  readonly ageMs?: number | 'unknown';
  /** BigQuery only: where the job runs, which its name does not say. Default `US`. */
  readonly location?: string;
  /** Put over the job as its service shows it: a JSON merge patch (RFC 7396). */
  readonly fields?: JsonObject;
  /** Answered first, one a cancel, before what else is scripted. */
  readonly cancelFaults?: readonly FaultStep[];
  /** Answered first, one a GET. */
  readonly getFaults?: readonly FaultStep[];
}
