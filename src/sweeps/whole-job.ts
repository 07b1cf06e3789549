import { callSpan } from '../calls/call-span.ts';
import { sendWithRetry } from '../calls/send-with-retry.ts';
import type { TraceContext } from '../messages/trace-context.ts';
import type { Ports } from '../ports.ts';
import type { Query, Resource } from '../resources/resource.ts';
import { isQuotaExhausted, isTransient } from '../resources/response.ts';
import { asNotSent } from './list-call.ts';

const GET_TIMEOUT_MS = 5_000;

/** The ports that a GET of a listed job needs. */
export type WholeJobPorts = Pick<Ports, 'resourceApi' | 'clock' | 'random' | 'withSpan'>;

/**
 * Reads a job of a kind whose lists show only a part of each job: a rule about a field that the list leaves out would
 * otherwise leave alone every job, or protect none.
 *
 * @param query asks for the whole job
 * @param endMs when to stop trying, in milliseconds since the epoch
 * @returns the body, or the reason why there is none
 */
export async function readWholeJob(
  job: Resource,
  query: Query,
  { endMs, trace }: { readonly endMs: number; readonly trace: TraceContext | undefined },
  ports: WholeJobPorts,
): Promise<{ readonly body: unknown } | { readonly problem: string }> {
  const { get } = job.calls;
  if (get === undefined || ports.clock.now() >= endMs) return { problem: 'there was no time to read it' };
  const whole = { ...job, calls: { ...job.calls, get: { ...get, query: { ...get.query, ...query } } } };
  const span = callSpan('get', job, trace, { 'lro_cancel.operation': job.fullResourceName });
  const { result } = await sendWithRetry(
    {
      attemptTimeoutMs: GET_TIMEOUT_MS,
      send: (timeoutMs) =>
        ports.withSpan(span, () => ports.resourceApi.get(whole, timeoutMs).catch(asNotSent)),
      retry: { isRetryable: (failure) => isTransient(failure) && !isQuotaExhausted(failure), endMs },
      onRetry: () => undefined,
    },
    ports,
  );
  return result.kind === 'ok' ? { body: result.body } : { problem: result.error.message };
}
