import type { IncomingMessage, ServerResponse } from 'node:http';
import { deliver, htmlAnswer, type Answer } from './answer.ts';
import { CONTROL_HOST } from './control-surface.ts';
import type { Reply, ServiceRequest } from './operation-methods.ts';
import { readBody } from './request-body.ts';
import type { RecordedRequest, RequestLog } from './request-log.ts';

/** The collaborators of a handler. */
interface RequestHandling {
  readonly now: () => number;
  readonly answer: (request: ServiceRequest) => Reply | Promise<Reply>;
  readonly log: RequestLog;
  /** Is told of each request once its answer is known. */
  readonly onAnswer: (request: RecordedRequest) => void;
}

/** Takes each HTTP request in, records it, has it answered and sends the answer. */
export function createRequestHandler(
  handling: RequestHandling,
): (incoming: IncomingMessage, response: ServerResponse) => void {
  return (incoming, response) => {
    handle(incoming, response, handling).catch((error: unknown) => {
      // A mistake in this program or in a host's handler: its author should see it, and its caller no answer.
      console.error('simulated Google services:', error);
      response.destroy();
    });
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  { now, answer, log, onAnswer }: RequestHandling,
): Promise<void> {
  const target = splitTarget(incoming.url ?? '/');
  const { host, path } = target;
  const method = incoming.method ?? 'GET';
  const arrived: RecordedRequest = {
    atMs: now(),
    method,
    url: `https://${host}${path}`,
    query: target.query,
    bodyBytes: 0,
    authorization: incoming.headers.authorization !== undefined,
    status: 'none',
  };
  // Recorded on arrival, so that a request that is never answered, or breaks off, is seen too.
  const recorded = host === CONTROL_HOST ? { ...arrived } : log.record(arrived);
  const send = (whole: Answer) => {
    if ('status' in whole) recorded.status = whole.status;
    if (host !== CONTROL_HOST) onAnswer({ ...recorded });
    // By the same clock as Retry-After's date, which is read against it.
    response.setHeader('date', new Date(now()).toUTCString());
    return deliver(whole, response);
  };
  const read = await readBody(incoming, (bytes) => (recorded.bodyBytes = bytes));
  switch (read.outcome) {
    case 'broken-off':
      return;
    case 'too-large':
      response.setHeader('connection', 'close');
      await send(
        htmlAnswer(413, 'Request Entity Too Large', 'Your client issued a request that was too large.'),
      );
      return;
    case 'read':
  }
  if (lacksLength(incoming)) {
    await send(htmlAnswer(411, 'Length Required', 'POST requests require a Content-length header.'));
    return;
  }
  const query = new URLSearchParams(target.query);
  const reply = await answer({ method, host, path, query, headers: incoming.headers, body: read.body });
  if (reply.delayMs !== undefined) await delay(reply.delayMs, response);
  await send(reply.answer);
}

function splitTarget(target: string): { host: string; path: string; query: string } {
  const question = target.indexOf('?');
  const hostAndPath = question < 0 ? target.slice(1) : target.slice(1, question);
  const slash = hostAndPath.indexOf('/');
  return {
    host: slash < 0 ? hostAndPath : hostAndPath.slice(0, slash),
    path: slash < 0 ? '' : hostAndPath.slice(slash),
    query: question < 0 ? '' : target.slice(question + 1),
  };
}

/** Google's front end wants a POST's length even where it is 0, and answers 411 otherwise. */
function lacksLength({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
  );
}

/** Waits by the real clock, or until the caller has gone. */
async function delay(delayMs: number, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
