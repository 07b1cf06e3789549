import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const WATCH_MS = 500;

/**
 * Calls back once, when a process that this one was started by is gone: its parent and, where npm runs it, npm itself.
 * Between the two is a shell, which outlives an npm that is killed.
 *
 * @param parent the process that started this one, which may be gone already
 * @returns stops watching
 */
export function watchParents(onGone: () => void, parent = process.ppid): () => void {
  const watched = process.env.npm_lifecycle_event === undefined ? [parent] : [parent, parentOf(parent)];
  const timer = setInterval(() => {
    if (process.ppid === parent && watched.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, WATCH_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The parent of another process; undefined where this system does not tell. */
function parentOf(pid: number): number | undefined {
  try {
    // The name of the program, in parentheses, may have spaces and parentheses of its own.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(parent);
  } catch {
    return readByPs(pid);
  }
}

function readByPs(pid: number): number | undefined {
  try {
    const parent = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
    return Number.isInteger(parent) ? parent : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  // The first process of the system never ends before the others.
  if (pid === undefined || pid <= 1) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
