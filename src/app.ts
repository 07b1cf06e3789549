import { createAdmission } from './policy/admission.ts';
import { createCancelOperation } from './handlers/handle-message.ts';
import { createCancelWithRetry } from './calls/cancel-with-retry.ts';
import type { Settings } from './settings/settings.ts';
import type { IdempotencyStore } from './budgets/idempotency-store.ts';
import type { Clock, Scheduler, ResourceApi, OwnProject, Publisher } from './ports.ts';
import type { WithSpan } from './telemetry/with-span.ts';
import { createAnswerDeadLetter } from './handlers/dead-letter.ts';
import { logFailures } from './telemetry/log.ts';
import type { Log } from './telemetry/log.ts';
import { createRateLimiter } from './calls/rate-limiter.ts';
import { createCancellations } from './cancellation/run.ts';
import { createResumeSweep } from './handlers/sweep-run.ts';
import { createHandleBudget } from './handlers/budget-notification.ts';
import { createHandleTrigger } from './handlers/trigger.ts';
import { createSweeps } from './sweeps/run.ts';
import { createProcessPage } from './sweeps/process-page.ts';
import { createWithRetry } from './calls/with-retry.ts';

/** What the function needs of the world. */
export interface Ports {
  readonly resourceApi: ResourceApi;
  readonly publisher: Publisher;
  readonly scheduler: Scheduler;
  readonly idempotencyStore: IdempotencyStore;
  readonly ownProject: OwnProject;
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly withSpan: WithSpan;
  readonly log: Log;
}

/** The parts of the story, put together: takes an event, and resolves when its message may be acknowledged. */
export function createApp(world: Ports, settings: AppSettings): (event: unknown) => Promise<void> {
  const { ownProject } = world;
  const admit = createAdmission({ ownProject, ...settings });
  const withRetry = createWithRetry(world);
  const pacing = createRateLimiter(world);
  const cancelWithRetry = createCancelWithRetry({ ...world, withRetry, pacing });
  const cancellations = createCancellations({ ...world, admit, cancelWithRetry, pacing });
  const processPage = createProcessPage({ ...world, admit });
  const runSweep = createSweeps({ ...world, withRetry, processPage });
  const handleBudget = createHandleBudget({ ...world, ...settings, runSweep });
  const handleTrigger = createHandleTrigger({ ...world, ...settings, runSweep, handleBudget });
  const continueSweep = createResumeSweep({ ...world, ...settings, runSweep });
  const answerDeadLetter = createAnswerDeadLetter({ ...world, continueSweep });
  return logFailures(
    createCancelOperation({
      ...world,
      ...settings,
      admit,
      cancellations,
      handleTrigger,
      continueSweep,
      answerDeadLetter,
    }),
  );
}

export type AppSettings = Pick<
  Settings,
  | 'topics'
  | 'confirmWithinMs'
  | 'allowedProjects'
  | 'allowedServices'
  | 'protectedOperations'
  | 'sweeps'
  | 'budgets'
>;
