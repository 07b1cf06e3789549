/**
 * A value that is known already, or a promise of it. Adapters use it on the way of every message: a promise costs about a
 * microsecond, and a message would need dozens.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Calls `next` with the value: at once when it is known already. */
export const mapMaybe = <T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> => (value instanceof Promise ? value.then(next) : next(value));
