import { createAdmission } from './admission.ts';
import { createCancelOperation } from './cancel-operation.ts';
import { createCancelWithRetry } from './cancel-with-retry.ts';
import type { Settings } from './config.ts';
import type { Latches } from './core/latches.ts';
import type { Clock, Later, Operations, OwnProject, Publisher } from './core/ports.ts';
import type { InSpan } from './core/tracing.ts';
import { createAnswerDeadLetter } from './dead-letter.ts';
import { logFailures } from './log.ts';
import type { Log } from './log.ts';
import { createPacing } from './pacing.ts';
import { createRunPursuit } from './pursuit-runner.ts';
import { createContinueSweep } from './triggers/continue-sweep.ts';
import { createHandleBudget } from './triggers/handle-budget.ts';
import { createHandleTrigger } from './triggers/handle-trigger.ts';
import { createRunSweep } from './triggers/run-sweep.ts';
import { createTakePage } from './triggers/take-page.ts';
import { createWithRetry } from './with-retry.ts';

/** What the function needs of the world. */
export interface World {
  readonly operations: Operations;
  readonly publisher: Publisher;
  readonly later: Later;
  readonly latches: Latches;
  readonly ownProject: OwnProject;
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly inSpan: InSpan;
  readonly log: Log;
}

/** The parts of the story, put together: takes an event, and resolves when its message may be acknowledged. */
export function createHandler(world: World, settings: HandlerSettings): (event: unknown) => Promise<void> {
  const { ownProject } = world;
  const admit = createAdmission({ ownProject, ...settings });
  const withRetry = createWithRetry(world);
  const pacing = createPacing(world);
  const cancelWithRetry = createCancelWithRetry({ ...world, withRetry, pacing });
  const runPursuit = createRunPursuit({ ...world, admit, cancelWithRetry, pacing });
  const takePage = createTakePage({ ...world, admit });
  const runSweep = createRunSweep({ ...world, withRetry, takePage });
  const handleBudget = createHandleBudget({ ...world, ...settings, runSweep });
  const handleTrigger = createHandleTrigger({ ...world, ...settings, runSweep, handleBudget });
  const continueSweep = createContinueSweep({ ...world, ...settings, runSweep });
  const answerDeadLetter = createAnswerDeadLetter({ ...world, continueSweep });
  return logFailures(
    createCancelOperation({
      ...world,
      ...settings,
      admit,
      runPursuit,
      handleTrigger,
      continueSweep,
      answerDeadLetter,
    }),
  );
}

export type HandlerSettings = Pick<
  Settings,
  | 'topics'
  | 'confirmWithinMs'
  | 'allowedProjects'
  | 'allowedServices'
  | 'protectedOperations'
  | 'sweeps'
  | 'budgets'
>;
