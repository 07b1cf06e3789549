import { renameSync, writeFileSync } from 'node:fs';

/**
 * Loaded into a process whose memory is measured: at SIGUSR2 it collects its garbage, and writes the
 * remaining bytes to the file that MEMORY_FILE names. Otherwise, memory in use and garbage that is not
 * collected yet could not be told apart.
 */
const { MEMORY_FILE: file } = process.env;
if (file === undefined || globalThis.gc === undefined) {
  throw new Error('it needs MEMORY_FILE and --expose-gc');
}
const collect = globalThis.gc;
process.on('SIGUSR2', () => {
  // Twice: what has a finalizer is freed by the second.
  collect();
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  // Under another name until it is whole.
  writeFileSync(`${file}.part`, JSON.stringify({ rss, heapUsed, external }));
  renameSync(`${file}.part`, file);
});
