/** The state of a resource, as a GET or a list shows it. */
export type ResourceState =
  | { readonly kind: 'running'; readonly cancellationRequested: boolean }
  | { readonly kind: 'cancelled'; readonly error: ResourceError }
  | { readonly kind: 'failed'; readonly error: ResourceError }
  | { readonly kind: 'succeeded' }
  /** The body shows no resource of this kind, or a state that is not known, so it says nothing of one. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Code and message of a resource that ended with an error, as in `google.rpc.Status`. */
export interface ResourceError {
  /** google.rpc.Code. */
  readonly code: number;
  readonly message: string;
}

export const unreadable = (problem: string): ResourceState => ({ kind: 'unreadable', problem });
