/** The state of a resource, as a GET or a list shows it. */
export type ResourceState =
  | { readonly kind: 'running'; readonly cancellationRequested: boolean }
  | { readonly kind: 'cancelled'; readonly error: ResourceError }
  | { readonly kind: 'failed'; readonly error: ResourceError }
  /**
   * Done without an error. `sharedWord` is the service's one word for "cancelled" and "completed", such as `DONE`: where
   * it is set, the service does not tell which of the two the end was.
   */
  | { readonly kind: 'succeeded'; readonly sharedWord?: string }
  /** The body is not a resource of this kind, or has an unknown state, so the state stays unknown. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** A state that was read. */
export type ReadableState = Exclude<ResourceState, { kind: 'unreadable' }>;

/** Code and message of a resource that ended with an error, as in `google.rpc.Status`. */
export interface ResourceError {
  /** google.rpc.Code. */
  readonly code: number;
  readonly message: string;
}

/** The state in a word, and what the word means where the service uses it for two ends. */
export const describeState = (state: ResourceState): string =>
  state.kind === 'succeeded' && state.sharedWord !== undefined
    ? `${state.sharedWord}, which means cancelled or completed`
    : state.kind;

export const unreadable = (problem: string): ResourceState => ({ kind: 'unreadable', problem });
