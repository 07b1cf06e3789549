import type { Address } from './address.ts';
import { jsonAnswer, statusAnswer, type WholeAnswer } from './answer.ts';
import type { ListScript } from './operation-script.ts';
import type { OperationStore, StoredOperation } from './operation-store.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

/** Which pages were asked for, as the query has them. */
export interface ListQuery {
  readonly pageSize?: string | undefined;
  readonly pageToken?: string | undefined;
  readonly filter?: string | undefined;
}

/** Answers `GET {parent}/operations`, paged as AIP-158 has it. */
export function listAnswer(
  store: OperationStore,
  collection: Address,
  query: ListQuery,
  script: ListScript,
): WholeAnswer {
  const pageSize = pageSizeOf(query.pageSize);
  if (pageSize === undefined) return invalid(`Invalid value at 'page_size': ${query.pageSize ?? ''}`);
  const wantsDone = wantsDoneOf(query.filter);
  if (wantsDone === 'invalid') return invalid(`Invalid filter: ${query.filter ?? ''}`);
  const after = sequenceOf(query.pageToken, collection);
  if (after === undefined) return invalid('The page token is invalid.');

  const size = Math.min(pageSize, script.maxPageSize ?? MAX_PAGE_SIZE);
  const page: StoredOperation[] = [];
  let more = false;
  for (const operation of store.all()) {
    if (operation.sequence <= after || !isIn(collection, operation.address)) continue;
    const { state } = operation.present();
    if (state === 'gone' || (wantsDone !== undefined && wantsDone !== (state !== 'running'))) continue;
    more = page.length === size;
    if (more) break;
    page.push(operation);
  }
  const last = page.at(-1);
  // Empty fields are left out, as in all of proto3's JSON: a list of nothing is {}.
  return jsonAnswer(200, {
    ...(page.length > 0 && { operations: page.map((operation) => operation.resource()) }),
    ...(more && last && { nextPageToken: tokenFor(last.sequence, collection) }),
    ...(script.unreachable && script.unreachable.length > 0 && { unreachable: script.unreachable }),
  });
}

/** Whether the operation is directly in the collection; `-` stands for any one segment (AIP-159). */
function isIn(collection: Address, operation: Address): boolean {
  if (collection.host !== operation.host || collection.version !== operation.version) return false;
  if (collection.collection === operation.collection) return true;
  const wanted = collection.collection.split('/');
  const actual = operation.collection.split('/');
  return (
    wanted.length === actual.length &&
    wanted.every((segment, at) => segment === '-' || segment === actual[at])
  );
}

function pageSizeOf(text = ''): number | undefined {
  if (text === '' || text === '0') return DEFAULT_PAGE_SIZE;
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text), MAX_PAGE_SIZE) : undefined;
}

/** Only `done` can be filtered by. What real services understand differs, and some ignore the filter. */
function wantsDoneOf(filter = ''): boolean | undefined | 'invalid' {
  if (filter.trim() === '') return undefined;
  const match = /^\s*(not\s+)?done\s*[=:]\s*(true|false)\s*$/i.exec(filter);
  if (!match) return 'invalid';
  return (match[2]?.toLowerCase() === 'true') !== (match[1] !== undefined);
}

/** A token is good for the collection it was given for, and no other (AIP-158). */
function tokenFor(sequence: number, { url }: Address): string {
  return Buffer.from(JSON.stringify([sequence, url])).toString('base64url');
}

function sequenceOf(token: string | undefined, { url }: Address): number | undefined {
  if (token === undefined || token === '') return 0;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!Array.isArray(parsed) || parsed[1] !== url) return undefined;
    const sequence: unknown = parsed[0];
    return typeof sequence === 'number' ? sequence : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): WholeAnswer {
  return statusAnswer('INVALID_ARGUMENT', message);
}
