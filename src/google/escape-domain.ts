/**
 * Calls a handler outside of the framework's domain. The framework runs each message in a domain
 * (https://nodejs.org/api/domain.html), which follows every promise and event emitter of the message and takes a third of
 * its CPU.
 *
 * A domain catches errors that are thrown in callbacks, where no promise is rejected. In the domain such an error fails one
 * message; outside of it, it ends the process, as the framework does on an unhandled rejection. Either way Pub/Sub
 * delivers again every message that was not acknowledged.
 */
export const escapeDomain =
  <T, R>(handle: (input: T) => R): ((input: T) => R) =>
  (input) => {
    const { domain } = process as { domain?: { enter(): void; exit(): void } | null };
    if (domain === undefined || domain === null) return handle(input);
    domain.exit();
    try {
      return handle(input);
    } finally {
      // The framework expects its domain to be entered still.
      domain.enter();
    }
  };
