/** The state of a resource, as a GET or a list shows it. */
export type ResourceState =
  | { readonly kind: 'running'; readonly cancellationRequested: boolean }
  | { readonly kind: 'cancelled'; readonly error: ResourceError }
  | { readonly kind: 'failed'; readonly error: ResourceError }
  | { readonly kind: 'succeeded' }
  /** The body is not a resource of this kind, or has an unknown state, so the state stays unknown. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Code and message of a resource that ended with an error, as in `google.rpc.Status`. */
export interface ResourceError {
  /** google.rpc.Code. */
  readonly code: number;
  readonly message: string;
}

export const unreadable = (problem: string): ResourceState => ({ kind: 'unreadable', problem });
