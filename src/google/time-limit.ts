import { Failure } from '../core/failure.ts';

/**
 * Rejects with Failure `Unavailable` when a promise takes too long. For libraries that have no time limit of
 * their own, or one longer than a delivery lasts; what they do goes on unseen.
 */
export async function withTimeLimit<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Failure('Unavailable', `${what} took longer than ${limitMs / 1_000} s`));
  }, limitMs);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
