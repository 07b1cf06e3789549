/**
 * The google.rpc.Code names this Pub/Sub answers with, and the HTTP status google/rpc/code.proto maps each
 * to.
 */
const httpStatuses = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  FAILED_PRECONDITION: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

/** The name of a google.rpc.Code. */
type StatusName = keyof typeof httpStatuses;

/** An error in terms that both transports can express. */
export class StatusError extends Error {
  readonly status: StatusName;
  readonly httpStatus: number;

  constructor(status: StatusName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StatusError';
    this.status = status;
    this.httpStatus = httpStatuses[status];
  }
}

/**
 * Converts any thrown value to a StatusError. An unforeseen one becomes INTERNAL, with its stack for the
 * developer.
 */
export function toStatusError(thrown: unknown): StatusError {
  if (thrown instanceof StatusError) return thrown;
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new StatusError('INTERNAL', message, { cause: thrown });
}

/** A request that can never be right. */
export function invalidArgument(message: string): StatusError {
  return new StatusError('INVALID_ARGUMENT', message);
}
