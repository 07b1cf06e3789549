import {
  htmlAnswer,
  jsonAnswer,
  statusAnswer,
  type Answer,
} from '../../../local/emulators/google-apis/answer.ts';
import { errorInfo, retryInfo } from '../../../local/emulators/google-apis/rpc-status.ts';
import type { JsonObject, RpcStatusName } from '../../../local/emulators/google-apis/rpc-status.ts';
import type { Outcome } from '../../../src/cancellation/outcome.ts';

/** How often a service has been called for an operation, this call not counted. */
export interface Calls {
  readonly posts: number;
  readonly gets: number;
  /** POSTs that were answered with OK. */
  readonly accepted: number;
}

/** Answers in their order, of which the last one stays; or an answer that depends on the calls before. */
export type Script = readonly [Answer, ...Answer[]] | ((calls: Calls) => Answer);

/** One operation, the answers of its service, and how its cancel has to end. */
export interface Case {
  /** A whole clause. */
  readonly title: string;
  readonly post: Script;
  readonly get: Script;
  readonly outcome: Outcome | readonly Outcome[];
  /** Number of POSTs: exactly, or from and to. Default: 1 to 8. */
  readonly posts?: number | readonly [number, number];
  /** The same for the GETs. Default: 0 to 12. */
  readonly gets?: number | readonly [number, number];
  /** What the sentence of the result has to say. */
  readonly says?: readonly RegExp[];
  /** What it must not say. */
  readonly saysNot?: readonly RegExp[];
  readonly error?: { readonly httpStatus?: number; readonly status?: string };
  /** Seconds that have to pass between two POSTs, at least. */
  readonly secondsBetweenPosts?: readonly number[];
  /** URL of the operation of a project. Default: one of notebooks. */
  readonly url?: (project: string) => string;
  /** Default 300 s. */
  readonly confirmWithin?: string;
  readonly dryRun?: boolean;
}

export const OK = jsonAnswer(200, {});
export const RUNNING = jsonAnswer(200, { name: 'o', metadata: {} });
export const DONE = jsonAnswer(200, { name: 'o', done: true, response: {} });
export const DONE_CANCELLED = jsonAnswer(200, { name: 'o', done: true, error: { code: 1, message: '' } });
/**
 * A cancel whose answer breaks off. A kept connection that is reset before any answer is another case: Node's
 * documentation of `reusedSocket` says to send the request again.
 */
export const NO_ANSWER: Answer = {
  send: 'half',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"name": "an answer that breaks off"}',
  then: 'reset',
};
export const NOT_FOUND = statusAnswer('NOT_FOUND', "Resource 'o' was not found");

/** Cancelled as soon as a POST was accepted, running before. */
export const afterAccepted = ({ accepted }: Calls): Answer => (accepted > 0 ? DONE_CANCELLED : RUNNING);

/** An operation with this metadata; done with a response where `done`. */
export const withMetadata = (metadata: JsonObject, done?: 'done'): Answer =>
  jsonAnswer(200, { name: 'o', metadata, ...(done && { done: true, response: {} }) });

/** Any JSON, or an empty body. */
export const raw = (status: number, body?: unknown, headers: Record<string, string> = {}): Answer => ({
  send: 'whole',
  status,
  headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
  body: body === undefined ? '' : JSON.stringify(body),
});

export const page = (status: number, title: string): Answer =>
  htmlAnswer(status, title, `The server says: ${title}.`);

export const redirect = (status: number): Answer => {
  const found = htmlAnswer(status, 'Moved', 'The document has moved.');
  return { ...found, headers: { ...found.headers, location: 'https://accounts.google.com/ServiceLogin' } };
};

/** A `google.rpc.Status` under an HTTP status that is not the one of its code. */
export const status = (httpStatus: number, name: string, message: string, details: JsonObject[] = []) =>
  raw(httpStatus, { error: { code: httpStatus, message, status: name, details } });

export const rpc = (name: RpcStatusName, message: string, details: JsonObject[] = []) =>
  statusAnswer(name, message, details);

/** The error of an API older than google.rpc.Status. */
export const olderError = (httpStatus: number, reason: string, message: string): Answer =>
  raw(httpStatus, {
    error: { code: httpStatus, message, errors: [{ domain: 'usageLimits', reason, message }] },
  });

export const withReason = (reason: string): JsonObject =>
  errorInfo(reason, 'googleapis.com', { service: 'notebooks.googleapis.com' });

export const withRetryInfo = (seconds: number): JsonObject => retryInfo(seconds * 1_000);

/** Words of an end that came before the request: wrong where the request itself saw the operation running. */
export const SAYS_ENDED_BEFORE = /(?:had|was)[^."]* already/;
