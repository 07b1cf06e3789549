import { chooseCancelEffect } from '../cancel-effect.ts';
import type {
  FaultStep,
  JobScript,
  OperationScript,
} from '../../../local/emulators/google-apis/google-services.ts';
import type { Random } from '../../support/random.ts';

const OF_EVERY_KIND: readonly [FaultStep, ...FaultStep[]] = [
  { kind: 'RESOURCE_EXHAUSTED' },
  { kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 1 },
  { kind: 'UNAVAILABLE' },
  { kind: 'UNAVAILABLE', retryDelayMs: 300 },
  { kind: 'INTERNAL' },
  { kind: 'html', status: 502 },
  { kind: 'html', status: 200 },
  { kind: 'truncated-json' },
  { kind: 'reset' },
  { kind: 'reset', at: 'mid-answer' },
  { kind: 'json', value: [] },
  { kind: 'giant', bytes: 2_000_000 },
  { kind: 'slow', delayMs: 2_000 },
  { kind: 'odd-operation', fields: { done: 'yes' } },
];
/** A hanging answer costs ten seconds, so there are few. */
const HANGING = 0.02;

/** Faults in a row, such that each answer is faulty with this probability. */
function faults(random: Random, probability: number): FaultStep[] {
  const steps: FaultStep[] = [];
  while (steps.length < 10 && random.chance(probability)) {
    steps.push(random.chance(HANGING) ? { kind: 'hang' } : random.pick(OF_EVERY_KIND));
  }
  return steps;
}

/** Chooses the effect of the cancel of an operation or a job, and the faults of the calls about it. */
export function chooseScript(random: Random, probability: number): OperationScript & JobScript {
  return {
    onCancel: chooseCancelEffect(random),
    afterMs: random.pick([0, 500, 3_000, 12_000]),
    cancelFaults: faults(random, probability),
    getFaults: faults(random, probability),
  };
}
