/**
 * `lro-cancel/client`: cancels operations from another program, and reads how each ended. docs/client.md describes it.
 */
export { connect } from './client.ts';
export type { Client } from './client.ts';
export { ClientError } from './client-error.ts';
export type { ClientErrorCode, ReferenceFailure, RefusedReference } from './client-error.ts';
export type {
  ApproveOptions,
  CancelAllOptions,
  CancelOptions,
  ConnectOptions,
  Progress,
  RequestOptions,
  ResultsOptions,
  SentRequest,
  Settled,
  SweepOptions,
  SweepProgress,
  SweptRun,
  WaitOptions,
} from './options.ts';
export type { Result } from './received-event.ts';
export type { SweepReport } from '../src/sweeps/report.ts';
