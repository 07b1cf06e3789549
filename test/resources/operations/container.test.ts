import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { container } from '../../../src/resources/operations/container.ts';

const AT = '2026-11-20T12:00:00.123456789Z';

describe('the state of an operation of Kubernetes Engine', () => {
  for (const [title, body, expected] of [
    ['PENDING', { status: 'PENDING' }, { kind: 'running', cancellationRequested: false }],
    ['RUNNING', { status: 'RUNNING', error: { code: 1 } }, { kind: 'running', cancellationRequested: false }],
    ['ABORTING', { status: 'ABORTING' }, { kind: 'running', cancellationRequested: true }],
    ['DONE', { status: 'DONE' }, { kind: 'succeeded', sharedWord: 'DONE' }],
    [
      'DONE with error code 1',
      { status: 'DONE', error: { code: 1, message: 'stopped' } },
      { kind: 'cancelled', error: { code: 1, message: 'stopped' } },
    ],
    [
      'DONE with another error',
      { status: 'DONE', error: { code: 9, message: 'no quota' }, statusMessage: 'no quota' },
      { kind: 'failed', error: { code: 9, message: 'no quota' } },
    ],
    [
      'DONE with the older statusMessage alone',
      { status: 'DONE', statusMessage: 'no quota' },
      { kind: 'failed', error: { code: 2, message: 'no quota' } },
    ],
    [
      'DONE with an empty error beside statusMessage',
      { status: 'DONE', error: {}, statusMessage: 'no quota' },
      { kind: 'failed', error: { code: 2, message: 'no quota' } },
    ],
    [
      'done: true instead of a status',
      { done: true, error: { code: 1 } },
      { kind: 'unreadable', problem: '"status" is not a known state of an operation' },
    ],
    [
      'STATUS_UNSPECIFIED',
      { status: 'STATUS_UNSPECIFIED' },
      { kind: 'unreadable', problem: '"status" is not a known state of an operation' },
    ],
    ['a list', [], { kind: 'unreadable', problem: 'the answer is not a JSON object' }],
  ] as const) {
    it(`an operation of Kubernetes Engine with ${title} is ${expected.kind}`, () => {
      assert.deepEqual(container.readState(body), expected);
    });
  }
});

describe('a list of operations of Kubernetes Engine', () => {
  it('a list of Kubernetes Engine is requested without a page size, because the service refuses unknown parameters', () =>
    assert.deepEqual(container.pageQuery({ pageSize: 100 }), {}));

  it('a list of Kubernetes Engine has operations and the zones that were not read', () =>
    assert.deepEqual(container.readPage({ operations: [{ name: 'o' }], missingZones: ['us-east4-c'] }), {
      entries: [{ name: 'o' }],
      nextPageToken: undefined,
      unreachable: ['us-east4-c'],
    }));

  for (const [entry, collection, expected] of [
    [{ name: 'o' }, 'projects/p/zones/z/operations', 'projects/p/zones/z/operations/o'],
    [{ name: 'o', zone: 'z' }, 'projects/p/zones/-/operations', 'projects/p/zones/z/operations/o'],
    [
      { name: 'o', location: 'l', zone: 'z' },
      'projects/p/locations/-/operations',
      'projects/p/locations/l/operations/o',
    ],
    [
      { name: 'projects/p/locations/l/operations/o' },
      'projects/p/locations/-/operations',
      'projects/p/locations/l/operations/o',
    ],
    [{ name: 'o' }, 'projects/p/locations/-/operations', undefined],
    [{ name: 'o', location: 7 }, 'projects/p/locations/-/operations', undefined],
    [{ name: '', zone: 'z' }, 'projects/p/zones/-/operations', undefined],
    [{ zone: 'z' }, 'projects/p/zones/-/operations', undefined],
  ] as const) {
    it(`the name of the entry ${JSON.stringify(entry)} in ${collection} of Kubernetes Engine is ${expected ?? 'unknown'}`, () =>
      assert.equal(container.nameOf(entry, { name: collection }), expected));
  }

  it('the creation time of an operation of Kubernetes Engine is its startTime', () =>
    assert.equal(
      container.createdAtMs({ name: 'operation-1', startTime: AT }),
      Date.parse('2026-11-20T12:00:00.123Z'),
    ));

  it('an operation of Kubernetes Engine can be matched by operationType and place, and not by metadata', () =>
    assert.deepEqual(
      ['operationType', 'targetLink', 'location', 'zone', 'metadata.target'].map((field) =>
        container.matchableFields.test(field),
      ),
      [true, true, true, true, false],
    ));
});
