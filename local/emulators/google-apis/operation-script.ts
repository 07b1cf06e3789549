import type { FaultStep } from './fault.ts';
import type { JsonObject } from './rpc-status.ts';

/**
 * The way in which an operation has ended. `neither` is done with neither response nor error, which exists in
 * the wild.
 */
export type DoneState = 'cancelled' | 'succeeded' | 'failed' | 'neither';

/** Every {@link DoneState}, for tables and for input. */
export const DONE_STATES = ['cancelled', 'succeeded', 'failed', 'neither'] as const satisfies DoneState[];

/** The effect of an accepted cancel. */
export type CancelEffect =
  | DoneState
  /** Accepted, shown in the metadata, and the operation runs on. */
  | 'never-ends'
  /** GET and :cancel answer NOT_FOUND afterwards. */
  | 'vanishes'
  /**
   * It has ended, and :cancel says so with FAILED_PRECONDITION. A service that answers OK instead: any other
   * effect with a done `state`.
   */
  | 'already-done';

/** Every {@link CancelEffect}, for tables and for input. */
export const CANCEL_EFFECTS = [
  ...DONE_STATES,
  'never-ends',
  'vanishes',
  'already-done',
] as const satisfies CancelEffect[];

/**
 * The script of one simulated operation. Without any field, the operation runs until a cancel, which ends it
 * at once as `cancelled`.
 */
export interface OperationScript {
  /** The effect of an accepted cancel. Default `cancelled`. */
  readonly onCancel?: CancelEffect;
  /** Time from the first accepted cancel to its effect. Default 0. */
  readonly afterMs?: number;
  /** Its state before any cancel. Default `running`, and `succeeded` where `onCancel` is `already-done`. */
  readonly state?: 'running' | DoneState;
  /**
   * The operation ends by itself this long after it was added. If a cancel ends it too, the earlier end
   * counts.
   */
  readonly endsItself?: { readonly state: DoneState; readonly afterMs: number };
  /**
   * Its age when added, which sets `createTime`, or what the service has in its place. Default 0; `unknown`
   * leaves it out.
   */
  readonly ageMs?: number | 'unknown';
  /**
   * Fields put over the service's own metadata, or over the operation itself for Kubernetes Engine and Cloud
   * SQL, which have none; null removes one. Storage Transfer's `projectId` is how one of its operations,
   * whose name has no project, gets another than `my-project`.
   */
  readonly metadata?: JsonObject;
  /** In place of the service's own response. */
  readonly response?: JsonObject;
  /** In place of the error that the end brings: code 1 for `cancelled`, 13 for `failed`. */
  readonly error?: JsonObject;
  /** Answered first, one a :cancel, before what else is scripted. */
  readonly cancelFaults?: readonly FaultStep[];
  /** Answered first, one a GET. */
  readonly getFaults?: readonly FaultStep[];
}

/** The script of the list method of one parent. */
export interface ListScript {
  /** Locations the answer names as not looked at (AIP-217). */
  readonly unreachable?: readonly string[];
  /** The service's own page limit, below what the caller asks for. */
  readonly maxPageSize?: number;
  /** For a parent with a `-` in it: the service takes none there, and answers INVALID_ARGUMENT. */
  readonly noWildcard?: boolean;
  /**
   * For a parent with a project's id: what is listed are the operations that have this number in its place, as
   * many services write it into the names of their answers.
   */
  readonly projectNumber?: string;
  /** Answered first, one a list call. */
  readonly listFaults?: readonly FaultStep[];
}
