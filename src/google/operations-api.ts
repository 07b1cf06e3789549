import type { Answer } from '../core/answer.ts';
import type { Call, Operation } from '../core/operation.ts';
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

  const send = async (
    operation: Operation,
    { method, path }: Call,
    timeoutMs: number,
    mayRenew = true,
  ): Promise<Answer> => {
    const startMs = performance.now();
    const authorization = await credentials.for(operation);
    if (authorization.kind === 'denied') return authorization;
    // Waiting for a token is part of the time that a call may take.
    const leftMs = Math.max(SHORTEST_CALL_MS, Math.round(timeoutMs - (performance.now() - startMs)));
    const base = endpoint.replaceAll('{host}', operation.host);
    const answer = await http.send({
      method,
      url: `${base}/${path}`,
      headers: { accept: 'application/json', 'user-agent': 'lro-cancel', ...authorization.headers },
      timeoutMs: leftMs,
    });
    const { advice, renew } = authorization;
    // A token may have been revoked before its time; a request that it was refused for had no effect.
    if (mayRenew && renew !== undefined && answer.kind === 'answered' && answer.httpStatus === 401) {
      renew();
      return send(operation, { method, path }, timeoutMs - (performance.now() - startMs), false);
    }
    return answer.kind === 'answered' && advice !== undefined ? { ...answer, advice } : answer;
  };

  return {
    cancel: (operation, timeoutMs) => send(operation, operation.cancel, timeoutMs),
    get: async (operation, timeoutMs) => {
      if (operation.get === undefined) throw new Error(`${operation.service} offers no GET`);
      return send(operation, operation.get, timeoutMs);
    },
  };
}
