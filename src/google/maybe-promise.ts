/**
 * A value that is there already, or will be. Where it is there, nobody waits for it: the framework has hooks on every
 * promise (`node:domain`), so each costs about a thousandth of a millisecond, and a message would need dozens.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value, at once where it is there. */
export const mapMaybe = <T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> => (value instanceof Promise ? value.then(next) : next(value));
