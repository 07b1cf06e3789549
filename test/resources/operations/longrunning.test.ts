import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { longrunning } from '../../../src/resources/operations/longrunning.ts';

describe('the state of a google.longrunning.Operation', () => {
  for (const [title, body, expected] of [
    ['no `done`', { name: 'o' }, 'running'],
    ['done: false', { name: 'o', done: false }, 'running'],
    ['done with error code 1', { done: true, error: { code: 1 } }, 'cancelled'],
    ['done with another error', { done: true, error: { code: 13, message: 'x' } }, 'failed'],
    ['done with a response', { done: true, response: {} }, 'succeeded'],
    ['done with neither', { done: true }, 'succeeded'],
    ['done with error null', { done: true, error: null }, 'succeeded'],
    ['done with an empty error, which is code OK', { done: true, error: {}, response: {} }, 'succeeded'],
    ['an error with a message and no code', { done: true, error: { message: 'broke' } }, 'failed'],
    ['error code 1, but not done', { name: 'o', error: { code: 1 } }, 'running'],
    ['done: "true"', { name: 'o', done: 'true', error: { code: 1 } }, 'unreadable'],
    ['done: null, which is absent', { name: 'o', done: null }, 'running'],
    ['done: 0', { name: 'o', done: 0 }, 'unreadable'],
    ['done: ""', { name: 'o', done: '' }, 'unreadable'],
    ['done: 1', { name: 'o', done: 1, error: { code: 1 } }, 'unreadable'],
    ['an error code in a string', { done: true, error: { code: '1' } }, 'unreadable'],
    ['an error code that is not an integer', { done: true, error: { code: 1.5 } }, 'unreadable'],
    [
      'an error code that overflows to Infinity',
      JSON.parse('{"done":true,"error":{"code":1e400}}'),
      'unreadable',
    ],
    ['an error that is a string', { done: true, error: 'CANCELLED' }, 'unreadable'],
    ['an empty object as its body', {}, 'unreadable'],
    ['an array as its body', [{ done: true, error: { code: 1 } }], 'unreadable'],
    ['a string as its body', 'done', 'unreadable'],
    ['null as its body', null, 'unreadable'],
    ['no body', undefined, 'unreadable'],
  ] as const) {
    it(`a long-running operation with ${title} is ${expected}`, () =>
      assert.equal(longrunning.readState(body).kind, expected));
  }

  it('a long-running operation is cancelled only if `done` is true and the code is 1, for any JSON', () => {
    const code = fc.oneof(fc.constantFrom(0, 1, 2, '1', null, true), fc.jsonValue());
    const body = fc.record(
      {
        name: fc.jsonValue(),
        done: fc.oneof(fc.boolean(), fc.jsonValue()),
        error: fc.oneof(fc.record({ code }), fc.jsonValue()),
        response: fc.jsonValue(),
        metadata: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(body, (value) => {
        if (longrunning.readState(value).kind !== 'cancelled') return;
        assert.equal(value.done, true);
        assert.equal((value.error as { code: unknown }).code, 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

const AT = '2026-11-20T12:00:00.123456789Z';

describe('the creation time of a google.longrunning.Operation', () => {
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
    ['a service that nests the names of its proto', { metadata: { generic_metadata: { create_time: AT } } }],
    ['a service that writes an offset', { metadata: { createTime: '2026-11-20T13:00:00.123+01:00' } }],
    [
      'a service that writes both createTime and startTime',
      { metadata: { startTime: '2026-11-21T00:00:00Z', createTime: AT } },
    ],
  ] as const) {
    it(`the creation time is read from an operation of ${service}`, () =>
      assert.equal(longrunning.createdAtMs(entry), Date.parse('2026-11-20T12:00:00.123Z')));
  }

  for (const [title, entry] of [
    ['no metadata', { name: 'o' }],
    ['metadata without a time', { metadata: { '@type': 'x', state: 'RUNNING' } }],
    ['a time that is not a string', { metadata: { createTime: 1_700_000_000 } }],
    ['a time that is not a timestamp', { metadata: { createTime: 'yesterday' } }],
    ['a date without a time', { metadata: { createTime: '2026-11-20' } }],
    ['a time that is not set', { metadata: { createTime: '1970-01-01T00:00:00Z' } }],
    ['a day that does not exist', { metadata: { createTime: '2026-13-45T00:00:00Z' } }],
    ['only the times of its last change and its end', { metadata: { updateTime: AT, endTime: AT } }],
    ['metadata that is a list', { metadata: [{ createTime: AT }] }],
  ] as const) {
    it(`the creation time is unknown with ${title}`, () =>
      assert.equal(longrunning.createdAtMs(entry), undefined));
  }
});

describe('a list of google.longrunning.Operation', () => {
  it('a list of long-running operations is requested with pageSize and pageToken', () => {
    assert.deepEqual(longrunning.pageQuery({ pageSize: 100 }), { pageSize: '100' });
    assert.deepEqual(longrunning.pageQuery({ pageSize: 100, pageToken: 't' }), {
      pageSize: '100',
      pageToken: 't',
    });
  });

  for (const [title, body, expected] of [
    ['an empty object', {}, { entries: [], nextPageToken: undefined, unreachable: [] }],
    [
      'entries, a token and places that were not read',
      { operations: [{ name: 'o' }, 7], nextPageToken: 't', unreachable: ['us-east1', { odd: 1 }] },
      { entries: [{ name: 'o' }, 7], nextPageToken: 't', unreachable: ['us-east1', '{"odd":1}'] },
    ],
    [
      'a token that is empty',
      { operations: [], nextPageToken: '' },
      { entries: [], nextPageToken: undefined, unreachable: [] },
    ],
    ['an array as its body', [], { problem: 'the list is not a JSON object' }],
    ['no body', undefined, { problem: 'the list is not a JSON object' }],
    ['entries that are not an array', { operations: {} }, { problem: 'the list has no array of operations' }],
    [
      'a token that is not a string',
      { nextPageToken: 7 },
      { problem: 'the list has no usable token for its next page' },
    ],
    [
      'a token with a control character',
      { nextPageToken: 'a\nb' },
      { problem: 'the list has no usable token for its next page' },
    ],
  ] as const) {
    it(`a page of long-running operations is read from a response with ${title}`, () =>
      assert.deepEqual(longrunning.readPage(body), expected));
  }

  for (const [entry, expected] of [
    [{ name: 'projects/p/operations/o' }, 'projects/p/operations/o'],
    [{ name: 'o', location: 'us-east1' }, 'o'],
    [{ name: '' }, undefined],
    [{ name: 7 }, undefined],
    [{}, undefined],
  ] as const) {
    it(`the name of the entry ${JSON.stringify(entry)} of a list of long-running operations is ${expected ?? 'unknown'}`, () =>
      assert.equal(longrunning.nameOf(entry, { name: 'projects/p/locations/-/operations' }), expected));
  }

  for (const [field, expected] of [
    ['metadata.target', true],
    ['metadata.@type', true],
    ['metadata.genericMetadata.createTime', true],
    ['metadata', false],
    ['metadata.', false],
    ['metadata..target', false],
    ['response.name', false],
    ['operationType', false],
  ] as const) {
    it(`a long-running operation can${expected ? '' : 'not'} be matched by ${JSON.stringify(field)}`, () =>
      assert.equal(longrunning.matchableFields.test(field), expected));
  }
});
