import type { WholeAnswer } from '../answer.ts';
import type { ListFilter } from '../list-form.ts';
import type { JsonObject, RpcStatusName } from '../rpc-status.ts';
import type { JobStep, JobWords } from './job-life.ts';
import type { PathVariables } from './path-template.ts';
import type { JobPhase } from './job-script.ts';

/** The facts of a job that its service can show. Times are absent that are unknown or in the future. */
export interface JobFacts {
  readonly host: string;
  /** `projects/p/locations/l/customJobs/j` */
  readonly name: string;
  /** The parts of its path: `project`, `location`, …, `id`. */
  readonly at: PathVariables;
  readonly word: string;
  readonly phase: JobPhase;
  /** Every state that it came through, the present one last. */
  readonly steps: readonly JobStep[];
  readonly createTime: string | undefined;
  /** Since it first ran. */
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  readonly updateTime: string;
  /** Whether a cancel was accepted before the end. */
  readonly isCancelRequested: boolean;
  /** Where the job runs, of a service whose names do not say it. */
  readonly location: string;
}

/** An error of the method itself. */
export interface Refusal {
  readonly status: RpcStatusName;
  readonly message: string;
}

/** A cancel as it came, its body read. */
export interface CancelCall {
  readonly facts: JobFacts;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly nowMs: number;
  readonly cancelledAtMs: number | undefined;
}

/** The cancel method of a kind. */
export interface CancelForm {
  readonly method: 'POST' | 'PUT';
  /** Behind the path of the job. */
  readonly suffix: ':cancel' | '/cancel' | '';
  /** The parameters of the query. */
  readonly parameters?: readonly string[];
  /** The fields that a body may have besides those of the path; absent where the method takes no body. */
  readonly fields?: readonly string[];
  /** The fields that a body must have. */
  readonly required?: readonly string[];
  /** Further rules about the call. */
  readonly check?: (call: CancelCall) => Refusal | undefined;
  /** Whether the call only asks whether it could be done. */
  readonly isDryRun?: (call: CancelCall) => boolean;
  /** States in which the service refuses the cancel of a job that has not ended. */
  readonly tooEarly?: (facts: JobFacts) => Refusal | undefined;
  /** The answer about a job that has ended: a refusal, or 200 where absent. */
  readonly finished?: (facts: JobFacts) => Refusal;
  /** The body of the answer to a cancel that was taken. */
  readonly answer: (resource: JsonObject, facts: JobFacts) => JsonObject;
  /**
   * The operation that the answer names and that others can GET. It ends when the cancel was taken, and says
   * nothing about the job.
   */
  readonly operation?: (facts: JobFacts) => string;
}

/** A page of jobs, before its service has put it in words. */
export interface JobPage {
  readonly items: readonly JsonObject[];
  readonly nextPageToken: string | undefined;
  readonly unreachable: readonly string[];
}

/** The list method of a kind. */
export interface JobListForm {
  /** Templates of its path; a variable of the job's path that is missing here stands for any. */
  readonly paths: readonly string[];
  readonly size: { readonly parameter: string; readonly usual: number; readonly most: number };
  /** The limit of a page, where it depends on what is asked for. */
  readonly mostFor?: (query: URLSearchParams) => number;
  /** What the path leaves unsaid: `{ location: 'global' }`. */
  readonly within?: PathVariables;
  readonly token: string;
  /** The other parameters of the query. */
  readonly parameters: readonly string[];
  /** The variables of the path that may be `-`, for all. */
  readonly wildcards: readonly string[];
  readonly newestFirst: boolean;
  readonly filter: (query: URLSearchParams, at: PathVariables) => ListFilter;
  /** A job as the list shows it; default: as GET does. */
  readonly item?: (resource: JsonObject, query: URLSearchParams) => JsonObject;
  readonly namesUnreachable: boolean;
  readonly body: (page: JobPage) => JsonObject;
}

/**
 * A kind of jobs, as its service's own reference has it. It comes from there and not from the catalog, so that
 * the two can disagree.
 */
export interface JobKind {
  readonly service: string;
  /** The collection's name: `customJobs`. */
  readonly kind: string;
  readonly versions: readonly string[];
  /** Before the version: `bigquery/`. */
  readonly before?: string;
  /** `projects/{project}/locations/{location}/customJobs/{id}` */
  readonly name: string;
  /** Whether the host has this kind; a refusal where it has it for other locations. */
  readonly host: (host: string, at: PathVariables) => boolean | Refusal;
  /** The parameters of GET. */
  readonly getParameters: readonly string[];
  /** A job as GET shows it; default: all of it. */
  readonly getView?: (resource: JsonObject, query: URLSearchParams) => JsonObject;
  /** The full name of a job whose name can be written in two ways. */
  readonly fullName?: (name: string) => string;
  /** Whether the host, and not the name, says where the job is. */
  readonly isByHost?: boolean;
  readonly words: JobWords;
  readonly resource: (facts: JobFacts) => JsonObject;
  /** Absent where nothing of the kind can be cancelled by its own name. */
  readonly cancel?: CancelForm;
  /** The operation whose cancel ends the job, of a kind that has no cancel of its own. */
  readonly cancelledBy?: (facts: JobFacts) => string;
  readonly list: JobListForm;
  /** The permission of each method, as an error names it. */
  readonly permissions: { readonly cancel: string; readonly get: string; readonly list: string };
  readonly notFound?: (name: string, at: PathVariables) => string;
  /** An error in the form of the service; default: that of `google.rpc.Status`. */
  readonly error?: (refusal: Refusal) => WholeAnswer;
}
