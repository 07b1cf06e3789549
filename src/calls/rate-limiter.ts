import type { Clock } from '../ports.ts';
import type { RateLimiter, CallRequest } from './turn.ts';
import { createCallQueue } from './call-queue.ts';
import type { CallQueue } from './call-queue.ts';
import type { Log } from '../telemetry/log.ts';

/** With more lines than this, those are dropped in which nobody stands and nothing was learned. */
const MOST_LINES = 1_000;

export function createRateLimiter(parts: {
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
}): RateLimiter {
  const lines = new Map<string, CallQueue>();

  const open = (key: string, turn: CallRequest): CallQueue => {
    if (lines.size >= MOST_LINES) {
      for (const [other, line] of lines) if (line.isIdle()) lines.delete(other);
    }
    const line = createCallQueue(turn, parts);
    lines.set(key, line);
    return line;
  };

  return (turn, call) => {
    const { host, project = '' } = turn.operation;
    const key = `${turn.kind} ${host} ${project}`;
    return (lines.get(key) ?? open(key, turn)).take(turn, call);
  };
}
