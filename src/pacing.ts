import type { Clock } from './core/ports.ts';
import type { Pacing, Turn } from './core/turn.ts';
import { createLine } from './line.ts';
import type { Line } from './line.ts';
import type { Log } from './log.ts';

/** With more lines than this, those are dropped in which nobody stands and nothing was learnt. */
const MOST_LINES = 1_000;

export function createPacing(parts: {
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
}): Pacing {
  const lines = new Map<string, Line>();

  const open = (key: string, turn: Turn): Line => {
    if (lines.size >= MOST_LINES) {
      for (const [other, line] of lines) if (line.isIdle()) lines.delete(other);
    }
    const line = createLine(turn, parts);
    lines.set(key, line);
    return line;
  };

  return (turn, call) => {
    const { host, project = '' } = turn.operation;
    const key = `${turn.kind} ${host} ${project}`;
    return (lines.get(key) ?? open(key, turn)).take(turn, call);
  };
}
