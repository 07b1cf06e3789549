import type { JobCancelEffect, JobPhase, JobScript } from './job-script.ts';

/** A service's words for the states of a job, each with the phase that it stands for. */
export type JobWords = Readonly<Record<string, JobPhase>>;

/** The past of a job. Its present state follows from this and the time. */
export interface JobPast {
  readonly script: JobScript;
  readonly addedAtMs: number;
  /** Time of the first cancel that was accepted before the end. */
  readonly cancelledAtMs?: number;
}

/** A state that a job came into, and when. */
export interface JobStep {
  readonly word: string;
  readonly phase: JobPhase;
  readonly sinceMs: number;
}

/** Whether a phase is the last one. */
export const isEnd = (phase: JobPhase) =>
  phase === 'cancelled' || phase === 'succeeded' || phase === 'failed';

/** The word for a phase or for itself; undefined where the service has none. */
export function wordOf(state: string, words: JobWords): string | undefined {
  if (Object.hasOwn(words, state)) return state;
  return Object.keys(words).find((word) => words[word] === state);
}

/** When a job was made: its age before it was added. */
export const createdAtMs = ({ script, addedAtMs }: JobPast) =>
  script.ageMs === undefined || script.ageMs === 'unknown' ? addedAtMs : addedAtMs - script.ageMs;

/** When a cancel deletes the job; undefined where none does. */
export function goneAtMs({ script, cancelledAtMs }: JobPast): number | undefined {
  if (script.onCancel !== 'vanishes' || cancelledAtMs === undefined) return undefined;
  return cancelledAtMs + (script.afterMs ?? 0);
}

/**
 * The states that the job has come through by `nowMs`, the present one last. Pure, so that jobs change by the
 * clock and need no timers.
 */
export function stepsOf(past: JobPast, words: JobWords, nowMs: number): readonly JobStep[] {
  const due = [...beginning(past, words), ...changes(past, words)]
    .filter(({ sinceMs }) => sinceMs <= nowMs)
    .sort((a, b) => a.sinceMs - b.sinceMs);
  const end = due.findIndex(({ phase }) => isEnd(phase));
  const steps = end < 0 ? due : due.slice(0, end + 1);
  // A job does not go back: one that starts while it is being cancelled is shown as cancelled.
  return steps.filter(({ phase }, at) => {
    const before = steps.slice(0, at);
    return phase !== 'running' || !before.some((step) => step.phase === 'cancelling');
  });
}

/** What came before the job was added, and its state then. */
function beginning(past: JobPast, words: JobWords): JobStep[] {
  const { script, addedAtMs } = past;
  const created = createdAtMs(past);
  const initial = stepIn(script.state ?? (script.startsInMs ? 'queued' : 'running'), words, created);
  if (initial === undefined) return [];
  const queued = stepIn('queued', words, created) ?? [];
  switch (initial.phase) {
    case 'queued':
      return [initial];
    case 'running':
      return [queued, initial].flat();
    case 'cancelling':
    case 'cancelled':
    case 'succeeded':
    case 'failed':
      return [queued, stepIn('running', words, created) ?? [], { ...initial, sinceMs: addedAtMs }].flat();
  }
}

function changes({ script, addedAtMs, cancelledAtMs }: JobPast, words: JobWords): JobStep[] {
  const found: (JobStep | undefined)[] = [];
  const { startsInMs, endsItself, onCancel = 'cancelled', afterMs = 0 } = script;
  if (startsInMs !== undefined) found.push(stepIn('running', words, addedAtMs + startsInMs));
  if (cancelledAtMs !== undefined && onCancel !== 'ignored') {
    found.push(stepIn('cancelling', words, cancelledAtMs));
    const end = endBy(onCancel);
    if (end) found.push(stepIn(end, words, cancelledAtMs + afterMs));
  }
  if (endsItself) found.push(stepIn(endsItself.state, words, addedAtMs + endsItself.afterMs));
  return found.filter((step) => step !== undefined);
}

function endBy(effect: JobCancelEffect): JobPhase | undefined {
  return effect === 'cancelled' || effect === 'succeeded' || effect === 'failed' ? effect : undefined;
}

function stepIn(state: string, words: JobWords, sinceMs: number): JobStep | undefined {
  const word = wordOf(state, words);
  const phase = word === undefined ? undefined : words[word];
  return word === undefined || phase === undefined ? undefined : { word, phase, sinceMs };
}
