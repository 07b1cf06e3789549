import type { Dispatcher } from 'undici';
import type { ServiceResponse } from '../resources/response.ts';
import { hasAtMost } from '../validation/bounded-json.ts';
import { createConnections } from './connections.ts';
import type { Connection, Connections } from './connections.ts';

/**
 * One HTTP request, once: with a time limit over all of it, a bounded body, and no redirects, so that a
 * credential never leaves for another host. By the dispatch of undici, which tells just before it writes: without
 * that, a request was never sent, which decides whether asking again is safe.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<ServiceResponse>;
  close(): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Zero bytes where absent. */
  readonly body?: string;
  /** A larger answer is cut off and reported; `MAX_BODY_BYTES` where absent. */
  readonly maxBodyBytes?: number;
  /** Whether the status of a success (2xx) says everything, so that its body is not read as JSON. */
  readonly onlyStatus?: boolean;
}

/** Far above the size of any Operation or error of Google's. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Largest number of values in a body: a page of 1,000 operations with a thousand values each. They take some 50 MB. */
const MAX_BODY_VALUES = 1_000_000;

export function createHttpClient(connections: Connections = createConnections()): HttpClient {
  return {
    send: (request) =>
      new Promise((resolve) => {
        sendOnce(request, connections, resolve);
      }),
    close: () => {
      connections.close();
    },
  };
}

function sendOnce(
  request: HttpRequest,
  connections: Connections,
  resolve: (response: ServiceResponse) => void,
): void {
  const { method, headers, body, timeoutMs, maxBodyBytes = MAX_BODY_BYTES, onlyStatus = false } = request;
  const { origin, path } = splitUrl(request.url);
  let connection: Connection | undefined;
  let isOver = false;
  let timedOut = false;
  let sent = false;
  let onKept = false;
  let anyByteReceived = false;
  let head: Head | undefined;
  const chunks: Buffer[] = [];
  let length = 0;

  const end = (response: ServiceResponse) => {
    isOver = true;
    clearTimeout(timer);
    resolve(response);
  };
  const fail = (reason: string) => {
    const limit = `within ${timeoutMs / 1_000} s`;
    if (head !== undefined) {
      const problem = timedOut ? `no complete answer ${limit}` : `the answer broke off: ${reason}`;
      end({ kind: 'no-answer', timedOut, problem });
    } else if (!sent) {
      end({ kind: 'not-sent', problem: timedOut ? `no connection ${limit}` : reason });
    } else {
      end({ kind: 'no-answer', timedOut, problem: timedOut ? `no answer ${limit}` : reason });
    }
  };

  const timer = setTimeout(() => {
    timedOut = true;
    fail('the time is up');
    stopWaiting?.();
    connection?.discard();
  }, timeoutMs);

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => {
      // The next step writes the request.
      sent = true;
      onKept = connection?.isKept() ?? false;
    },
    onResponseStarted: () => {
      anyByteReceived = true;
    },
    onResponseStart: (_, httpStatus, responseHeaders) => {
      // Those below are interim answers.
      if (httpStatus >= 200) head = { httpStatus, headers: responseHeaders };
    },
    onResponseData: (_, chunk) => {
      length += chunk.length;
      if (isOver || head === undefined) return;
      if (length <= maxBodyBytes) {
        if (!onlyStatus || head.httpStatus >= 300) chunks.push(chunk);
      } else {
        end(answerOf(head, undefined, maxBodyBytes));
        connection?.discard();
      }
    },
    onResponseEnd: () => {
      if (isOver || head === undefined) return;
      end(answerOf(head, chunks, maxBodyBytes));
      connection?.release();
    },
    onResponseError: (_, error: NodeJS.ErrnoException) => {
      if (isOver) return;
      // A kept connection that is closed before it answers was nearly always closed by the server while it was
      // idle: RFC 9112, section 9.3.1, expects a client to send again. Should the request have arrived all the same,
      // sending it twice does no harm.
      if (onKept && !anyByteReceived && CLOSED.has(error.code ?? '')) sent = false;
      fail(describe(error));
      connection?.discard();
    },
  };
  const stopWaiting = connections.acquire(origin, (acquired) => {
    connection = acquired;
    acquired.dispatch({ method, path, headers, ...(body !== undefined && { body }) }, handler);
  });
}

/** Codes of a connection that the other side has closed. */
const CLOSED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** In one line. Undici's own codes say less than its messages; a host has several addresses, and each may fail differently. */
function describe(error: NodeJS.ErrnoException): string {
  const failed = [error, error.cause].find((each) => each instanceof AggregateError);
  if (failed !== undefined) return (failed.errors as NodeJS.ErrnoException[]).map(describe).join('; ');
  const [message = ''] = error.message.split('\n', 1);
  return error.code === undefined || error.code.startsWith('UND_ERR_')
    ? message
    : `${error.code}: ${message}`;
}

/** Status and headers of an answer. */
interface Head {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A URL whose every character stands for itself, which spares a message the two parses of its URLs. */
const PLAIN_URL = /^(https?:\/\/[a-z0-9.:-]+)(\/[\w!$%&'()*+,\-./:;=@~]*)$/;
const DOT_SEGMENT = /\/(?:\.|%2e)/i;

function splitUrl(url: string): { readonly origin: string; readonly path: string } {
  const [, origin, path] = PLAIN_URL.exec(url) ?? [];
  if (origin !== undefined && path !== undefined && !DOT_SEGMENT.test(path)) return { origin, path };
  const parsed = new URL(url);
  return { origin: parsed.origin, path: parsed.pathname + parsed.search };
}

/** @param chunks undefined where the body is larger than `maxBytes` */
function answerOf(
  { httpStatus, headers }: Head,
  chunks: readonly Buffer[] | undefined,
  maxBytes: number,
): ServiceResponse {
  const retryAfter = textOf(headers['retry-after']);
  const answer = { kind: 'answered', httpStatus, ...(retryAfter !== undefined && { retryAfter }) } as const;
  if (chunks === undefined) return { ...answer, bodyProblem: `the body is larger than ${maxBytes} bytes` };
  const [first, ...others] = chunks;
  if (first === undefined) return answer;
  const body = others.length === 0 ? first : Buffer.concat(chunks);
  if (!hasAtMost(MAX_BODY_VALUES, body)) {
    return { ...answer, bodyProblem: `the body has more than ${MAX_BODY_VALUES} values` };
  }
  try {
    return { ...answer, json: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    const type = textOf(headers['content-type'])?.slice(0, 100) ?? 'no content-type';
    return { ...answer, bodyProblem: `the body is not JSON (${type})` };
  }
}

/** The first, where a header is repeated. */
const textOf = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);
