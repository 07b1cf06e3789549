import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/**
 * Prints an error with what to do; one that is not foreseen, with its stack. The class of the client's errors is known by
 * its name, so that this does not load the client.
 *
 * @returns the exit code
 */
export function describeError(error: unknown): number {
  const isForeseen = error instanceof UsageError || (error instanceof Error && error.name === 'ClientError');
  console.error(isForeseen ? error.message : error);
  return EXIT.usage;
}
