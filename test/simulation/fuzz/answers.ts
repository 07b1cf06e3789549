import type { ServerResponse } from 'node:http';
import type { Random } from '../../support/random.ts';
import { mutated, oddJson, oddText } from './json.ts';

const VALID = [
  '{}',
  '{"name":"o","metadata":{"cancelRequested":true}}',
  '{"name":"o","done":true,"error":{"code":1,"message":"cancelled"}}',
  '{"name":"o","done":true,"response":{}}',
  '{"name":"o","done":true,"metadata":{"state":"CANCELLED"},"response":{}}',
  '{"name":"o","metadata":{"state":"CANCELLING","cancellationRequested":true}}',
  '{"error":{"code":400,"status":"FAILED_PRECONDITION","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}]}}',
  '{"error":{"code":403,"errors":[{"reason":"rateLimitExceeded"}]}}',
  '{"error":{"code":404,"status":"NOT_FOUND","message":"Method not found."}}',
  '{"code":12}',
  '{"error":"invalid_grant","error_description":"Account not found"}',
  '{"name":"o","status":"DONE","error":{"errors":[{"code":"CANCELLED"}]}}',
  '{"operations":[{"name":"projects/my-project/locations/us-central1/operations/o1","metadata":{"createTime":"2026-11-19T00:00:00Z"}}],"nextPageToken":"t"}',
  '{"operations":[{"name":"operations/o1","done":true},{"name":"o","status":"RUNNING","zone":"us-central1-a","startTime":"2026-11-19T00:00:00Z"}],"unreachable":["x"]}',
  '{"state":"JOB_STATE_CANCELLED","endTime":"2026-11-20T12:00:00Z","error":{"code":1,"message":"CANCELED"}}',
  '{"state":"JOB_STATE_CANCELLING","currentState":"JOB_STATE_CANCELLED"}',
  '{"state":"RUNNING","currentState":"JOB_STATE_DONE","operation":"projects/my-project/regions/us-central1/operations/o1"}',
  '{"status":{"state":"DONE","errorResult":{"reason":"stopped","message":"cancelled"}}}',
  '{"status":{"state":"DONE"},"conditions":[{"type":"Completed","state":"CONDITION_FAILED","executionReason":"CANCELLED"}]}',
  '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1s"}]}}',
] as const;
const STATUSES = [
  200, 200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 425, 429, 499, 500, 501, 503, 504,
  599,
] as const;
const GIANT_BYTES = 1_500_000;

/** An answer that was sent, for a check of what the function made of it. */
export interface OddAnswer {
  readonly status: number;
  readonly body: string;
}

/** Answers as no service should. Returns the answer; undefined where the connection was closed in its place. */
export function answerOddly(random: Random, response: ServerResponse): OddAnswer | undefined {
  const status = random.pick(STATUSES);
  if (random.chance(0.1))
    response.setHeader('retry-after', random.pick(['1', '-1', '1e9', 'soon', '99999999999']));
  if (random.chance(0.2))
    response.setHeader('content-type', random.pick(['application/json', 'text/html', 'x']));
  if (status === 302) response.setHeader('location', 'http://evil.example/');
  if (random.chance(0.01)) {
    response.destroy();
    return undefined;
  }
  response.writeHead(status);
  const body = status === 204 ? '' : bodyOf(random);
  response.end(body);
  return { status, body: body.toString() };
}

function bodyOf(random: Random): string | Buffer {
  const valid = random.pick(VALID);
  if (random.chance(0.001)) return `"${'x'.repeat(GIANT_BYTES)}"`;
  if (random.chance(0.05)) return Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
  return random.pick([
    valid,
    valid,
    mutated(random, valid),
    oddJson(random),
    oddText(random),
    '<html></html>',
  ]);
}
