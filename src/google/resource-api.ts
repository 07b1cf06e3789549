import type { ServiceResponse } from '../resources/response.ts';
import type { Collection, PageRequest } from '../resources/collection.ts';
import type { Operation } from '../resources/resource.ts';
import type { ResourceApi } from '../ports.ts';
import type { Credentials } from './credentials.ts';
import type { HttpClient, HttpRequest } from './http.ts';

/** A call that has less time than this is given it all the same. */
const SHORTEST_CALL_MS = 1_000;

/** The operations of every Google API, over REST (google/longrunning/operations.proto). */
export function createResourceApi(options: {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  /** Where calls go, with `{host}` for the host that the catalog gave. */
  readonly endpoint: string;
}): ResourceApi {
  const { http, credentials, endpoint } = options;

  const send = async (
    service: Pick<Operation, 'host' | 'tokenScopes' | 'delegated'>,
    call: Pick<HttpRequest, 'method' | 'maxBodyBytes'> & { readonly path: string },
    timeoutMs: number,
    mayRenew = true,
  ): Promise<ServiceResponse> => {
    const { method, path, maxBodyBytes } = call;
    const startMs = performance.now();
    const authorized = credentials.for(service);
    const authorization = authorized instanceof Promise ? await authorized : authorized;
    if (authorization.kind === 'denied') return authorization;
    // Waiting for a token is part of the time that a call may take.
    const leftMs = Math.max(SHORTEST_CALL_MS, Math.round(timeoutMs - (performance.now() - startMs)));
    const base = endpoint.replaceAll('{host}', service.host);
    const answer = await http.send({
      method,
      url: `${base}/${path}`,
      headers: { accept: 'application/json', 'user-agent': 'lro-cancel', ...authorization.headers },
      timeoutMs: leftMs,
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    });
    const { advice, renew } = authorization;
    // A token may have been revoked before its time; a request that it was refused for had no effect.
    if (mayRenew && renew !== undefined && answer.kind === 'answered' && answer.httpStatus === 401) {
      renew();
      return send(service, call, timeoutMs - (performance.now() - startMs), false);
    }
    return answer.kind === 'answered' && advice !== undefined ? { ...answer, advice } : answer;
  };

  return {
    cancel: (operation, timeoutMs) => send(operation, operation.cancel, timeoutMs),
    get: async (operation, timeoutMs) => {
      if (operation.get === undefined) throw new Error(`${operation.service} offers no GET`);
      return send(operation, operation.get, timeoutMs);
    },
    list: (collection, page, timeoutMs) =>
      send(
        collection,
        { method: 'GET', path: listPath(collection, page), maxBodyBytes: MAX_LIST_BYTES },
        timeoutMs,
      ),
  };
}

/** A page of a hundred operations has some hundred kilobytes; with what they responded, it can have megabytes. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/**
 * Path and query of a page (google/longrunning/operations.proto, ListOperations). Kubernetes Engine lists all at
 * once, and refuses a parameter that it does not know; Cloud SQL calls the size of a page by another name.
 */
function listPath({ path, state, filter }: Collection, { pageToken, pageSize }: PageRequest): string {
  const query = new URLSearchParams();
  if (filter !== undefined) query.set('filter', filter);
  if (state !== 'container') query.set(state === 'sqladmin' ? 'maxResults' : 'pageSize', String(pageSize));
  if (pageToken !== undefined) query.set('pageToken', pageToken);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
