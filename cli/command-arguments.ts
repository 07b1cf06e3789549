import type { Outcome } from '../src/cancellation/outcome.ts';
import type { ConnectionOptions, OutputFormat } from './connection-options.ts';

/** The arguments of each command, as Commander reads them. */

/** The options of `lro-cancel cancel`, as the arguments give them. */
export interface CancelArguments extends ConnectionOptions {
  readonly file?: string;
  readonly job?: boolean;
  readonly service?: string;
  readonly version?: string;
  readonly region?: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly requestedBy?: string;
  readonly label?: readonly string[];
  readonly confirmWithin?: string;
  readonly requestId?: string;
  readonly wait: boolean;
  readonly timeout?: string;
  readonly output: OutputFormat;
}

/** The options of every command that waits for a run of a sweep. */
export interface RunArguments extends ConnectionOptions {
  readonly timeout?: string;
  readonly output: OutputFormat;
}

/** The options of `lro-cancel sweep`, as the arguments give them. */
export interface SweepArguments extends RunArguments {
  readonly dryRun?: boolean;
}

/** The options of `lro-cancel approve`, as the arguments give them. */
export interface ApproveArguments extends RunArguments {
  readonly reason?: string;
  readonly requestedBy?: string;
}

/** The options of `lro-cancel watch`, as the arguments give them. */
export interface WatchArguments extends ConnectionOptions {
  readonly outcome?: readonly Outcome[];
  readonly service?: readonly string[];
  readonly output: OutputFormat;
}

/** The options of `lro-cancel doctor`, as the arguments give them. */
export interface DoctorArguments {
  readonly project?: string;
  readonly prefix: string;
  readonly output: OutputFormat;
}

/** The options of `lro-cancel console`, as the arguments give them. */
export interface ConsoleArguments extends ConnectionOptions {
  readonly port?: string;
  readonly queue?: string;
  readonly allowRequests?: boolean;
}
