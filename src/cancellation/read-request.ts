import { lookUp } from '../catalog/resolve.ts';
import { readData } from '../messages/cloud-event.ts';
import type { Message } from '../messages/message.ts';
import { parseRequest, understandRequest } from '../messages/request.ts';
import type { CancelRequest, RequestBatch, UnderstoodRequest } from '../messages/request.ts';
import type { Resource } from '../resources/resource.ts';
import type { PermanentFailure } from '../validation/failure.ts';

/** A request and the operation that it names. */
export interface RequestedOperation {
  readonly request: CancelRequest;
  readonly operation: Resource;
}

/** The parts of a refused message that were understood: its result repeats them. */
export interface Understood extends UnderstoodRequest {
  /** The operation, where the catalog has it. */
  readonly operation?: Resource;
  /** Short name of the service, where the catalog has the service but not the operation. */
  readonly service?: string;
}

/**
 * A request with its resolved operation, a batch whose operations are not looked up yet, or the failure of a
 * refused message with the parts that were understood.
 */
export type RequestReading =
  | ({ readonly ok: true } & RequestedOperation)
  | { readonly ok: true; readonly many: RequestBatch }
  | { readonly ok: false; readonly failure: PermanentFailure; readonly understood: Understood };

/**
 * Reads the request that a message carries: its data, its fields, and its operation from the catalog.
 *
 * @param defaultId the id of the event, for a request that names none
 */
export function readRequest(message: Message, defaultId: string): RequestReading {
  const read = readData(message);
  if (!read.ok) return { ok: false, failure: read.failure, understood: understandRequest(read.fields) };
  const parsed = parseRequest(read.data, defaultId);
  if (!parsed.ok || 'many' in parsed) return parsed;
  const { one: request } = parsed;
  const resolution = lookUp(request.reference);
  if (resolution.ok) return { ok: true, request, operation: resolution.operation };
  const { failure, understood } = resolution;
  const { service } = understood;
  return {
    ok: false,
    failure,
    understood: { ...understandRequest(read.data), ...(service !== undefined && { service }) },
  };
}

/** The understood parts of a request, for a result without a cancellation. */
export function understoodOf(read: RequestReading): Understood {
  if (!read.ok) return read.understood;
  if ('many' in read) {
    const { requestId, dryRun, echo } = read.many;
    return { requestId, dryRun, echo };
  }
  const { request, operation } = read;
  const { requestId, dryRun, echo } = request;
  return { requestId, dryRun, echo, operation };
}
