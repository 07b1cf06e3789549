import type { Address } from './address.ts';
import { jsonAnswer, statusAnswer, type WholeAnswer } from './answer.ts';
import type { ListForm } from './list-form.ts';
import type { ListScript } from './operation-script.ts';
import type { OperationStore } from './operation-store.ts';
import { pageToken, sequenceOf, type Listing } from './page-token.ts';
import { invalidValue } from './query-parameters.ts';
import { listedBy } from './scripted-list.ts';
import type { StoredOperation } from './stored-operation.ts';
import type { JsonObject } from './rpc-status.ts';

const DEFAULT_PAGE_SIZE = 100;

/** The parameters of one list call. */
interface ListCall {
  readonly collection: Address;
  readonly query: URLSearchParams;
  readonly form: ListForm;
  readonly script: ListScript;
}

/** Answers a list call whose parameters are known ones, paged as AIP-158 has it. */
export function listAnswer(store: OperationStore, call: ListCall): WholeAnswer {
  const { collection, query, form, script } = call;
  if (script.noWildcard) return invalid('Request contains an invalid argument.');
  const partial = partialSuccess(query);
  if (partial) return partial;
  const size = pageSizeOf(call);
  if (typeof size !== 'number') return size;
  const filter = form.filter(query);
  if ('problem' in filter) return invalid(filter.problem);
  const listing: Listing = {
    collection,
    asked: form.parameters.filter((name) => name !== 'pageToken').map((name) => query.get(name) ?? ''),
  };
  const token = query.get('pageToken') ?? '';
  const after = token === '' ? undefined : sequenceOf(token, listing);
  if (token !== '' && after === undefined) return invalid('The page token is invalid.');

  const place = { newestFirst: form.newestFirst, ...(after !== undefined && { after }) };
  const { operations, last, isLast } = processPage(
    store.listed(listedBy(collection, script), place),
    filter.selects,
    size,
  );
  const nextPageToken = isLast ? undefined : pageToken(last, listing);
  return jsonAnswer(200, form.body({ operations, nextPageToken, unreachable: script.unreachable ?? [] }));
}

/** So many of those that are selected, and whether there are no more. */
function processPage(
  candidates: Iterable<StoredOperation>,
  selects: (operation: JsonObject) => boolean,
  size: number,
): { readonly operations: JsonObject[]; readonly last: number; readonly isLast: boolean } {
  const operations: JsonObject[] = [];
  let last = 0;
  for (const candidate of candidates) {
    if (candidate.present().state === 'gone') continue;
    const operation = candidate.resource();
    if (!selects(operation)) continue;
    if (operations.length === size) return { operations, last, isLast: false };
    operations.push(operation);
    last = candidate.sequence;
  }
  return { operations, last, isLast: true };
}

/**
 * `return_partial_success` "is not by default supported and will result in an UNIMPLEMENTED error if set"
 * (google/longrunning/operations.proto).
 */
function partialSuccess(query: URLSearchParams): WholeAnswer | undefined {
  const wanted = query.get('returnPartialSuccess') ?? 'false';
  if (wanted === 'false') return undefined;
  if (wanted !== 'true') return invalidValue('returnPartialSuccess', 'TYPE_BOOL', wanted);
  return statusAnswer('UNIMPLEMENTED', 'Operation is not implemented, or supported, or enabled.');
}

/** A size above the most is taken as the most, and one below zero is refused (AIP-158). */
function pageSizeOf({ query, form, script }: ListCall): number | WholeAnswer {
  if (!form.size) return Infinity;
  const { parameter, type, most } = form.size;
  const asked = query.get(parameter) ?? '';
  if (!/^\d{0,9}$/.test(asked)) return invalidValue(parameter, type, asked);
  return Math.min(Number(asked) || DEFAULT_PAGE_SIZE, most, script.maxPageSize ?? most);
}

function invalid(message: string): WholeAnswer {
  return statusAnswer('INVALID_ARGUMENT', message);
}
