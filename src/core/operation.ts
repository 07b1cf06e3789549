import { isObject } from './json.ts';

/**
 * What an operation is to this system: where it lives and what it is called. Names are unique only within a
 * service (google/longrunning/operations.proto), so service and name together are its identity.
 */
export interface Operation {
  /** Short name of the service, as `notebooks`. */
  readonly service: string;
  /** Version of its API, as `v2`. */
  readonly version: string;
  /** Relative resource name, as `projects/p/locations/l/operations/o`. */
  readonly name: string;
  /** The region that was asked for, where the name itself carries none. */
  readonly region?: string;
  /** The project that owns it; absent for names without one, as `operations/…`. */
  readonly project?: string;
  /** `https://{host}/{version}/{name}`, without `:cancel`. */
  readonly url: string;
  /** Host of `url`: one that the catalogue lists. */
  readonly host: string;
  /**
   * `//{service}.googleapis.com/{name}`: its full resource name
   * (https://cloud.google.com/apis/design/resource_names).
   */
  readonly fullResourceName: string;
  /** OAuth scopes of which any one is accepted, narrowest that works first. */
  readonly scopes: readonly string[];
  /** Whether the service has `GET {name}`. */
  readonly canGet: boolean;
}

/** What a GET told of an operation. */
export type OperationState =
  | { readonly kind: 'running'; readonly cancellationRequested: boolean }
  | { readonly kind: 'cancelled'; readonly error: OperationError }
  | { readonly kind: 'failed'; readonly error: OperationError }
  | { readonly kind: 'succeeded' }
  /** The body is no Operation, so it says nothing of one. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** `google.rpc.Status` of an operation that ended with an error. */
export interface OperationError {
  readonly code: number;
  readonly message: string;
}

/** google.rpc.Code.CANCELLED. */
const CANCELLED = 1;
const MAX_MESSAGE_LENGTH = 2_048;

/**
 * Reads `google.longrunning.Operation` in JSON. Strict where it matters: `cancelled` is said only of `done:
 * true` together with `error.code` 1; a body that is not an Operation says nothing.
 */
export function readOperationState(body: unknown): OperationState {
  if (!isObject(body)) return { kind: 'unreadable', problem: 'the answer is not a JSON object' };
  const { done, error, metadata } = body;
  // Proto3 JSON leaves out what has its default: an operation without `done` is running.
  if (done === undefined || done === null || done === false) {
    if (typeof body.name !== 'string')
      return { kind: 'unreadable', problem: 'the answer has no operation name' };
    return { kind: 'running', cancellationRequested: cancellationRequested(metadata) };
  }
  if (done !== true) return { kind: 'unreadable', problem: '"done" is not a boolean' };
  // `done` with neither response nor error exists in the wild, and so does an error of code 0, which is OK.
  if (error === undefined || error === null) return { kind: 'succeeded' };
  if (!isObject(error)) return { kind: 'unreadable', problem: '"error" is not an object' };
  const code = error.code ?? 0;
  const message =
    typeof error.message === 'string' ? error.message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed() : '';
  if (typeof code !== 'number' || !Number.isInteger(code))
    return { kind: 'unreadable', problem: '"error.code" is not a whole number' };
  if (code === CANCELLED) return { kind: 'cancelled', error: { code, message } };
  if (code === 0 && message === '') return { kind: 'succeeded' };
  return { kind: 'failed', error: { code, message } };
}

/**
 * Services say in their metadata that a cancel is under way, under one of two names; aiplatform one level
 * deeper.
 */
function cancellationRequested(metadata: unknown): boolean {
  if (!isObject(metadata)) return false;
  const generic = isObject(metadata.genericMetadata) ? metadata.genericMetadata : {};
  return [metadata, generic].some(
    (fields) => fields.requestedCancellation === true || fields.cancelRequested === true,
  );
}
