import { createHash } from 'node:crypto';

/**
 * An id that is the same whenever it is made of the same parts: 128 bits of SHA-256, in hexadecimal, evenly
 * spread. Parts are length-prefixed, so that no two lists of parts read alike.
 */
function idOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 32);
}

/** The one id of a request's result, however often it is published. */
export const resultId = (requestId: string, operation: string) => idOf('result', requestId, operation);

/**
 * The id of one re-check. A redelivered message schedules its re-check again under the same id, also where the services
 * answer otherwise than at the first delivery and the next step is another.
 */
export const recheckId = (requestId: string, operation: string, attempt: number) =>
  idOf('recheck', requestId, operation, String(attempt));

/** The id of one of the requests that a request with `operations` becomes. */
export const childRequestId = (requestId: string, reference: string) => idOf('request', requestId, reference);

/** An id for input without one, so that it is answered too, and only once. */
export const unidentifiedId = (text: string) => `unidentified-${idOf('unidentified', text)}`;

/** The id of one run of a sweep: the same whenever the same cause starts it again. */
export const sweepRunId = (...cause: readonly string[]) => idOf('sweep-run', ...cause);

/** The id of the request that a run makes for an operation. */
export const sweepRequestId = (runId: string, operation: string, dryRun: boolean) =>
  `sweep-${idOf('sweep-request', runId, operation, dryRun ? 'dry' : 'live')}`;

/** The id of the message that continues a run. A redelivered message starts no second chain of messages. */
export const sweepStepId = (runId: string, step: number) => idOf('sweep-step', runId, String(step));

/** The one id of a run's report. */
export const sweepReportId = (runId: string) => idOf('sweep-report', runId);

/** A hash that differs between two versions of the same settings. */
export const fingerprintOf = (text: string) => idOf('fingerprint', text);

/** The id of the idempotency record that keeps a key for one window of time. */
export const idempotencyRecordId = (key: string, window: number) =>
  idOf('idempotency-record', key, String(window));
