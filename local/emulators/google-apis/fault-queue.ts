import type { FaultStep } from './fault.ts';

/** The next scripted fault; undefined once they are used up. */
export type FaultQueue = () => FaultStep | undefined;

/** Hands out each step as many times as it says, in order; an `always` is never used up. */
export function faultQueue(steps: readonly FaultStep[] = []): FaultQueue {
  let index = 0;
  let given = 0;
  return () => {
    for (; index < steps.length; index += 1, given = 0) {
      const step = steps[index];
      if (step && (step.times === 'always' || given < (step.times ?? 1))) {
        given += 1;
        return step;
      }
    }
    return undefined;
  };
}
