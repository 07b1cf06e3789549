import type { Clock } from '../ports.ts';
import type { Postponed } from '../resources/response.ts';
import type { Log } from '../telemetry/log.ts';
import { createCallQueue } from './call-queue.ts';
import type { CallQueue, CallRequest, Permit } from './call-queue.ts';

/**
 * Gives permits for calls. Calls of one kind, to one service and host, for operations of one project share a queue and
 * its learned rate, because services count quotas by project (https://cloud.google.com/docs/quotas): a storm of
 * requests backs off together, and a project whose quota is used up does not hold up the others. Quotas of a location
 * or a resource are met within the queue.
 */
export interface RateLimiter {
  /** Synchronous where the call does not have to wait. Each permit must be released. */
  acquire(request: CallRequest): Permit | Postponed | Promise<Permit | Postponed>;
}

/** Idle queues are dropped when there are more than this. */
const MAX_QUEUES = 1_000;

export function createRateLimiter(ports: {
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
}): RateLimiter {
  const queues = new Map<string, CallQueue>();

  const createQueue = (key: string, request: CallRequest): CallQueue => {
    if (queues.size >= MAX_QUEUES) {
      for (const [other, queue] of queues) if (queue.isIdle()) queues.delete(other);
    }
    const queue = createCallQueue(request, ports);
    queues.set(key, queue);
    return queue;
  };

  return {
    acquire: (request) => {
      const { service, host, project = '' } = request.operation;
      const key = `${request.kind} ${service} ${host} ${project}`;
      return (queues.get(key) ?? createQueue(key, request)).acquire(request);
    },
  };
}
