import { ClientError } from './client-error.ts';
import { deferred } from './deferred.ts';

/**
 * Waits until something is done, or the time is up.
 *
 * @returns whether it is done
 * @throws ClientError `Closed` when the signal aborts; and the error of `done`
 */
export async function waitFor(
  done: Promise<unknown>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const end = deferred<boolean>();
  const closed = () => end.reject(closedError());
  const timer = setTimeout(() => end.resolve(false), Math.min(timeoutMs, MAX_TIMER_MS));
  signal.addEventListener('abort', closed, { once: true });
  if (signal.aborted) closed();
  done.then(() => end.resolve(true), end.reject);
  try {
    return await end.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', closed);
  }
}

/** @throws ClientError `Closed` when the signal has aborted */
export function throwIfClosed(signal: AbortSignal): void {
  if (signal.aborted) throw closedError();
}

const closedError = () => new ClientError('Closed', 'The wait was ended before the result came.');

/** The longest time that a timer of Node takes: 24.8 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
