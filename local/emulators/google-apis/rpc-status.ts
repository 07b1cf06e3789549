/**
 * The failures of calls to Google's APIs: the code of google.rpc.Code, and the HTTP status that it maps to
 * (google/rpc/code.proto).
 */
export const RPC_STATUSES = {
  CANCELLED: { code: 1, httpStatus: 499 },
  UNKNOWN: { code: 2, httpStatus: 500 },
  INVALID_ARGUMENT: { code: 3, httpStatus: 400 },
  DEADLINE_EXCEEDED: { code: 4, httpStatus: 504 },
  NOT_FOUND: { code: 5, httpStatus: 404 },
  ALREADY_EXISTS: { code: 6, httpStatus: 409 },
  PERMISSION_DENIED: { code: 7, httpStatus: 403 },
  RESOURCE_EXHAUSTED: { code: 8, httpStatus: 429 },
  FAILED_PRECONDITION: { code: 9, httpStatus: 400 },
  ABORTED: { code: 10, httpStatus: 409 },
  OUT_OF_RANGE: { code: 11, httpStatus: 400 },
  UNIMPLEMENTED: { code: 12, httpStatus: 501 },
  INTERNAL: { code: 13, httpStatus: 500 },
  UNAVAILABLE: { code: 14, httpStatus: 503 },
  DATA_LOSS: { code: 15, httpStatus: 500 },
  UNAUTHENTICATED: { code: 16, httpStatus: 401 },
} as const;

/** The name of a failure in google.rpc.Code. */
export type RpcStatusName = keyof typeof RPC_STATUSES;

/** An object of JSON of which nothing more is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `google.rpc.ErrorInfo`: the machine-readable cause (AIP-193). */
export function errorInfo(reason: string, domain: string, metadata: JsonObject): JsonObject {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}

/** `google.rpc.RetryInfo`: the least time to wait. A protobuf Duration is decimal seconds with an `s`. */
export function retryInfo(delayMs: number): JsonObject {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${delayMs / 1000}s` };
}

/**
 * The body of an error answer. `error.code` is the HTTP status here, not the RPC code (AIP-193,
 * "HTTP/1.1+JSON representation").
 */
export function errorBody(status: RpcStatusName, message: string, details: readonly JsonObject[] = []) {
  const code = RPC_STATUSES[status].httpStatus;
  return { error: { code, message, status, ...(details.length > 0 && { details }) } };
}
