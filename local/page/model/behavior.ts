import type { OperationScript } from '../../emulators/google-apis/google-services.ts';
import type { JobScript, SharedScript } from '../../emulators/google-apis/jobs/job-script.ts';

type Script = OperationScript | JobScript;

/** How a simulated operation can be made to behave by a click. */
export const BEHAVIORS = {
  obedient: { label: 'Obedient', hint: 'ends 2 s after its cancel' },
  stubborn: { label: 'Stubborn', hint: 'accepts the cancel and runs on' },
  throttled: { label: 'Throttled', hint: 'answers every cancel with 429' },
  unavailable: { label: 'Broken (503)', hint: 'answers every call with 503' },
  reset: { label: 'Broken (reset)', hint: 'breaks every connection' },
} as const;

export type Behavior = keyof typeof BEHAVIORS;

export const isBehavior = (text: unknown): text is Behavior =>
  typeof text === 'string' && Object.hasOwn(BEHAVIORS, text);

const SCRIPTS: Readonly<Record<Behavior, SharedScript>> = {
  obedient: { onCancel: 'cancelled', afterMs: 2_000 },
  stubborn: { onCancel: 'never-ends' },
  throttled: { cancelFaults: [{ kind: 'RESOURCE_EXHAUSTED', times: 'always', retryAfterSeconds: 1 }] },
  unavailable: {
    cancelFaults: [{ kind: 'UNAVAILABLE', times: 'always' }],
    getFaults: [{ kind: 'UNAVAILABLE', times: 'always' }],
  },
  reset: {
    cancelFaults: [{ kind: 'reset', times: 'always' }],
    getFaults: [{ kind: 'reset', times: 'always' }],
  },
};

/** The script of an operation that behaves in this way from now on; the rest of its script stays. */
export function scriptWith(script: Script, behavior: Behavior): SharedScript {
  const { onCancel } = script;
  const setsEffect = SCRIPTS[behavior].onCancel !== undefined || onCancel === 'never-ends';
  const replaced = ['cancelFaults', 'getFaults', ...(setsEffect ? ['onCancel', 'afterMs'] : [])];
  const kept = Object.fromEntries(Object.entries(script).filter(([field]) => !replaced.includes(field)));
  return { ...kept, ...SCRIPTS[behavior] };
}

/** The script of an operation that is started again: it runs, also where it was done from the start. */
export const restarted = (script: Script): SharedScript =>
  Object.fromEntries(
    Object.entries(script).filter(([field, value]) => field !== 'state' && value !== 'already-done'),
  );

/** The behavior that a script has; undefined where it is another, such as one of a seed. */
export function behaviorOf(script: Script): Behavior | undefined {
  const { cancelFaults, getFaults, onCancel = 'cancelled' } = script;
  const same = (behavior: Behavior) =>
    JSON.stringify(SCRIPTS[behavior].cancelFaults) === JSON.stringify(cancelFaults) &&
    JSON.stringify(SCRIPTS[behavior].getFaults) === JSON.stringify(getFaults);
  if (cancelFaults === undefined && getFaults === undefined) {
    if (onCancel === 'cancelled') return 'obedient';
    return onCancel === 'never-ends' ? 'stubborn' : undefined;
  }
  return (['throttled', 'unavailable', 'reset'] as const).find(same);
}
