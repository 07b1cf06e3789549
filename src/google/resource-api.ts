import type { ServiceResponse } from '../resources/response.ts';
import { targetOf } from '../resources/resource.ts';
import type { Call, Collection, PageRequest, Resource } from '../resources/resource.ts';
import type { Clock, ResourceApi } from '../ports.ts';
import { cancelThrough, needsBody } from '../resources/through.ts';
import type { Credentials } from './credentials.ts';
import type { HttpClient } from './http.ts';

/** Minimum timeout of a call, even where less time is left. */
const MIN_CALL_MS = 1_000;

/** A page of a hundred operations has some hundred kilobytes; with their responses, it can have megabytes. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** The resources of every Google API, over REST (google/longrunning/operations.proto). */
export function createResourceApi(options: {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  /** Base URL of the calls, with `{host}` for the host from the catalog. */
  readonly endpoint: string;
  readonly clock: Pick<Clock, 'now'>;
}): ResourceApi {
  const { http, credentials, endpoint, clock } = options;

  const send = async (
    service: Pick<Resource, 'host' | 'auth'>,
    call: Call,
    timeoutMs: number,
    { maxBodyBytes, mayRenew = true }: { readonly maxBodyBytes?: number; readonly mayRenew?: boolean } = {},
  ): Promise<ServiceResponse> => {
    const startMs = clock.now();
    /** Time that is left, in milliseconds; never more than at the start, even if the clock is set back. */
    const leftMs = () => Math.min(timeoutMs, timeoutMs - (clock.now() - startMs));
    const authorized = credentials.for(service.auth);
    const authorization = authorized instanceof Promise ? await authorized : authorized;
    if (authorization.kind === 'denied') return authorization;
    const base = endpoint.replaceAll('{host}', service.host);
    const answer = await http.send({
      method: call.method,
      url: `${base}/${targetOf(call)}`,
      headers: { ...headersOf(call), ...authorization.headers },
      // The wait for a token counts toward the timeout of the call.
      timeoutMs: Math.max(MIN_CALL_MS, Math.round(leftMs())),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    });
    const { advice, renew } = authorization;
    // A token may be revoked before it expires. The refused request had no effect, so it is sent again.
    if (mayRenew && renew !== undefined && answer.kind === 'answered' && answer.httpStatus === 401) {
      renew();
      return send(service, call, leftMs(), {
        ...(maxBodyBytes !== undefined && { maxBodyBytes }),
        mayRenew: false,
      });
    }
    return answer.kind === 'answered' && advice !== undefined ? { ...answer, advice } : answer;
  };

  /** Reads the resource for the operation to cancel; an answer that does not show it stands for that of the cancel. */
  const cancelThroughBody = async (
    resource: Resource,
    get: Call,
    timeoutMs: number,
  ): Promise<ServiceResponse> => {
    const startMs = clock.now();
    const answer = await send(resource, get, timeoutMs);
    const isRead = answer.kind === 'answered' && answer.httpStatus >= 200 && answer.httpStatus < 300;
    if (!isRead) return answer;
    const call = cancelThrough(resource, answer.json);
    if ('problem' in call) return { kind: 'not-sent', problem: `the cancel was not sent: ${call.problem}` };
    return send(resource, call, timeoutMs - Math.max(0, clock.now() - startMs));
  };

  return {
    cancel: (resource, timeoutMs) => {
      const { cancel, get } = resource.calls;
      return get !== undefined && needsBody(resource)
        ? cancelThroughBody(resource, get, timeoutMs)
        : send(resource, cancel, timeoutMs);
    },
    get: async (resource, timeoutMs) => {
      const { get } = resource.calls;
      if (get === undefined) throw new Error(`${resource.service} offers no GET`);
      return send(resource, get, timeoutMs);
    },
    list: (collection, page, timeoutMs) =>
      send(collection, listCall(collection, page), timeoutMs, { maxBodyBytes: MAX_LIST_BYTES }),
  };
}

const headersOf = ({ body }: Call): Readonly<Record<string, string>> => ({
  accept: 'application/json',
  'user-agent': 'lro-cancel',
  ...(body !== undefined && { 'content-type': 'application/json' }),
});

/** One page of a list (google/longrunning/operations.proto, ListOperations). */
const listCall = ({ path, filter, kind, jobs }: Collection, page: PageRequest): Call => ({
  method: 'GET',
  path,
  query: {
    ...jobs?.query,
    ...(filter !== undefined && { [jobs?.filterParameter ?? 'filter']: filter }),
    ...kind.pageQuery(page),
  },
});
