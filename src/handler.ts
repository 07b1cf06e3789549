import { createAdmission } from './admission.ts';
import { createCancelOperation } from './cancel-operation.ts';
import { createCancelWithRetry } from './cancel-with-retry.ts';
import type { Settings } from './config.ts';
import type { Clock, Later, Operations, OwnProject, Publisher } from './core/ports.ts';
import { createAnswerDeadLetter } from './dead-letter.ts';
import { logFailures } from './log.ts';
import type { Log } from './log.ts';
import { createRunPursuit } from './pursuit-runner.ts';

/** What the function needs of the world. */
export interface World {
  readonly operations: Operations;
  readonly publisher: Publisher;
  readonly later: Later;
  readonly ownProject: OwnProject;
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
}

/** The parts of the story, put together: takes an event, and resolves when its message may be acknowledged. */
export function createHandler(world: World, settings: HandlerSettings): (event: unknown) => Promise<void> {
  const { ownProject } = world;
  const admit = createAdmission({ ownProject, ...settings });
  const cancelWithRetry = createCancelWithRetry(world);
  const runPursuit = createRunPursuit({ ...world, admit, cancelWithRetry });
  const answerDeadLetter = createAnswerDeadLetter(world);
  return logFailures(createCancelOperation({ ...world, ...settings, admit, runPursuit, answerDeadLetter }));
}

export type HandlerSettings = Pick<
  Settings,
  'topics' | 'confirmWithinMs' | 'allowedProjects' | 'allowedServices' | 'protectedOperations'
>;
