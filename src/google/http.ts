import http from 'node:http';
import https from 'node:https';
import type { ServiceResponse } from '../resources/response.ts';
import { hasAtMost } from '../validation/bounded-json.ts';

/**
 * One HTTP request, once: with a time limit over all of it, a bounded body, and no redirects, so that a
 * credential never leaves for another host. Node's own client, because it alone reports whether a request was
 * ever sent, which decides whether asking again is safe.
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
}

/** Far above the size of any Operation or error of Google's. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Largest number of values in a body: a page of 1,000 operations with a thousand values each. They take some 50 MB. */
const MAX_BODY_VALUES = 1_000_000;

const IDLE_TIMEOUT_MS = 30_000;

export function createHttpClient(): HttpClient {
  // An idle connection is closed after this time: one that died unseen, while the instance had no CPU, costs a whole
  // attempt.
  const options = {
    keepAlive: true,
    timeout: IDLE_TIMEOUT_MS,
    maxSockets: 2_048,
    scheduling: 'lifo',
  } as const;
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };

  return {
    send: (request) => {
      const url = new URL(request.url);
      const secure = url.protocol === 'https:';
      return sendOnce(
        (secure ? https : http).request,
        url,
        request,
        secure ? agents['https:'] : agents['http:'],
      );
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function sendOnce(
  start: typeof http.request,
  url: URL,
  request: HttpRequest,
  agent: http.Agent,
): Promise<ServiceResponse> {
  const { method, headers, timeoutMs, maxBodyBytes = MAX_BODY_BYTES } = request;
  return new Promise((resolve) => {
    const outgoing = start(url, { method, agent, headers });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      outgoing.destroy(new Error(`the time of ${timeoutMs / 1_000} s is up`));
    }, timeoutMs);
    let connected = false;
    let responded = false;
    const fail = (reason: string) => {
      // Once a response has begun, only its own events decide.
      if (responded) return;
      const limit = `within ${timeoutMs / 1_000} s`;
      if (!connected) resolve({ kind: 'not-sent', problem: timedOut ? `no connection ${limit}` : reason });
      else resolve({ kind: 'no-answer', timedOut, problem: timedOut ? `no answer ${limit}` : reason });
    };

    outgoing.on('socket', (socket) => {
      // A kept connection is connected already; a listener for each of its requests would pile up on it.
      if (outgoing.reusedSocket) connected = true;
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (connected = true));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // A reused connection that is closed before it answers was nearly always closed by the server while it was
      // idle, and Node's documentation of `reusedSocket` says to retry. Should the request have arrived all the same,
      // sending it twice does no harm.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET' && !timedOut) connected = false;
      fail(`${error.code ?? 'connection failed'}: ${error.message}`);
    });
    outgoing.on('response', (incoming) => {
      responded = true;
      const brokeOff = (reason: string) => {
        const problem = timedOut
          ? `no complete answer within ${timeoutMs / 1_000} s`
          : `the answer broke off: ${reason}`;
        resolve({ kind: 'no-answer', timedOut, problem });
      };
      // By events, because an iterator makes several promises for each chunk.
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= maxBodyBytes) {
          chunks.push(chunk);
        } else {
          resolve(answerOf(incoming, undefined, maxBodyBytes));
          incoming.destroy();
        }
      });
      incoming.on('end', () => resolve(answerOf(incoming, Buffer.concat(chunks, length), maxBodyBytes)));
      // The first of these events decides.
      incoming.on('error', (error) => brokeOff(error.message));
      incoming.on('close', () => brokeOff('the connection was closed'));
    });
    // The last resort, so that every request ends; an earlier outcome stands. A response that switches to another
    // protocol ends here, because Node destroys its connection without an event.
    outgoing.on('close', () => {
      clearTimeout(timer);
      fail('the connection was closed without an answer');
    });
    outgoing.end(request.body);
  });
}

function answerOf(
  incoming: http.IncomingMessage,
  body: Buffer | undefined,
  maxBytes: number,
): ServiceResponse {
  const retryAfter = incoming.headers['retry-after'];
  const answer = {
    kind: 'answered',
    httpStatus: incoming.statusCode ?? 0,
    ...(retryAfter !== undefined && { retryAfter }),
  } as const;
  if (body === undefined) return { ...answer, bodyProblem: `the body is larger than ${maxBytes} bytes` };
  if (body.length === 0) return answer;
  if (!hasAtMost(MAX_BODY_VALUES, body)) {
    return { ...answer, bodyProblem: `the body has more than ${MAX_BODY_VALUES} values` };
  }
  try {
    return { ...answer, json: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    const type = incoming.headers['content-type']?.slice(0, 100) ?? 'no content-type';
    return { ...answer, bodyProblem: `the body is not JSON (${type})` };
  }
}
