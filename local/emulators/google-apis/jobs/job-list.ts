import { jsonAnswer, statusAnswer, type WholeAnswer } from '../answer.ts';
import { throughFaults, type Reply, type ServiceRequest } from '../operation-methods.ts';
import { invalidValue, unknownParameters } from '../query-parameters.ts';
import type { JsonObject } from '../rpc-status.ts';
import { PLAIN_LIST } from '../scripted-list.ts';
import type { ListScript } from '../operation-script.ts';
import { statusError } from './errors.ts';
import type { JobBackend } from './job-backend.ts';
import type { JobListForm } from './job-kind.ts';
import type { RoutedCall } from './job-routes.ts';
import { pageToken, sequenceOf } from './job-page-token.ts';

/** Answers the list method of a kind. */
export function answerList(request: ServiceRequest, call: RoutedCall, backend: JobBackend): Reply {
  const { kind, at } = call;
  const { list } = kind;
  const { query } = request;
  const refusal = unknownParameters(query, [list.size.parameter, list.token, ...list.parameters]);
  if (refusal) return { answer: refusal };
  const url = `https://${request.host}${request.path}`;
  const { script, nextFault } = backend.lists.get(url) ?? PLAIN_LIST;
  return throughFaults(nextFault(), {
    host: request.host,
    name: Object.values(at).join('/'),
    method: 'list',
    permission: kind.permissions.list,
    nowMs: backend.now(),
    resource: () => ({}),
    ordinary: () => pageOf({ call, query, url, script, backend }),
  });
}

interface ListCall {
  readonly call: RoutedCall;
  readonly query: URLSearchParams;
  readonly url: string;
  readonly script: ListScript;
  readonly backend: JobBackend;
}

function pageOf({ call, query, url, script, backend }: ListCall): WholeAnswer {
  const { kind, at } = call;
  const { list, error = statusError } = kind;
  const invalid = (message: string) => error({ status: 'INVALID_ARGUMENT', message });
  const wild = Object.entries(at).find(([name, value]) => value === '-' && !list.wildcards.includes(name));
  if (wild || script.noWildcard) return invalid('Request contains an invalid argument.');
  // It is known, and would change the order; nothing here needs it, so it is not pretended.
  if ((query.get('orderBy') ?? '') !== '') return statusAnswer('UNIMPLEMENTED', 'orderBy is not simulated.');
  const size = sizeOf(query, list, script);
  if (size === undefined)
    return invalidValue(list.size.parameter, 'TYPE_INT32', query.get(list.size.parameter) ?? '');
  const filter = list.filter(query, at);
  if ('problem' in filter) return invalid(filter.problem);
  const asked = [url, ...list.parameters.map((name) => query.getAll(name).join('\n'))];
  const token = query.get(list.token) ?? '';
  const after = token === '' ? undefined : sequenceOf(token, asked);
  if (token !== '' && after === undefined) return invalid('The page token is invalid.');

  const items: JsonObject[] = [];
  let last: number | undefined;
  let isFull = false;
  const place = { newestFirst: list.newestFirst, ...(after !== undefined && { after }) };
  for (const job of backend.jobs.listed(kind, { ...at, ...list.within }, place)) {
    if (job.isGone) continue;
    const resource = job.resource(kind);
    if (!filter.selects(resource)) continue;
    if (items.length === size) {
      isFull = true;
      break;
    }
    items.push(list.item?.(resource, query) ?? resource);
    last = job.sequence;
  }
  const nextPageToken = isFull && last !== undefined ? pageToken(last, asked) : undefined;
  return jsonAnswer(200, list.body({ items, nextPageToken, unreachable: script.unreachable ?? [] }));
}

/** A size above the most is taken as the most, and one that is no whole number is refused (AIP-158). */
function sizeOf(query: URLSearchParams, list: JobListForm, script: ListScript): number | undefined {
  const { parameter, usual, most } = list.size;
  const asked = query.get(parameter) ?? '';
  if (!/^\d{0,9}$/.test(asked)) return undefined;
  return Math.min(Number(asked) || usual, list.mostFor?.(query) ?? most, script.maxPageSize ?? most);
}
