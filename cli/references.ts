import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { RequestOptions } from '../client/options.ts';
import { prepareRequests } from '../client/prepare-request.ts';
import { requestRefusal } from './request-refusal.ts';
import { UsageError } from './usage-error.ts';

/** A reference, and where it was written. */
export interface GivenReference {
  readonly reference: string;
  /** For a person: `argument 2`, `operations.txt:17`. */
  readonly place: string;
}

/** Each becomes a request of its own. */
const MAX_REFERENCES = 10_000;
const MAX_SHOWN = 20;

/**
 * The references of the arguments, of a file, and of standard input where an argument or the file is `-`. In a file each
 * line has one; blank lines and those that begin with `#` are skipped.
 *
 * @throws UsageError when there are none, or the file cannot be read
 */
export async function readReferences(
  given: readonly string[],
  file: string | undefined,
  stdin: NodeJS.ReadStream,
): Promise<readonly GivenReference[]> {
  const references: GivenReference[] = [];
  for (const [index, argument] of given.entries()) {
    if (argument === '-') references.push(...linesOf(await text(stdin), 'standard input'));
    else references.push({ reference: argument, place: `argument ${index + 1}` });
  }
  if (file === '-') references.push(...linesOf(await text(stdin), 'standard input'));
  else if (file !== undefined) references.push(...linesOf(await readOrRefuse(file), file));
  if (references.length === 0)
    throw new UsageError(
      'Name an operation: a URL, a full resource name, or a name with --service. A `-` reads them from standard input.',
    );
  if (references.length > MAX_REFERENCES)
    throw new UsageError(
      `There are ${references.length} references, and at most ${MAX_REFERENCES} are taken at once.`,
    );
  return references;
}

const linesOf = (content: string, place: string): readonly GivenReference[] =>
  content
    .split('\n')
    .map((line, index) => ({ reference: line.trim(), place: `${place}:${index + 1}` }))
    .filter(({ reference }) => reference !== '' && !reference.startsWith('#'));

async function readOrRefuse(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--file cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Checks every reference by the catalog, before anything is sent, and leaves out those that name an operation again.
 *
 * @returns each operation once, and a line for each reference that is left out
 * @throws UsageError that names each refused reference, its place and the field or option
 */
export function checkReferences(
  given: readonly GivenReference[],
  options: RequestOptions,
): { readonly references: readonly string[]; readonly duplicates: readonly string[] } {
  const { requests, refused } = prepareRequests(
    given.map(({ reference }) => reference),
    options,
    'check-',
  );
  if (refused.length > 0) {
    const lines = refused
      .slice(0, MAX_SHOWN)
      .map(({ index, failure }) => `${given[index]?.place ?? ''}: ${requestRefusal(failure)}`);
    const others = refused.length > MAX_SHOWN ? [`and ${refused.length - MAX_SHOWN} more`] : [];
    throw new UsageError(['Refused, and nothing was sent:', ...lines, ...others].join('\n  '));
  }
  const firstPlaces = new Map<string, string>();
  const references: string[] = [];
  const duplicates: string[] = [];
  for (const [index, { reference, identity }] of requests.entries()) {
    const place = given[index]?.place ?? '';
    const first = firstPlaces.get(identity);
    if (first === undefined) {
      firstPlaces.set(identity, place);
      references.push(reference);
    } else {
      duplicates.push(`${place} names the operation of ${first} again: ${reference}`);
    }
  }
  return { references, duplicates };
}
