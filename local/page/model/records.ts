import type { OperationScript } from '../../emulators/google-apis/google-services.ts';
import type { JobScript } from '../../emulators/google-apis/jobs/job-script.ts';
import type { RequestLife } from './request-life.ts';
import type { Route } from './route.ts';
import type { RunLife } from './run-life.ts';
import type { WaitingTask } from './waiting-task.ts';

/** A record that the page shows. What the server sends is a list of these, each with its id. */
export type PageRecord =
  | { readonly kind: 'request'; readonly request: RequestLife }
  | { readonly kind: 'run'; readonly run: RunLife }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'simulated'; readonly simulated: SimulatedResource }
  | { readonly kind: 'task'; readonly task: WaitingTask }
  | { readonly kind: 'dead-letter'; readonly deadLetter: DeadLetter }
  | { readonly kind: 'source'; readonly source: Source };

/** A line of the function's log that is of no request and no run; of a deployed system, a message that cannot be read. */
export interface Notice {
  readonly id: number;
  readonly atMs: number;
  readonly severity: string;
  readonly event: string;
  readonly message: string;
  /** The message that it is about, where one is. */
  readonly messageId?: string;
}

/** An operation, or a job, at the simulated services. */
export interface SimulatedResource {
  readonly url: string;
  readonly service: string;
  /** `operations`, or the kind of a job, as `customJobs`. */
  readonly kind: string;
  /** The service's own word for the state of a job. */
  readonly word?: string;
  /** `running`, or how it ended. */
  readonly state: string;
  /** Since when, as RFC 3339 writes it. */
  readonly since: string;
  /** How it behaves, as its store has it. */
  readonly script: OperationScript | JobScript;
}

/** A message that Pub/Sub stopped delivering. All of it but the id is text of others. */
export interface DeadLetter {
  /** Pub/Sub's id of the message. */
  readonly id: string;
  /** When it was dead-lettered. */
  readonly atMs: number;
  /** What it is, by its type or its data, such as `a re-check`. */
  readonly kind: string;
  /** Why it is here, in a sentence. */
  readonly why: string;
  readonly requestId?: string;
  readonly traceId?: string;
  /** When its first message was published, by which its log is found. */
  readonly sinceMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** The data, as JSON where it is JSON; long data is cut. */
  readonly body: string;
}

/** A part of a deployed system that the page reads. */
export interface Source {
  readonly id: 'results' | 'dead-letters' | 'queue';
  /**
   * `degraded`: it is read, and something is wrong with it or not shown. `unreadable`: it could not be read. `absent`: there is
   * none. In each of these, the text says why, and what to do.
   */
  readonly state: 'read' | 'degraded' | 'unreadable' | 'absent';
  readonly text: string;
  readonly queue?: QueueState;
}

/** The queue of the re-checks, as it was when it was read last. */
export interface QueueState {
  /** Full name. */
  readonly name: string;
  /** `RUNNING`, `PAUSED` or `DISABLED`. */
  readonly state: string;
  readonly readAtMs: number;
  /** Number of tasks that were read. */
  readonly count: number;
  /** Whether the queue has more tasks than were read. */
  readonly hasMore: boolean;
}

/** What the page knows from its first message on. */
export interface PageFacts {
  /** Differs after each start of the server. */
  readonly epoch: string;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly nowMs: number;
  /**
   * `local`: the system of `npm start`, whose settings, log and services the page knows. `deployed`: another one, of which it
   * knows messages and the queue.
   */
  readonly system: 'local' | 'deployed';
  /** In the order of their tabs. */
  readonly views: readonly Route['view'][];
  /** Whether the server publishes messages of the page. */
  readonly canPublish: boolean;
  /** The project whose Cloud Logging and Cloud Trace show more; absent where there are none. */
  readonly logProject?: string;
  readonly projectId: string;
  /** As a line for gcloud names them. */
  readonly topics: { readonly requests: string; readonly triggers: string };
  /** Names of the sweeps in the settings, where these are known, and whether each is a dry run there. */
  readonly sweeps: readonly { readonly name: string; readonly dryRun: boolean }[];
  readonly budgets: readonly BudgetFact[];
  /** Addresses, for whoever wants to look further. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** A rule of BUDGETS, for the form of an alert. */
export interface BudgetFact {
  readonly budgetId?: string;
  readonly budgetDisplayName?: string;
  readonly threshold: number;
  readonly sweep: string;
}
