import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The commit of googleapis/googleapis that the second source is read from. Its hash fixes the content of the files. */
export const GOOGLEAPIS_COMMIT = 'f8291d2b89f0017ab078a4c7378069bae5686f6f';

/** Files of the repository at that commit. */
export interface Snapshot {
  /** Paths of the files that match a pathspec of git and contain a text. */
  find(pathspecs: readonly string[], text: string): Promise<readonly string[]>;
  read(path: string): Promise<string>;
}

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Opens a clone of https://github.com/googleapis/googleapis, bare or not. Files are read from its object store;
 * no file is checked out or run.
 *
 * @throws Error if the clone does not have the commit
 */
export async function openSnapshot(clone: string): Promise<Snapshot> {
  const git = async (...args: readonly string[]) => {
    const options = { maxBuffer: MAX_OUTPUT_BYTES };
    const { stdout } = await promisify(execFile)('git', ['-C', clone, ...args], options);
    return stdout;
  };
  await git('cat-file', '-e', `${GOOGLEAPIS_COMMIT}^{commit}`);
  return {
    find: async (pathspecs, text) => {
      const lines = await git(
        'grep',
        '--name-only',
        '--fixed-strings',
        text,
        GOOGLEAPIS_COMMIT,
        '--',
        ...pathspecs,
      );
      return lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.slice(`${GOOGLEAPIS_COMMIT}:`.length))
        .sort();
    },
    read: (path) => git('cat-file', 'blob', `${GOOGLEAPIS_COMMIT}:${path}`),
  };
}
