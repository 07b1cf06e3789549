import type { SweepReport } from '../src/sweeps/report.ts';
import type { Result } from './received-event.ts';

/** Where a client finds the system. */
export interface ConnectOptions {
  /** Default: the project of `GOOGLE_CLOUD_PROJECT` or of the credentials; on an emulator, `my-project`. */
  readonly projectId?: string;
  /** Beginning of the topics' names. Default `lro-cancel`. */
  readonly prefix?: string;
  /** Full names of topics that are not named by the prefix. */
  readonly topics?: { readonly requests?: string; readonly triggers?: string; readonly results?: string };
  /** `HOST:PORT` of a local Pub/Sub. Default: `PUBSUB_EMULATOR_HOST`. */
  readonly emulatorHost?: string;
}

/** The fields of a request, as docs/messages.md describes them, but for the operation or job itself. */
export interface RequestOptions {
  /** Whether the references name jobs, and not operations. */
  readonly job?: boolean;
  /** Needed where a reference is a bare name. */
  readonly service?: string;
  readonly version?: string;
  readonly region?: string;
  /** Default: an id of its own for each reference. */
  readonly requestId?: string;
  readonly reason?: string;
  readonly requestedBy?: string;
  /** How long the function looks for the end, as `"900s"`. */
  readonly confirmWithin?: string;
  /** Look, and cancel nothing. */
  readonly dryRun?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

/** How long to wait, and for what. */
export interface WaitOptions {
  /** In milliseconds. Default: `confirmWithin`, or 900 s, and a minute; of a sweep and an approval half an hour. */
  readonly timeoutMs?: number;
  /** Ends the wait with `ClientError` `Closed`. What was sent is not withdrawn. */
  readonly signal?: AbortSignal;
}

/** A request that was published. */
export interface SentRequest {
  /** The reference as it was given. */
  readonly reference: string;
  readonly requestId: string;
  /** Pub/Sub's id of the message that carries it. */
  readonly messageId: string;
}

/** How one request of `cancelAll` ended. */
export interface Settled {
  readonly reference: string;
  readonly requestId: string;
  /** Absent where no result came in time, or the request could not be published. */
  readonly result?: Result;
  /** Why the request could not be published. */
  readonly error?: Error;
}

/** What happens to the requests of `cancelAll`, as it happens. `index` is that of the reference. */
export type Progress =
  | { readonly kind: 'sent'; readonly index: number; readonly sent: SentRequest }
  | { readonly kind: 'failed'; readonly index: number; readonly error: Error }
  | { readonly kind: 'result'; readonly index: number; readonly result: Result };

export interface CancelOptions extends RequestOptions, WaitOptions {}

export interface CancelAllOptions extends CancelOptions {
  readonly onProgress?: (progress: Progress) => void;
}

export interface SweepOptions extends WaitOptions {
  /** Look at what would be cancelled, and cancel nothing. */
  readonly dryRun?: boolean;
  /** Called with the report, and with each result of the run as soon as the report says that it is of this run. */
  readonly onProgress?: (progress: SweepProgress) => void;
}

export type SweepProgress =
  | { readonly kind: 'started'; readonly messageId: string }
  | { readonly kind: 'report'; readonly report: SweepReport }
  | { readonly kind: 'result'; readonly result: Result };

/** Who approves a dry run, and how long to wait for what comes of it. */
export interface ApproveOptions extends WaitOptions {
  /** Repeated in the report and in the results, as `reason` is. */
  readonly requestedBy?: string;
  readonly reason?: string;
  /** Called with the report, and with each result as soon as the report says that the approval is this one. */
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** How a sweep, or the approval of its dry run, ended. */
export interface SweptRun {
  /** Absent where none came in time, and where the trigger was rejected. */
  readonly report?: SweepReport;
  /** The answer to a trigger that names no sweep of the deployed settings, or no run that can be approved. */
  readonly rejection?: Result;
  /** The results of the run's requests that came in time. */
  readonly results: readonly Result[];
  /** Whether the report and the results of all requests have come. */
  readonly isWhole: boolean;
}

/** Which results to read. */
export interface ResultsOptions {
  /** Default: all. */
  readonly outcomes?: readonly Result['outcome'][];
  /** Short names of services, such as `notebooks`. Default: all. */
  readonly services?: readonly string[];
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}
