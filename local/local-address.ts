import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Where the system of `npm start` can be found, in a file of this user's, so that `lro-cancel --local` needs no
 * configuration. Another system that is started later takes the file over; each removes only its own.
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

/** Folder of the file; only its user may read and write it. */
const folderOf = () => join(tmpdir(), `lro-cancel-${userInfo().uid}`);
const fileIn = (folder: string) => join(folder, 'local.json');

/**
 * Writes the address.
 *
 * @returns removes it again, unless another system has written its own since
 */
export function writeLocalAddress(address: LocalAddress, folder: string = folderOf()): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOwn(folder)) throw new Error(`${folder} belongs to another user`);
  writeFileSync(fileIn(folder), `${JSON.stringify(address, undefined, 2)}\n`, { mode: 0o600 });
  return () => {
    if (readFile(folder)?.pid === address.pid) rmSync(fileIn(folder), { force: true });
  };
}

/** The address of the system that runs; undefined where there is none, or its process has ended. */
export function readLocalAddress(folder: string = folderOf()): LocalAddress | undefined {
  const address = readFile(folder);
  return address !== undefined && isRunning(address.pid) ? address : undefined;
}

function readFile(folder: string): LocalAddress | undefined {
  try {
    if (!isOwn(folder)) return undefined;
    const json = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as LocalAddress | null;
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
