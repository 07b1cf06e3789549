import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createdAtMs } from '../../src/resources/created-at.ts';

const AT = '2026-11-20T12:00:00.123456789Z';

describe('the age of an operation', () => {
  for (const [service, entry] of [
    ['notebooks', { metadata: { createTime: AT, endTime: '2026-11-21T00:00:00Z' } }],
    ['aiplatform', { metadata: { genericMetadata: { createTime: AT, updateTime: '2026-11-21T00:00:00Z' } } }],
    ['documentai', { metadata: { commonMetadata: { createTime: AT, state: 'RUNNING' } } }],
    ['translate', { metadata: { submitTime: AT } }],
    ['bigtableadmin', { metadata: { requestTime: AT, finishTime: '' } }],
    ['cloudbuild', { metadata: { build: { createTime: AT, startTime: '2026-11-21T00:00:00Z' } } }],
    ['storagetransfer', { metadata: { startTime: AT, status: 'IN_PROGRESS' } }],
    ['datastore', { metadata: { common: { startTime: AT } } }],
    ['spanner', { metadata: { progress: { startTime: AT, progressPercent: 3 } } }],
    ['dataproc', { metadata: { status: { state: 'RUNNING', stateStartTime: AT } } }],
    ['a service that writes the names of its proto', { metadata: { create_time: AT } }],
    ['and one that nests them', { metadata: { generic_metadata: { create_time: AT } } }],
    ['container', { name: 'operation-1', startTime: AT }],
    ['sqladmin', { name: 'uuid', insertTime: AT, startTime: '2026-11-21T00:00:00Z' }],
    ['one with an offset', { metadata: { createTime: '2026-11-20T13:00:00.123+01:00' } }],
    [
      'one that was created before it started',
      { metadata: { startTime: '2026-11-21T00:00:00Z', createTime: AT } },
    ],
  ] as const) {
    it(`is told by ${service}`, () =>
      assert.equal(createdAtMs(entry), Date.parse('2026-11-20T12:00:00.123Z')));
  }

  for (const [title, entry] of [
    ['no metadata', { name: 'o' }],
    ['metadata without a time', { metadata: { '@type': 'x', state: 'RUNNING' } }],
    ['a time that is no text', { metadata: { createTime: 1_700_000_000 } }],
    ['a time that is no timestamp', { metadata: { createTime: 'yesterday' } }],
    ['a date alone', { metadata: { createTime: '2026-11-20' } }],
    ['a time that is not set', { metadata: { createTime: '1970-01-01T00:00:00Z' } }],
    ['a day that there is not', { metadata: { createTime: '2026-13-45T00:00:00Z' } }],
    ['only when it changed', { metadata: { updateTime: AT, endTime: AT } }],
    ['metadata that is a list', { metadata: [{ createTime: AT }] }],
  ] as const) {
    it(`cannot be told by ${title}`, () => assert.equal(createdAtMs(entry), undefined));
  }
});
