import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createdAtReader } from '../../src/resources/created-at.ts';

describe('the time at which a resource was created', () => {
  const createdAtMs = createdAtReader(['createTime', 'status.startTime']);
  const NOON_MS = Date.parse('2026-11-20T12:00:00Z');

  for (const [title, entry, expected] of [
    ['is that of the first field', { createTime: '2026-11-20T12:00:00Z' }, NOON_MS],
    [
      'is that of the first field before that of the second',
      { status: { startTime: '2026-11-21T00:00:00Z' }, createTime: '2026-11-20T12:00:00Z' },
      NOON_MS,
    ],
    ['can be in a nested field', { status: { startTime: '2026-11-20T12:00:00Z' } }, NOON_MS],
    [
      'is that of the second field if the first cannot be read',
      { createTime: 'yesterday', status: { startTime: '2026-11-20T12:00:00Z' } },
      NOON_MS,
    ],
    ['can be under the field name of the proto', { status: { start_time: '2026-11-20T12:00:00Z' } }, NOON_MS],
    ['can have nine decimals', { createTime: '2026-11-20T12:00:00.000000001Z' }, NOON_MS],
    ['cannot have ten decimals', { createTime: '2026-11-20T12:00:00.0000000001Z' }, undefined],
    ['can have an offset', { createTime: '2026-11-20T07:00:00-05:00' }, NOON_MS],
    ['needs an offset or a Z', { createTime: '2026-11-20T12:00:00' }, undefined],
    ['is not that of a field of another name', { updateTime: '2026-11-20T12:00:00Z' }, undefined],
  ] as const) {
    it(`the creation time of a resource ${title}`, () => assert.equal(createdAtMs(entry), expected));
  }
});
