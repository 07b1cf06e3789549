import { EXIT_OF_SIGNAL } from './exit-code.ts';

/** The end that a person, or the system, asks for. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code of the signal that came; undefined where none did. */
  exitCode(): number | undefined;
  /** Leaves the signals to Node again. */
  dispose(): void;
}

/**
 * Ctrl-C and SIGTERM end a command in order, so that it deletes its subscription. The second one ends it at once: then
 * Pub/Sub deletes the subscription after a day.
 */
export function onInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const signals = Object.entries(EXIT_OF_SIGNAL) as [keyof typeof EXIT_OF_SIGNAL, number][];
  const listeners = signals.map(([signal, code]) => {
    const listener = () => {
      if (exitCode !== undefined) process.exit(code);
      exitCode = code;
      controller.abort();
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    dispose: () => {
      for (const remove of listeners) remove();
    },
  };
}
