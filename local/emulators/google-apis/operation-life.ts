import type { DoneState, OperationScript } from './operation-script.ts';

/** The past of an operation. Its present state follows from this and the time. */
export interface OperationPast {
  readonly script: OperationScript;
  readonly addedAtMs: number;
  /** Time of the first cancel that was accepted while the operation ran. */
  readonly cancelledAtMs?: number;
  /** Time of the first cancel that found the operation ended (`already-done`). */
  readonly foundDoneAtMs?: number;
}

/** The state an operation is in, and since when. */
export interface OperationPresent {
  readonly state: 'running' | 'gone' | DoneState;
  readonly sinceMs: number;
}

/** The state of the operation at `nowMs`. Pure, so that operations end by the clock and need no timers. */
export function presentOf(past: OperationPast, nowMs: number): OperationPresent {
  const { script, addedAtMs } = past;
  const initial = script.state ?? (script.onCancel === 'already-done' ? 'succeeded' : 'running');
  if (initial !== 'running') return { state: initial, sinceMs: addedAtMs };
  const earliest = ends(past)
    .filter(({ sinceMs }) => sinceMs <= nowMs)
    .sort((a, b) => a.sinceMs - b.sinceMs)[0];
  return earliest ?? { state: 'running', sinceMs: addedAtMs };
}

function ends({ script, addedAtMs, cancelledAtMs, foundDoneAtMs }: OperationPast): OperationPresent[] {
  const found: OperationPresent[] = [];
  if (script.endsItself) {
    found.push({ state: script.endsItself.state, sinceMs: addedAtMs + script.endsItself.afterMs });
  }
  if (foundDoneAtMs !== undefined) found.push({ state: 'succeeded', sinceMs: foundDoneAtMs });
  const effect = script.onCancel ?? 'cancelled';
  if (cancelledAtMs !== undefined && effect !== 'never-ends' && effect !== 'already-done') {
    const sinceMs = cancelledAtMs + (script.afterMs ?? 0);
    found.push({ state: effect === 'vanishes' ? 'gone' : effect, sinceMs });
  }
  return found;
}
