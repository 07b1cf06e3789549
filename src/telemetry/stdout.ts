import { AsyncResource } from 'node:async_hooks';

/**
 * Writes the lines of one turn of the event loop in one system call. A function that handles many messages at once would
 * otherwise wait for a system call for each line.
 *
 * The write happens outside of any message's async context. With `LOG_EXECUTION_ID=true`, which Cloud Run functions set,
 * the framework reads each write inside of a message as one JSON value, and makes one line of text of several lines
 * (functions-framework, `src/logger.ts`): they would lose their event, severity, labels and trace.
 *
 * The lines that are left are written when the process exits; only a killed process loses them.
 */
export function createBufferedStdout(write: (text: string) => void): (line: string) => void {
  let lines: string[] = [];
  const flush = AsyncResource.bind(() => {
    const text = lines.join('');
    lines = [];
    if (text !== '') write(text);
  });
  process.once('exit', flush);
  return (line) => {
    if (lines.length === 0) setImmediate(flush);
    lines.push(`${line}\n`);
  };
}
