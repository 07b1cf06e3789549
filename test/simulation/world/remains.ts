import type { SentApproval } from './approvals.ts';
import type { Scenario, Sent } from './scenario.ts';
import type { PubSub } from './pubsub.ts';
import type { Services } from './services.ts';
import type { Tasks } from './tasks.ts';
import type { Chaos } from './chaos.ts';

/** All that a run leaves behind. */
export interface Remains {
  readonly scenario: Scenario;
  readonly chaos: Chaos;
  readonly delay: 'cloud-tasks' | 'redelivery';
  readonly pubsub: PubSub;
  readonly services: Services;
  readonly tasks: Tasks;
  /** The messages that were sent, by the id that Pub/Sub gave them. */
  readonly sentAs: ReadonlyMap<string, Sent>;
  /** The approvals that were sent. */
  readonly approvals: readonly SentApproval[];
  /** Time of a deployment in the middle of the run. */
  readonly redeployedMs: number | undefined;
  readonly startMs: number;
  /** Whether all events happened before the end of the run. */
  readonly isFinished: boolean;
  readonly credentialUrls: readonly string[];
}

/** A result, as published. */
export interface Result {
  readonly id: string;
  readonly outcome: string;
  readonly url: string | undefined;
  readonly requestId: string;
  readonly messageId: string;
  readonly requestedBy: string | undefined;
  readonly detail: string;
  readonly errorType: string | undefined;
  readonly atMs: number;
}
