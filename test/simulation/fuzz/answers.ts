import type { ServerResponse } from 'node:http';
import type { Random } from '../../support/random.ts';
import { mutated, oddJson, oddText } from './json.ts';

const VALID = [
  '{}',
  '{"name":"o","metadata":{"cancelRequested":true}}',
  '{"name":"o","done":true,"error":{"code":1,"message":"cancelled"}}',
  '{"name":"o","done":true,"response":{}}',
  '{"name":"o","status":"DONE","error":{"errors":[{"code":"CANCELLED"}]}}',
  '{"operations":[{"name":"projects/my-project/locations/us-central1/operations/o1","metadata":{"createTime":"2026-11-19T00:00:00Z"}}],"nextPageToken":"t"}',
  '{"operations":[{"name":"operations/o1","done":true},{"name":"o","status":"RUNNING","zone":"us-central1-a","startTime":"2026-11-19T00:00:00Z"}],"unreachable":["x"]}',
  '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1s"}]}}',
] as const;
const STATUSES = [
  200, 200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 501, 503, 599,
] as const;
const GIANT_BYTES = 1_500_000;

/** Answers as no service should. */
export function answerOddly(random: Random, response: ServerResponse): void {
  const status = random.pick(STATUSES);
  if (random.chance(0.1))
    response.setHeader('retry-after', random.pick(['1', '-1', '1e9', 'soon', '99999999999']));
  if (random.chance(0.2))
    response.setHeader('content-type', random.pick(['application/json', 'text/html', 'x']));
  if (status === 302) response.setHeader('location', 'http://evil.example/');
  if (random.chance(0.01)) {
    response.destroy();
    return;
  }
  response.writeHead(status);
  response.end(status === 204 ? undefined : bodyOf(random));
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
