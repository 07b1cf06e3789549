import domain from 'node:domain';

/**
 * Replaces the domains that the framework makes, one for each message (https://nodejs.org/api/domain.html). The first real
 * one turns on hooks for every promise, timer and socket of the process, for good: half of the CPU that the framework takes
 * for a message, whether the handler stays in the domain or not.
 *
 * A replacement has the three methods that the framework calls, so a framework that calls another one fails every message
 * with a TypeError. Like a domain, it hands to the framework the errors that the framework's own code throws. An error that
 * is thrown later in a callback, where no promise is rejected, ends the process, as an unhandled rejection always does:
 * the framework answers 500 and exits. Either way Pub/Sub delivers again every message that was not acknowledged.
 */
export function useLightDomains(): void {
  Object.assign(domain, { create: createLightDomain });
}

function createLightDomain() {
  let handleError = (error: unknown): void => {
    throw error;
  };
  const guard =
    <T extends unknown[]>(run: (...parameters: T) => void) =>
    (...parameters: T): void => {
      try {
        run(...parameters);
      } catch (error) {
        handleError(error);
      }
    };
  const light = {
    on: (_: 'error', listener: (error: unknown) => void) => {
      handleError = listener;
    },
    bind: guard,
    /** The framework starts the handler in the next tick, and takes `process.domain` there. */
    run: (start: () => void) => {
      const { nextTick } = process as { nextTick: (handle: () => void) => void };
      process.nextTick = (handle: () => void) => {
        nextTick(() => {
          const current = process as { domain?: unknown };
          const { domain: before } = current;
          current.domain = light;
          guard(handle)();
          current.domain = before;
        });
      };
      try {
        start();
      } finally {
        process.nextTick = nextTick;
      }
    },
  };
  return light;
}
