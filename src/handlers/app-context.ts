import type { RateLimiter } from '../calls/rate-limiter.ts';
import type { Policy } from '../policy/policy.ts';
import type { Ports } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';

/** Everything that a handler may use: the ports, the settings, and the state that an instance keeps. */
export interface App extends Ports {
  readonly settings: Settings;
  readonly policy: Policy;
  /** Lets the calls to a service back off together. */
  readonly limiter: RateLimiter;
  readonly budgets: BudgetMemory;
}

/** The memory that an instance has of the budget notifications it received. */
export interface BudgetMemory {
  /** Runs that are being started, by their id: the same notification that arrives meanwhile joins them. */
  readonly inFlight: Map<string, Promise<void>>;
  /** Keys of warnings that were logged, so that they are not repeated. */
  readonly warned: Set<string>;
}
