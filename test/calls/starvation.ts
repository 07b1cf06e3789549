import assert from 'node:assert/strict';
import { createRateLimiter } from '../../src/calls/rate-limiter.ts';
import { sendWithRetry } from '../../src/calls/send-with-retry.ts';
import { cancelLimits, getLimits, MAX_GET_QUEUE_MS } from '../../src/cancellation/call-limits.ts';
import type { Cancellation } from '../../src/cancellation/cancellation.ts';
import { afterCancel, afterGet } from '../../src/cancellation/decide.ts';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { aCancellation, anOperation, NOON_MS, OK, status } from '../support/fakes.ts';
import { createWorld } from '../support/virtual-time.ts';

type Answer = 'accepted' | 'hangs' | 'never-sent' | ServiceResponse;

/** Operations of one sender, for which the service answers each call in the same way. */
export interface Sender {
  readonly count: number;
  /** Where the operations are, as in `projects/p/locations/LOCATION`. */
  readonly location: string;
  /** The resource that they belong to, below the location; `{}` is replaced by the number of the operation. */
  readonly parent?: string;
  readonly service?: string;
  readonly host?: string;
  readonly project?: string;
  /** When the first is requested and the time between two, in milliseconds. */
  readonly fromMs?: number;
  readonly everyMs?: number;
  readonly answer: Answer | (() => Answer);
  /** Whether the calls are GETs, as after an accepted cancel. */
  readonly reads?: boolean;
}

const LATENCY_MS = [40, 160] as const;
const TIMEOUT_MS = 10_000;

export const refused = (retryAfter?: string, httpStatus = 429) =>
  status(httpStatus, httpStatus === 503 ? 'UNAVAILABLE' : 'RESOURCE_EXHAUSTED', [], retryAfter);

/** Has the requests of all senders handled by one instance, in virtual time. */
export async function runSenders(
  senders: readonly Sender[],
  {
    durationMs = 180_000,
    seed = 1,
    limiter: chosen,
  }: {
    readonly durationMs?: number;
    readonly seed?: number;
    readonly limiter?: typeof createRateLimiter;
  } = {},
) {
  const world = createWorld(seed, NOON_MS);
  const clock = { now: world.now, sleep: world.sleep };
  const ports = { clock, random: () => world.next() };
  const limiter = (chosen ?? createRateLimiter)({ ...ports, log: () => undefined });

  const summaries = senders.map((sender, index) => {
    /** For each operation the time from its first delivery to its first call. */
    const waitsMs: number[] = [];
    let calls = 0;
    const { fromMs = 0, everyMs = 0, parent = '' } = sender;
    let arrived = 0;
    for (let count = 0; count < sender.count; count += 1) {
      world.after(fromMs + count * everyMs + world.between(0, 20), () => {
        arrived += 1;
        const { project = 'my-project', service = 'notebooks', host = 'notebooks.googleapis.com' } = sender;
        const name = `projects/${project}/locations/${sender.location}${parent.replace('{}', `${count}`)}/operations/o${index}-${count}`;
        const fullResourceName = `//${service}.googleapis.com/${name}`;
        const operation = anOperation({ name, fullResourceName, project, service, host });
        const firstMs = world.now();
        let isFirst = true;
        const send = async (timeoutMs: number): Promise<ServiceResponse> => {
          calls += 1;
          if (isFirst) waitsMs.push(world.now() - firstMs);
          isFirst = false;
          const answer = typeof sender.answer === 'function' ? sender.answer() : sender.answer;
          if (answer === 'hangs') {
            await clock.sleep(timeoutMs);
            return { kind: 'no-answer', timedOut: true, problem: 'no answer' };
          }
          await clock.sleep(world.between(...LATENCY_MS));
          if (answer === 'never-sent') return { kind: 'not-sent', problem: 'ECONNREFUSED' };
          return answer === 'accepted' ? OK : answer;
        };
        const step = sender.reads === true ? 'confirm' : 'cancel';
        const deadlineMs = firstMs + 900_000;
        void deliver(aCancellation({ operation, deadlineMs, step }), send);
      });
    }
    return {
      calls: () => calls,
      waitsMs,
      longestWaitMs: () => Math.max(0, ...waitsMs),
      /** Operations that were requested and never had a call. */
      untried: () => arrived - waitsMs.length,
    };
  });

  /** Makes one delivery, and the re-checks that follow from it. */
  async function deliver(
    cancellation: Cancellation,
    send: (timeoutMs: number) => Promise<ServiceResponse>,
  ): Promise<void> {
    const nowMs = clock.now();
    const isCancel = cancellation.step === 'cancel';
    const limits = isCancel
      ? cancelLimits(cancellation, nowMs)
      : { ...getLimits(cancellation, nowMs + MAX_GET_QUEUE_MS), attemptTimeoutMs: TIMEOUT_MS };
    const { result, attempts } = await sendWithRetry({ ...limits, limiter, send }, ports);
    const timing = { nowMs: clock.now(), firstRecheckMs: 5_000 };
    const decision = isCancel
      ? afterCancel(cancellation, result, attempts, timing)
      : afterGet(cancellation, result, timing);
    if (decision.kind === 'get') return deliver(decision.cancellation, send);
    if (decision.kind !== 'recheck') return;
    // An accepted cancel, or an operation that was read, has had the call that counts here.
    if (result.kind === 'ok') return;
    world.after(decision.dueMs - clock.now(), () => void deliver(decision.cancellation, send));
  }

  await world.run(NOON_MS + durationMs, 3_000_000);
  assert.ok(world.now() <= NOON_MS + durationMs);
  return summaries;
}
