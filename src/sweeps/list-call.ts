import { callSpan } from '../calls/call-span.ts';
import { sendWithRetry } from '../calls/send-with-retry.ts';
import type { Ports } from '../ports.ts';
import type { Collection, ResourceKind } from '../resources/resource.ts';
import { isQuotaExhausted, isTransient } from '../resources/response.ts';
import type { CallResult, ServiceResponse } from '../resources/response.ts';
import { seconds } from '../validation/duration.ts';
import { messageOf } from '../validation/failure.ts';
import { labelsOf } from './log-labels.ts';
import type { ListingCursor, SweepRun } from './run-state.ts';

const LIST_TIMEOUT_MS = 8_000;
const LIST_BUDGET_MS = 8_000;
/** Every service takes a page of this size; some refuse a larger one. */
const PAGE_SIZE = 100;

/** Gets one page of a list, with retries for as long as a delivery has time for it. */
export async function sendList(
  collection: Collection,
  { pageToken }: ListingCursor,
  run: SweepRun,
  ports: Pick<Ports, 'resourceApi' | 'clock' | 'random' | 'withSpan' | 'log'>,
): Promise<CallResult> {
  const { resourceApi, withSpan, clock, log } = ports;
  const page = { pageToken, pageSize: PAGE_SIZE };
  const span = callSpan('list', collection, run.trace, { 'lro_cancel.collection': collection.name });
  const { result } = await sendWithRetry(
    {
      attemptTimeoutMs: LIST_TIMEOUT_MS,
      send: (timeoutMs) =>
        withSpan(span, () => resourceApi.list(collection, page, timeoutMs).catch(asNotSent)),
      retry: {
        // A list changes nothing, so it may be repeated even if it was received.
        isRetryable: (failure) => isTransient(failure) && !isQuotaExhausted(failure),
        endMs: clock.now() + LIST_BUDGET_MS,
      },
      onRetry: ({ error }, waitMs) => {
        const text = `GET ${collection.path}: trying again in ${seconds(waitMs)} after: ${error.message}`;
        log('INFO', 'sweep.retrying', text, labelsOf(run));
      },
    },
    ports,
  );
  return result;
}

/**
 * Treats a call that could not be made as an unsent one, such as one without a credential: it is tried again after the other
 * lists, so that it does not hide them, and is then reported.
 */
export const asNotSent = (error: unknown): ServiceResponse => ({
  kind: 'not-sent',
  problem: messageOf(error),
});

/** A body that cannot be read, in whatever way, is the failure of its list alone. */
export function readPage(kind: ResourceKind, body: unknown): ReturnType<ResourceKind['readPage']> {
  try {
    return kind.readPage(body);
  } catch (error) {
    return { problem: `the list cannot be read: ${messageOf(error)}` };
  }
}
