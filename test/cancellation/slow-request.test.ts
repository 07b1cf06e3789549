import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRequest } from '../../src/messages/request.ts';
import { NAME } from '../support/fakes.ts';

describe('a request that is made to be slow to parse', () => {
  for (const [title, data] of [
    ['a million wrong operations', { operations: Array.from({ length: 1_000_000 }, () => 1) }],
    [
      'a million wrong labels',
      { operation: NAME, labels: Object.fromEntries(Array.from({ length: 1_000_000 }, (_, n) => [n, 1])) },
    ],
    [
      'a connector call of many collections',
      {
        call: `googleapis.aiplatform.v1.${'a.'.repeat(400)}operations.cancel`,
        args: { name: 'a/'.repeat(900) },
      },
    ],
    [
      'a connector call of equal collections',
      { call: `googleapis.a.v1.${'a.'.repeat(40)}operations.cancel`, args: { name: `${'a/'.repeat(50)}x` } },
    ],
    [
      'a connector call with a version of a million digits',
      { call: `googleapis.a.v${'1'.repeat(1_000_000)}`, args: { name: NAME } },
    ],
    [
      'a name of nine million characters',
      { operation: `${'operations/a/'.repeat(700_000)}x`, service: 'cloudchannel' },
    ],
  ] as const) {
    it(`a request with ${title} is refused within a second of CPU time`, () => {
      // Time of the CPU: other processes of a busy machine take none of it.
      const start = process.cpuUsage();
      assert.ok(!parseRequest(data, 'e').ok);
      const { user, system } = process.cpuUsage(start);
      assert.ok(user + system < 1_000_000, `${(user + system) / 1_000} ms`);
    });
  }
});
