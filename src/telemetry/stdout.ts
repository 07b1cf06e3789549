/**
 * Writes the lines of one turn of the event loop in one system call. A function that handles many messages at once would
 * otherwise wait for a system call for each line.
 *
 * The lines that are left are written when the process exits; only a killed process loses them.
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
