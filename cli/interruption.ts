import { isBrokenPipe } from './broken-pipe.ts';
import { EXIT, EXIT_OF_SIGNAL } from './exit-code.ts';

/** The end that a person, or the system, asks for; or that of whatever reads the output. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code of the signal that came, or of a broken pipe; undefined where there was neither. */
  exitCode(): number | undefined;
  /** Leaves the signals to Node again. */
  dispose(): void;
}

/**
 * Ctrl-C and SIGTERM end a command in order, so that it deletes its subscription. The second one ends it at once: then
 * Pub/Sub deletes the subscription after a day. Output whose reader has gone ends it in order, too, and its exit code is
 * that of a broken pipe, whatever the command returns.
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
  const onError = (error: Error) => {
    if (!isBrokenPipe(error)) throw error;
    if (exitCode === EXIT.brokenPipe) return;
    exitCode = EXIT.brokenPipe;
    process.once('exit', () => {
      process.exitCode = EXIT.brokenPipe;
    });
    controller.abort();
  };
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) stream.on('error', onError);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    dispose: () => {
      for (const remove of listeners) remove();
      for (const stream of streams) stream.off('error', onError);
    },
  };
}
