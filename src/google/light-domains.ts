import domain from 'node:domain';

/**
 * Gives the framework one object in place of the domains that it makes, one for each message
 * (https://nodejs.org/api/domain.html). The first real one turns on hooks for every promise, timer and socket of the
 * process, for good: half of the CPU that the framework takes for a message, whether the handler stays in the domain or not.
 *
 * The object has the methods that the framework and Node call, so a framework that calls another one fails every message
 * with a TypeError. A handler that throws or rejects is answered with 500, as in a domain. An error that is thrown where no
 * promise is rejected, in a callback, ends the process, as an unhandled rejection does: the framework answers 500 and
 * exits. Either way Pub/Sub delivers again every message that was not acknowledged.
 */
export function useLightDomains(): void {
  Object.assign(domain, { create: () => light });
  // The framework takes it from here.
  Object.assign(process, { domain: light });
}

const light = {
  on: () => light,
  run: (start: () => void) => {
    start();
  },
  bind: <T>(callback: T): T => callback,
  /** Node reports an unhandled rejection to the domain, if there is one, and else to the process. */
  emit: (_: 'error', reason: unknown) => process.emit('unhandledRejection', reason, Promise.resolve()),
};
