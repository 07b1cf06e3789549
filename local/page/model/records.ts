import type { OperationScript } from '../../emulators/google-apis/google-services.ts';
import type { JobScript } from '../../emulators/google-apis/jobs/job-script.ts';
import type { RequestLife } from './request-life.ts';
import type { RunLife } from './run-life.ts';

/** A record that the page shows. What the server sends is a list of these, each with its id. */
export type PageRecord =
  | { readonly kind: 'request'; readonly request: RequestLife }
  | { readonly kind: 'run'; readonly run: RunLife }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'simulated'; readonly simulated: SimulatedResource };

/** A line of the function's log that is of no request and no run. */
export interface Notice {
  readonly id: number;
  readonly atMs: number;
  readonly severity: string;
  readonly event: string;
  readonly message: string;
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

/** What the page knows from its first message on. */
export interface PageFacts {
  /** Differs after each start of the server. */
  readonly epoch: string;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly nowMs: number;
  readonly projectId: string;
  readonly topics: { readonly requests: string; readonly triggers: string };
  /** Names of the sweeps in the settings, and whether each is a dry run there. */
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
