/** What went wrong before a request had its result, in a closed set, so that a program can switch over it. */
export type ClientErrorCode =
  /** A reference or an option that the function would reject: nothing was sent. */
  | 'Refused'
  /** Pub/Sub cannot be reached. */
  | 'Unreachable'
  /** There are no credentials, or they have expired. */
  | 'NoCredentials'
  /** No project was named, and the environment names none. */
  | 'NoProject'
  /** A topic does not exist. */
  | 'NoTopic'
  | 'NoPermission'
  /** No result came in time. The request is not withdrawn: its result may come later. */
  | 'NoResult'
  /** The client was closed, or the signal aborted, before the result came. */
  | 'Closed'
  /** Any other error of Pub/Sub, which is the cause. */
  | 'PubSub';

/** Why the function would reject a reference. The message names the field, and the value that it should have. */
export interface ReferenceFailure extends Error {
  /** `TypeError`: of a wrong type. `ValueError`: of the right type, and not usable. */
  readonly code: 'TypeError' | 'ValueError' | 'Unsupported';
  /** The field, as `['service']`. */
  readonly path: readonly (string | number)[];
  /** The problem, without the field. */
  readonly problem: string;
}

/** A reference that the function would reject. */
export interface RefusedReference {
  readonly index: number;
  readonly reference: string;
  readonly failure: ReferenceFailure;
}

/** The one class of errors that the client throws. Its message is one or two sentences for a person. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  /** The references that are refused; empty unless the code is `Refused`. */
  readonly refused: readonly RefusedReference[];

  constructor(
    code: ClientErrorCode,
    message: string,
    options: ErrorOptions & { readonly refused?: readonly RefusedReference[] } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'ClientError';
    this.code = code;
    this.refused = options.refused ?? [];
  }
}
