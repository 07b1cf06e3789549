/**
 * The framework runs each message in a domain (https://nodejs.org/api/domain.html), which follows every promise and event
 * emitter that the message leads to: a third of the CPU that a message takes. This calls a handler outside of it.
 *
 * What a domain is for is an error thrown in a callback, where no promise is rejected. In it, such an error would fail one message;
 * outside of it, it ends the process, as the framework does with an unhandled rejection. Either way Pub/Sub delivers
 * again what was not acknowledged.
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
      // Who called goes on where it was.
      domain.enter();
    }
  };
