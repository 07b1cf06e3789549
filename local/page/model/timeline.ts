import type { RequestLife, Step, StepKind, Tone } from './request-life.ts';
import { duration } from './words.ts';

/** A mark or a bar of a timeline; places are fractions of its width. */
export interface Mark {
  readonly kind: StepKind;
  readonly tone: Tone;
  readonly at: number;
  /** Where a bar ends; a mark has no length. */
  readonly to?: number;
  /** For a pointer that rests on it. */
  readonly label: string;
}

/** The steps with a step for each call, at the time of the call. A call that the log says nothing of has no text. */
export function stepsByCall(steps: readonly Step[]): readonly Step[] {
  // The log is read later than a call is made, so that one could seem earlier than the message that led to it.
  let begunMs = -Infinity;
  const apart = steps.flatMap((step): Step[] => {
    if (step.kind === 'accepted' || step.kind === 'published') begunMs = step.atMs;
    const { calls = [] } = step;
    if (calls.length === 0) return [step];
    return calls.map((call, index) => ({
      ...step,
      ...(index < calls.length - 1 && { text: '', tone: call.status === 200 ? 'info' : 'wait' }),
      atMs: Math.max(begunMs, call.atMs),
      calls: [call],
    }));
  });
  return apart.sort((a, b) => a.atMs - b.atMs);
}

/** A life as marks on one line, from its first step to its end, or to now. */
export interface Timeline {
  readonly startMs: number;
  readonly endMs: number;
  readonly marks: readonly Mark[];
  /** Where now is, in a life that has not ended. */
  readonly now?: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Shorter lives fill only a part of the line, so that one of a few milliseconds does not look long. */
const MIN_LENGTH_MS = 400;

export function timelineOf(life: RequestLife, nowMs: number): Timeline {
  const { firstMs, lastMs, ended, steps } = life;
  const awaitedMs = ended ? 0 : (steps.at(-1)?.untilMs ?? 0);
  // A wait that is far ahead would push all that has happened into one place.
  const aheadMs = Math.min(awaitedMs, nowMs + Math.max(10_000, nowMs - firstMs));
  const endMs = Math.max(ended ? lastMs : Math.max(nowMs, aheadMs), firstMs + MIN_LENGTH_MS);
  const place = (ms: number) => Math.min(1, Math.max(0, (ms - firstMs) / (endMs - firstMs)));
  const marks = steps.flatMap((step, index) => {
    const nextMs = steps[index + 1]?.atMs ?? (ended ? lastMs : endMs);
    return marksOf(step, Math.min(nextMs, endMs), place);
  });
  return {
    startMs: firstMs,
    endMs,
    marks,
    ...(!ended && { now: place(nowMs) }),
    ticks: ticksOf(endMs - firstMs),
  };
}

function marksOf(step: Step, nextMs: number, place: (ms: number) => number): Mark[] {
  const { kind, tone, atMs, title, text, calls = [], untilMs } = step;
  const marks: Mark[] = calls.map(({ atMs: calledMs, status }, index) => {
    const answered = status === 'none' ? 'no answer' : String(status);
    const isLast = index === calls.length - 1;
    const label = `${title}: ${answered}${isLast ? `, ${text}` : ''}`;
    return { kind, tone: isLast ? tone : 'wait', at: place(calledMs), label };
  });
  if (calls.length === 0) marks.push({ kind, tone, at: place(atMs), label: `${title}: ${text}` });
  if (untilMs === undefined) return marks;
  const label = `waits for ${duration(untilMs - atMs)}`;
  const bar: Mark = {
    kind: 'wait',
    tone: 'wait',
    at: place(atMs),
    to: place(Math.min(untilMs, nextMs)),
    label,
  };
  return kind === 'wait' ? [bar] : [...marks, bar];
}

/** Round times at which a line gets a tick: at most six. */
function ticksOf(lengthMs: number): Timeline['ticks'] {
  const stepMs = TICK_STEPS_MS.find((ms) => lengthMs / ms <= 6) ?? lengthMs / 4;
  const count = Math.floor(lengthMs / stepMs);
  return Array.from({ length: count + 1 }, (_, index) => ({
    at: (index * stepMs) / lengthMs,
    label: index === 0 ? '0' : duration(index * stepMs).replace('.0 s', ' s'),
  }));
}

const TICK_STEPS_MS = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
  7_200_000, 21_600_000, 86_400_000,
];

/** How long a request took, or has taken until now. */
export const tookMs = ({ firstMs, lastMs, ended }: RequestLife, nowMs: number) =>
  (ended ? lastMs : nowMs) - firstMs;
