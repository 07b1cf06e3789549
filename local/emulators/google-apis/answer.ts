import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorBody, RPC_STATUSES, type JsonObject, type RpcStatusName } from './rpc-status.ts';

type Headers = Readonly<Record<string, string>>;

/** An ordinary HTTP answer. */
export interface WholeAnswer {
  readonly send: 'whole';
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** The answer to a request: a whole one, its first half, nothing, or more than a caller should read. */
export type Answer =
  | WholeAnswer
  | {
      readonly send: 'half';
      readonly status: number;
      readonly headers: Headers;
      readonly body: string;
      readonly then: 'hang' | 'reset';
    }
  | { readonly send: 'nothing'; readonly then: 'hang' | 'reset' }
  | {
      readonly send: 'filler';
      readonly status: number;
      readonly headers: Headers;
      readonly bytes: number;
      readonly declareLength: boolean;
    };

const JSON_HEADERS: Headers = {
  'content-type': 'application/json; charset=UTF-8',
  vary: 'Origin, X-Origin, Referer',
  'cache-control': 'private',
  server: 'ESF',
};

/** JSON as Google's APIs print it: indented, with a newline at the end. */
export function jsonAnswer(status: number, value: unknown, headers: Headers = {}): WholeAnswer {
  const body = `${JSON.stringify(value, null, 2)}\n`;
  return { send: 'whole', status, headers: { ...JSON_HEADERS, ...headers }, body };
}

/** A `google.rpc.Status` with its HTTP status. */
export function statusAnswer(
  name: RpcStatusName,
  message: string,
  details: readonly JsonObject[] = [],
  headers: Headers = {},
): WholeAnswer {
  return jsonAnswer(RPC_STATUSES[name].httpStatus, errorBody(name, message, details), headers);
}

/**
 * The page of Google's front end, which answers before any service does: no JSON, and not always an error of
 * the service.
 */
export function htmlAnswer(status: number, title: string, sentence: string): WholeAnswer {
  const body = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error ${status} (${title})!!1</title>
  <p><b>${status}.</b> <ins>That’s an error.</ins>
  <p>${sentence}  <ins>That’s all we know.</ins>
`;
  const headers = { 'content-type': 'text/html; charset=UTF-8', 'referrer-policy': 'no-referrer' };
  return { send: 'whole', status, headers, body };
}

/** Sends the answer. Resolves when nothing more will be sent, also when the caller has gone. */
export async function deliver(answer: Answer, response: ServerResponse): Promise<void> {
  switch (answer.send) {
    case 'whole':
      response.writeHead(answer.status, withLength(answer.headers, Buffer.byteLength(answer.body)));
      response.end(answer.body);
      return;
    case 'half': {
      const bytes = Buffer.from(answer.body);
      response.writeHead(answer.status, withLength(answer.headers, bytes.length));
      const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
      // Reset only once the half has been handed to the system, or the caller might see no answer at all.
      response.write(half, () => answer.then === 'reset' && response.socket?.resetAndDestroy());
      return;
    }
    case 'nothing':
      if (answer.then === 'reset') response.socket?.resetAndDestroy();
      return;
    case 'filler':
      response.writeHead(
        answer.status,
        answer.declareLength ? withLength(answer.headers, answer.bytes) : answer.headers,
      );
      // The caller is meant to hang up in the middle; that is no failure of this server.
      await pipeline(Readable.from(filler(answer.bytes)), response).catch(() => undefined);
      return;
  }
}

function withLength(headers: Headers, bytes: number): Headers {
  return { ...headers, 'content-length': String(bytes) };
}

const FILLER_CHUNK_BYTES = 64 * 1024;
const FILLER_START = '{"name":"';
const FILLER_END = '"}';

/** One JSON object of exactly `bytes` bytes, in pieces, so that a giant costs this process nothing. */
function* filler(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(FILLER_CHUNK_BYTES, 'x');
  yield Buffer.from(FILLER_START);
  let left = bytes - FILLER_START.length - FILLER_END.length;
  while (left > 0) {
    yield chunk.subarray(0, Math.min(left, chunk.length));
    left -= chunk.length;
  }
  yield Buffer.from(FILLER_END);
}
