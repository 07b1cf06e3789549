import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/validation/failure.ts';
import { parseRequest, identifyRequest } from '../../src/messages/request.ts';
import { NAME, URL_OF_NAME } from '../support/fakes.ts';

const FIELDS =
  'operation, operations, service, version, region, requestId, reason, requestedBy, labels, confirmWithin, dryRun';

const one = (data: unknown) => {
  const parsed = parseRequest(data, 'event-1');
  assert.ok('one' in parsed);
  return parsed.one;
};

describe('a request', () => {
  it('needs nothing but the operation', () => {
    assert.deepEqual(one({ operation: URL_OF_NAME }), {
      requestId: 'event-1',
      reference: { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
      dryRun: false,
      echo: { reason: undefined, requestedBy: undefined, labels: undefined },
    });
  });

  it('can say everything', () => {
    const request = one({
      operation: NAME,
      service: 'notebooks',
      version: 'v2',
      region: 'us-central1',
      requestId: 'mine',
      reason: 'because',
      requestedBy: 'me',
      confirmWithin: '60s',
      dryRun: true,
      labels: { team: 'a' },
    });
    assert.deepEqual(request, {
      requestId: 'mine',
      reference: { service: 'notebooks', version: 'v2', region: 'us-central1', name: NAME },
      confirmWithinMs: 60_000,
      dryRun: true,
      echo: { reason: 'because', requestedBy: 'me', labels: { team: 'a' } },
    });
  });

  it('can have the form of the Workflows connector', () => {
    const call = 'googleapis.notebooks.v2.projects.locations.operations.cancel';
    const request = one({ call, args: { name: NAME }, requestId: 'mine', dryRun: true });
    assert.deepEqual([request.requestId, request.dryRun], ['mine', true]);
    assert.equal('name' in request.reference && request.reference.name, NAME);
    assert.deepEqual([request.reference.service, request.reference.version], ['notebooks', 'v2']);
  });

  for (const [title, data, code, message] of [
    ['an array', [], 'TypeError', 'data: must be a JSON object, not an array'],
    ['a string', 'cancel', 'TypeError', 'data: must be a JSON object, not a string'],
    ['a number', 5, 'TypeError', 'data: must be a JSON object, not a number'],
    ['null', null, 'TypeError', 'data: must be a JSON object, not null'],
    ['an empty object', {}, 'ValueError', 'operation: missing; name the operation to cancel'],
    [
      'a misspelled field',
      { operation: NAME, dryrun: true },
      'ValueError',
      `dryrun: unknown field; known are ${FIELDS}`,
    ],
    [
      'a field of the prototype',
      JSON.parse(`{"operation":"${NAME}","__proto__":{"dryRun":true}}`),
      'ValueError',
      `__proto__: unknown field; known are ${FIELDS}`,
    ],
    [
      'a field whose name is no name',
      { operation: NAME, '\u001b[31mx': 1 },
      'ValueError',
      `"\\u001b[31mx": unknown field; known are ${FIELDS}`,
    ],
    [
      'a label called __proto__',
      JSON.parse(`{"operation":"${NAME}","labels":{"__proto__":"x"}}`),
      'ValueError',
      'labels: must not have an entry called __proto__, constructor, prototype',
    ],
    [
      '65 labels',
      { operation: NAME, labels: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`l${n}`, 'x'])) },
      'ValueError',
      'labels: must have at most 64 entries',
    ],
    [
      'a requestId that turns the direction of text',
      { operation: NAME, requestId: 'a\u202eb' },
      'ValueError',
      'requestId: must not contain control characters',
    ],
    [
      'an operation of many that is too long',
      { operations: [NAME, 'x'.repeat(2_049)] },
      'ValueError',
      'operations[1]: must have at most 2048 characters',
    ],
    [
      'a field called constructor',
      { operation: NAME, constructor: 1 },
      'ValueError',
      `constructor: unknown field; known are ${FIELDS}`,
    ],
    [
      'an operation that is no string',
      { operation: 5 },
      'TypeError',
      'operation: must be a string, not a number',
    ],
    ['an operation that is null', { operation: null }, 'TypeError', 'operation: must be a string, not null'],
    [
      'dryRun as a string',
      { operation: NAME, dryRun: 'true' },
      'TypeError',
      'dryRun: must be true or false, not a string',
    ],
    [
      'labels as an array',
      { operation: NAME, labels: [] },
      'TypeError',
      'labels: must be a JSON object, not an array',
    ],
    [
      'a label that is no string',
      { operation: NAME, labels: { a: 1 } },
      'TypeError',
      'labels.a: must be a string, not a number',
    ],
    ['an empty requestId', { operation: NAME, requestId: '' }, 'ValueError', 'requestId: must not be empty'],
    [
      'a requestId of 129',
      { operation: NAME, requestId: 'x'.repeat(129) },
      'ValueError',
      'requestId: must have at most 128 characters',
    ],
    [
      'a requestId with a line break',
      { operation: NAME, requestId: 'a\nb' },
      'ValueError',
      'requestId: must not contain control characters',
    ],
    [
      'both operation and operations',
      { operation: NAME, operations: [NAME] },
      'ValueError',
      'operations: must not be given together with operation',
    ],
    ['no operations', { operations: [] }, 'ValueError', 'operations: must have at least one entry'],
    [
      '1,001 operations',
      { operations: Array.from({ length: 1_001 }, (_, n) => `${NAME}${n}`) },
      'ValueError',
      'operations: must have at most 1000 entries',
    ],
    [
      'operations that are no strings',
      { operations: [NAME, 5] },
      'TypeError',
      'operations[1]: must be a string, not a number',
    ],
    [
      'confirmWithin as a number',
      { operation: NAME, confirmWithin: 900 },
      'TypeError',
      'confirmWithin: must be a string, not a number',
    ],
    [
      'confirmWithin that is no duration',
      { operation: NAME, confirmWithin: '15m' },
      'ValueError',
      'confirmWithin: must be a duration in seconds such as "900s", not "15m"',
    ],
    [
      'confirmWithin of nothing',
      { operation: NAME, confirmWithin: '0s' },
      'ValueError',
      'confirmWithin: must be more than 0s and at most 2592000s (30 days), not "0s"',
    ],
    [
      'confirmWithin below nothing',
      { operation: NAME, confirmWithin: '-5s' },
      'ValueError',
      'confirmWithin: must be more than 0s and at most 2592000s (30 days), not "-5s"',
    ],
    [
      'confirmWithin above 30 days, of many',
      { operations: [NAME], confirmWithin: '2592001s' },
      'ValueError',
      'confirmWithin: must be more than 0s and at most 2592000s (30 days), not "2592001s"',
    ],
    ['a call without args', { call: 'x' }, 'ValueError', 'args: missing'],
    ['args without a call', { args: { name: NAME } }, 'ValueError', 'call: missing'],
    [
      'unknown args',
      { call: 'x', args: { name: NAME, location: 'x' } },
      'ValueError',
      'args.location: unknown field',
    ],
    [
      'a call together with an operation',
      { call: 'x', args: { name: NAME }, operation: NAME },
      'ValueError',
      'operation: unknown field; known are call, args, requestId, reason, requestedBy, labels, confirmWithin, dryRun',
    ],
  ] as const satisfies [string, unknown, string, string][]) {
    it(`must not be or have ${title}`, () => {
      assert.throws(() => parseRequest(data, 'event-1'), { name: 'Failure', code, message });
    });
  }

  it('names every field that is wrong, up to five of them', () => {
    const data = { operation: 1, service: 2, version: 3, region: 4, reason: 5, requestedBy: 6, extra: 7 };
    assert.throws(
      () => parseRequest(data, 'e'),
      (error: Failure) => {
        assert.equal(error.message.split('; ').length, 6);
        assert.match(error.message, /; and 2 more$/);
        return true;
      },
    );
  });

  it('needs an id of its own where the event has none that can be used', () => {
    assert.throws(() => parseRequest({ operation: NAME }, 'x'.repeat(129)), /^Failure: requestId: missing/);
  });
});

describe('what can be told of a refused request', () => {
  for (const [data, expected] of [
    [
      { requestId: 'mine', operation: 'x', dryrun: true, reason: 'r' },
      { requestId: 'mine', reference: 'x', echo: { reason: 'r' } },
    ],
    [{ requestId: 5, operation: {}, labels: { a: 1 } }, { echo: {} }],
    [{ args: { name: 'x' } }, { reference: 'x', echo: {} }],
    [[], { echo: {} }],
    [undefined, { echo: {} }],
  ] as const) {
    it(`is, of ${JSON.stringify(data)}, ${JSON.stringify(expected)}`, () =>
      assert.deepEqual(identifyRequest(data), expected));
  }
});

describe('a failure', () => {
  it('can be retried only where it passes with time', () => {
    const retryable = (['TypeError', 'ValueError', 'NotDue', 'Unavailable'] as const).filter(
      (code) => new Failure(code, '').retryable,
    );
    assert.deepEqual(retryable, ['NotDue', 'Unavailable']);
  });
});
