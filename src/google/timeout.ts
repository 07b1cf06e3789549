import { Failure, messageOf } from '../validation/failure.ts';

/**
 * Rejects with Failure `Unavailable` when a promise takes too long. For libraries that have no time limit of
 * their own, or one longer than a delivery lasts; what they do goes on unseen.
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
        reject(error instanceof Error ? error : new Error(messageOf(error)));
      },
    );
  });
}
