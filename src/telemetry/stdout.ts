/**
 * Writes lines together that are written at the same time: a function that handles many messages at once would
 * otherwise make a system call for each, and wait for it.
 *
 * What was not written when the process ends is written then; only a process that is killed loses lines, of its
 * last moment.
 */
export function createBufferedStdout(write: (text: string) => void): (line: string) => void {
  let lines: string[] = [];
  const flush = () => {
    const text = lines.join('');
    lines = [];
    if (text !== '') write(text);
  };
  process.once('exit', flush);
  return (line) => {
    if (lines.length === 0) setImmediate(flush);
    lines.push(`${line}\n`);
  };
}
