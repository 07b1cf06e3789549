import type { Operation } from '../core/operation.ts';
import type { Operations } from '../core/ports.ts';
import type { Credentials } from './credentials.ts';
import type { HttpClient } from './http.ts';

/** A call that has less time than this is given it all the same. */
const SHORTEST_CALL_MS = 1_000;

/** The operations of every Google API, over REST (google/longrunning/operations.proto). */
export function createOperationsApi(options: {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  /** Where calls go, with `{host}` for the host that the catalogue gave. */
  readonly endpoint: string;
}): Operations {
  const { http, credentials, endpoint } = options;

  const call = async (method: 'GET' | 'POST', operation: Operation, suffix: string, timeoutMs: number) => {
    const startMs = performance.now();
    const headers = await credentials.headers(operation.scopes);
    // Waiting for a token is part of the time that a call may take.
    const leftMs = Math.max(SHORTEST_CALL_MS, Math.round(timeoutMs - (performance.now() - startMs)));
    const base = endpoint.replaceAll('{host}', operation.host);
    return http.send({
      method,
      url: `${base}/${operation.version}/${operation.name}${suffix}`,
      headers: { accept: 'application/json', 'user-agent': 'lro-cancel', ...headers },
      timeoutMs: leftMs,
    });
  };

  return {
    cancel: (operation, timeoutMs) => call('POST', operation, ':cancel', timeoutMs),
    get: (operation, timeoutMs) => call('GET', operation, '', timeoutMs),
  };
}
