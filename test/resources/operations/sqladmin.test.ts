import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sqladmin } from '../../../src/resources/operations/sqladmin.ts';

const AT = '2026-11-20T12:00:00.123456789Z';

describe('the state of an operation of Cloud SQL', () => {
  const failedWith = (...errors: unknown[]) => ({ status: 'DONE', error: { errors } });
  for (const [title, body, expected] of [
    ['RUNNING', { status: 'RUNNING' }, { kind: 'running', cancellationRequested: false }],
    ['DONE', { status: 'DONE' }, { kind: 'succeeded' }],
    [
      'the unknown status ABORTING',
      { status: 'ABORTING' },
      { kind: 'unreadable', problem: '"status" is not a known state of an operation' },
    ],
    [
      'DONE with the code CANCELLED',
      failedWith({ code: 'CANCELLED', message: 'by a user' }),
      { kind: 'cancelled', error: { code: 1, message: 'CANCELLED: by a user' } },
    ],
    [
      'DONE with the code CANCELLED among others',
      failedWith({ code: 'INTERNAL_ERROR', message: 'disk' }, { code: 'CANCELLED', message: 'c' }),
      { kind: 'failed', error: { code: 2, message: 'INTERNAL_ERROR: disk; CANCELLED: c' } },
    ],
    [
      'DONE and an entry that is not an error',
      failedWith(null, { code: 'CANCELLED' }),
      { kind: 'unreadable', problem: '"error.errors" is not a list of errors' },
    ],
    [
      'DONE with other codes',
      failedWith({ code: 'DISK_FULL', message: 'full' }, { code: 'X' }),
      { kind: 'failed', error: { code: 2, message: 'DISK_FULL: full; X: ' } },
    ],
    [
      'DONE and an error that is not a list',
      { status: 'DONE', error: { code: 1 } },
      { kind: 'unreadable', problem: '"error.errors" is not a list of errors' },
    ],
    [
      'no status',
      { name: 'o' },
      { kind: 'unreadable', problem: '"status" is not a known state of an operation' },
    ],
  ] as const) {
    it(`an operation of Cloud SQL with ${title} is ${expected.kind}`, () => {
      assert.deepEqual(sqladmin.readState(body), expected);
    });
  }
});

describe('a list of operations of Cloud SQL', () => {
  it('a list of Cloud SQL is requested with maxResults and pageToken', () =>
    assert.deepEqual(sqladmin.pageQuery({ pageSize: 100, pageToken: 't' }), {
      maxResults: '100',
      pageToken: 't',
    }));

  it('a list of Cloud SQL has items', () =>
    assert.deepEqual(sqladmin.readPage({ kind: 'sql#operationsList', items: [{ name: 'o' }] }), {
      entries: [{ name: 'o' }],
      nextPageToken: undefined,
      unreachable: [],
    }));

  it('the name of an entry of Cloud SQL has its id and its collection', () =>
    assert.equal(
      sqladmin.nameOf({ name: 'o' }, { name: 'projects/p/operations' }),
      'projects/p/operations/o',
    ));

  it('the creation time of an operation of Cloud SQL is its insertTime, or else its startTime', () => {
    const noonMs = Date.parse('2026-11-20T12:00:00.123Z');
    assert.equal(
      sqladmin.createdAtMs({ name: 'uuid', insertTime: AT, startTime: '2026-11-21T00:00:00Z' }),
      noonMs,
    );
    assert.equal(sqladmin.createdAtMs({ name: 'uuid', startTime: AT }), noonMs);
  });

  it('an operation of Cloud SQL can be matched by operationType and target, and not by metadata', () =>
    assert.deepEqual(
      ['operationType', 'targetId', 'targetLink', 'targetProject', 'metadata.target'].map((field) =>
        sqladmin.matchableFields.test(field),
      ),
      [true, true, true, true, false],
    ));
});
