import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readOperationState } from '../../src/resources/state.ts';

describe('the state of a google.longrunning.Operation', () => {
  for (const [title, body, expected] of [
    ['no `done` at all', { name: 'o' }, 'running'],
    ['done: false', { name: 'o', done: false }, 'running'],
    ['done with error code 1', { done: true, error: { code: 1 } }, 'cancelled'],
    ['done with another error', { done: true, error: { code: 13, message: 'x' } }, 'failed'],
    ['done with a response', { done: true, response: {} }, 'succeeded'],
    ['done with neither', { done: true }, 'succeeded'],
    ['done with error null', { done: true, error: null }, 'succeeded'],
    ['done with an empty error, which is code OK', { done: true, error: {}, response: {} }, 'succeeded'],
    ['an error without a code that says something', { done: true, error: { message: 'broke' } }, 'failed'],
    ['error code 1, but not done', { name: 'o', error: { code: 1 } }, 'running'],
    ['done: "true"', { name: 'o', done: 'true', error: { code: 1 } }, 'unreadable'],
    ['done: null, which is absent', { name: 'o', done: null }, 'running'],
    ['done: 0', { name: 'o', done: 0 }, 'unreadable'],
    ['done: ""', { name: 'o', done: '' }, 'unreadable'],
    ['done: 1', { name: 'o', done: 1, error: { code: 1 } }, 'unreadable'],
    ['an error code in a string', { done: true, error: { code: '1' } }, 'unreadable'],
    ['an error code that is no whole number', { done: true, error: { code: 1.5 } }, 'unreadable'],
    ['an error code beyond all numbers', JSON.parse('{"done":true,"error":{"code":1e400}}'), 'unreadable'],
    ['an error that is a string', { done: true, error: 'CANCELLED' }, 'unreadable'],
    ['an empty object', {}, 'unreadable'],
    ['an array', [{ done: true, error: { code: 1 } }], 'unreadable'],
    ['a string', 'done', 'unreadable'],
    ['null', null, 'unreadable'],
    ['nothing', undefined, 'unreadable'],
  ] as const) {
    it(`${title}: ${expected}`, () => assert.equal(readOperationState('longrunning', body).kind, expected));
  }

  for (const [metadata, expected] of [
    [{ requestedCancellation: true }, true],
    [{ cancelRequested: true }, true],
    [{ genericMetadata: { cancelRequested: true } }, true],
    [{ requestedCancellation: 'true' }, false],
    [{}, false],
    [undefined, false],
  ] as const) {
    it(`a cancel is ${expected ? '' : 'not '}under way with metadata ${JSON.stringify(metadata)}`, () => {
      const state = readOperationState('longrunning', { name: 'o', metadata });
      assert.deepEqual(state, { kind: 'running', cancellationRequested: expected });
    });
  }

  it('is cancelled only where `done` is true and the code is 1, for any JSON whatever', () => {
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
        if (readOperationState('longrunning', value).kind !== 'cancelled') return;
        assert.equal(value.done, true);
        assert.equal((value.error as { code: unknown }).code, 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the state of an operation of Kubernetes Engine', () => {
  for (const [title, body, expected] of [
    ['PENDING', { status: 'PENDING' }, { kind: 'running', cancellationRequested: false }],
    ['RUNNING', { status: 'RUNNING', error: { code: 1 } }, { kind: 'running', cancellationRequested: false }],
    ['ABORTING', { status: 'ABORTING' }, { kind: 'running', cancellationRequested: true }],
    ['DONE', { status: 'DONE' }, { kind: 'succeeded' }],
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
      'DONE with an error that says nothing beside statusMessage',
      { status: 'DONE', error: {}, statusMessage: 'no quota' },
      { kind: 'failed', error: { code: 2, message: 'no quota' } },
    ],
    [
      'done: true, which is not its way to say it',
      { done: true, error: { code: 1 } },
      { kind: 'unreadable', problem: '"status" is none that an operation has' },
    ],
    [
      'STATUS_UNSPECIFIED',
      { status: 'STATUS_UNSPECIFIED' },
      { kind: 'unreadable', problem: '"status" is none that an operation has' },
    ],
    ['a list', [], { kind: 'unreadable', problem: 'the answer is not a JSON object' }],
  ] as const) {
    it(`${title}: ${expected.kind}`, () => {
      assert.deepEqual(readOperationState('container', body), expected);
    });
  }
});

describe('the state of an operation of Cloud SQL', () => {
  const failedWith = (...errors: unknown[]) => ({ status: 'DONE', error: { errors } });
  for (const [title, body, expected] of [
    ['RUNNING', { status: 'RUNNING' }, { kind: 'running', cancellationRequested: false }],
    ['DONE', { status: 'DONE' }, { kind: 'succeeded' }],
    [
      'ABORTING, which is none of its statuses',
      { status: 'ABORTING' },
      { kind: 'unreadable', problem: '"status" is none that an operation has' },
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
      'DONE with an entry that is no error',
      failedWith(null, { code: 'CANCELLED' }),
      { kind: 'unreadable', problem: '"error.errors" is not a list of errors' },
    ],
    [
      'DONE with other codes',
      failedWith({ code: 'DISK_FULL', message: 'full' }, { code: 'X' }),
      { kind: 'failed', error: { code: 2, message: 'DISK_FULL: full; X: ' } },
    ],
    [
      'DONE with an error that is no list',
      { status: 'DONE', error: { code: 1 } },
      { kind: 'unreadable', problem: '"error.errors" is not a list of errors' },
    ],
    ['no status', { name: 'o' }, { kind: 'unreadable', problem: '"status" is none that an operation has' }],
  ] as const) {
    it(`${title}: ${expected.kind}`, () => {
      assert.deepEqual(readOperationState('sqladmin', body), expected);
    });
  }
});
