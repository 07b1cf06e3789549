import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Where a system of `npm start` can be found, in a file of this user's, so that `lro-cancel --local` needs no
 * configuration. Each system has a file of its own; of several that run, the one that was started last is found.
 */
export interface LocalAddress {
  /** For PUBSUB_EMULATOR_HOST. */
  readonly pubsubHost: string;
  readonly projectId: string;
  /** Beginning of the topics' names. */
  readonly prefix: string;
  /** The process of `npm start`. */
  readonly pid: number;
  /** Address of the page, where there is one. */
  readonly pageUrl?: string;
  /** For GOOGLE_API_ENDPOINT: the simulated services, with Cloud Tasks among them. */
  readonly googleApiEndpoint?: string;
  /** Full name of the queue in which re-checks wait; absent where they are delayed by redelivery. */
  readonly recheckQueue?: string;
}

/** Leads `--local` to one system, as in what `npm run with-local` runs: its address, as JSON. */
export const LOCAL_VARIABLE = 'LRO_CANCEL_LOCAL';

/** Folder of the files; only its user may read and write it. */
const folderOf = () => join(tmpdir(), `lro-cancel-${userInfo().uid}`);
const FILE_NAME = /^local-\d+\.json$/;
const fileOf = (folder: string, pid: number) => join(folder, `local-${pid}.json`);

/**
 * Writes the address.
 *
 * @returns removes it again
 */
export function writeLocalAddress(address: LocalAddress, folder: string = folderOf()): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOwn(folder)) throw new Error(`${folder} belongs to another user`);
  const file = fileOf(folder, address.pid);
  writeFileSync(file, `${JSON.stringify(address, undefined, 2)}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/**
 * The address that LRO_CANCEL_LOCAL has, or that of the system which was started last; undefined where none runs. Files of
 * processes that have ended without removing theirs are removed.
 */
export function readLocalAddress(
  folder: string = folderOf(),
  named: string | undefined = process.env[LOCAL_VARIABLE],
): LocalAddress | undefined {
  if (named !== undefined) return parseAddress(named);
  const addresses = filesIn(folder).flatMap(({ path, writtenMs }) => {
    const address = readFile(path);
    if (address === undefined || isRunning(address.pid))
      return address === undefined ? [] : [{ address, writtenMs }];
    rmSync(path, { force: true });
    return [];
  });
  return addresses.sort((one, other) => other.writtenMs - one.writtenMs)[0]?.address;
}

function filesIn(folder: string): readonly { readonly path: string; readonly writtenMs: number }[] {
  try {
    if (!isOwn(folder)) return [];
    return readdirSync(folder)
      .filter((name) => FILE_NAME.test(name))
      .map((name) => join(folder, name))
      .map((path) => ({ path, writtenMs: statSync(path).mtimeMs }));
  } catch {
    // There is no folder, or a system has removed its file just now.
    return [];
  }
}

function readFile(path: string): LocalAddress | undefined {
  try {
    return parseAddress(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function parseAddress(text: string): LocalAddress | undefined {
  try {
    const json = JSON.parse(text) as LocalAddress | null;
    const isAddress =
      typeof json?.pubsubHost === 'string' &&
      typeof json.projectId === 'string' &&
      typeof json.prefix === 'string' &&
      Number.isSafeInteger(json.pid) &&
      isTextOrAbsent(json.googleApiEndpoint) &&
      isTextOrAbsent(json.recheckQueue);
    return isAddress ? json : undefined;
  } catch {
    return undefined;
  }
}

const isTextOrAbsent = (value: unknown) => value === undefined || typeof value === 'string';

/** Another user could make the folder first, and lead requests to a Pub/Sub of theirs. */
const isOwn = (folder: string) => process.getuid === undefined || statSync(folder).uid === process.getuid();

function isRunning(pid: number): boolean {
  try {
    // Signal 0 checks that the process exists, and sends nothing.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM';
  }
}
