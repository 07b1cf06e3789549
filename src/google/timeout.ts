import { Failure, messageOf } from '../validation/failure.ts';

/**
 * Rejects with Failure `Unavailable` when a promise takes longer than `limitMs`. For libraries without a timeout, or with one
 * that is longer than a delivery; their work continues in the background.
 *
 * @param what the subject of the error, such as `the publish`
 */
export function withTimeout<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Failure('Unavailable', `${what} took longer than ${limitMs / 1_000} s`));
    }, limitMs);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(messageOf(error), { cause: error }));
      },
    );
  });
}
