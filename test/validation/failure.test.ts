import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure, isPermanent, typeFailure, valueFailure } from '../../src/validation/failure.ts';

describe('a failure', () => {
  it('only a transient failure is retryable, and every other code is permanent', () => {
    const codes = ['TypeError', 'ValueError', 'Unsupported', 'NotDue', 'Unavailable'] as const;
    const failures = codes.map((code) => new Failure(code, ''));
    const codesOf = (some: readonly Failure[]) => some.map(({ code }) => code);
    assert.deepEqual(codesOf(failures.filter(({ retryable }) => retryable)), ['NotDue', 'Unavailable']);
    assert.deepEqual(codesOf(failures.filter(isPermanent)), ['TypeError', 'ValueError', 'Unsupported']);
  });

  it('an error that is not a Failure is not permanent', () => {
    assert.deepEqual(
      [isPermanent(new TypeError('x')), isPermanent('x'), isPermanent(undefined)],
      [false, false, false],
    );
  });

  for (const [failure, message] of [
    [valueFailure('region', 'missing'), 'region: missing'],
    [typeFailure(['labels', 'team'], 'must be a string'), 'labels.team: must be a string'],
    [valueFailure(['operations', 3], 'missing'), 'operations[3]: missing'],
    [valueFailure(['a b'], 'missing'), '"a b": missing'],
    [valueFailure([''], 'missing'), '"": missing'],
    [new Failure('Unsupported', 'there is no method'), 'there is no method'],
    [valueFailure('service', 'missing').at('nightly', 'targets', 0), 'nightly.targets[0].service: missing'],
    [valueFailure('budgetId', 'missing').at(2), '[2].budgetId: missing'],
    [valueFailure(['a b'], 'missing').at('nightly'), 'nightly."a b": missing'],
    [new Failure('ValueError', 'must be JSON').at('SWEEPS'), 'SWEEPS: must be JSON'],
  ] as const) {
    it(`the message of a failure has its path and its problem: ${message}`, () =>
      assert.equal(failure.message, message));
  }

  it('a failure of several problems has all of them, and their common path once', () => {
    const failure = new Failure('TypeError', 'must be a number', {
      path: ['limit'],
      others: [{ path: ['targets', 1], problem: 'missing' }],
      omitted: 3,
    }).at('nightly');
    assert.equal(failure.message, 'nightly.limit: must be a number; targets[1]: missing; and 3 more');
    assert.deepEqual(failure.path, ['nightly', 'limit']);
    assert.deepEqual(failure.others, [{ path: ['nightly', 'targets', 1], problem: 'missing' }]);
    assert.equal(failure.omitted, 3);
  });

  it('a failure can have its path in the field names of the sender', () => {
    const names = { operation: ['args', 'name'], version: ['call'] };
    const pathOf = (...path: string[]) => valueFailure(path, 'missing').inFieldsOf(names).path;
    assert.deepEqual(pathOf('operation'), ['args', 'name']);
    assert.deepEqual(pathOf('version', 'x'), ['call', 'x']);
    assert.deepEqual(pathOf('constructor'), ['constructor']);
    assert.deepEqual(new Failure('Unsupported', 'x').inFieldsOf(names).path, []);
  });

  it('a failure with a changed path keeps its code, problem and cause', () => {
    const cause = new Error('why');
    const failure = valueFailure('data', 'is not JSON', { cause });
    for (const moved of [failure.at('x'), failure.inFieldsOf({ data: ['body'] })]) {
      assert.ok(moved instanceof Failure);
      assert.notEqual(moved, failure);
      assert.deepEqual([moved.code, moved.problem, moved.cause], ['ValueError', 'is not JSON', cause]);
    }
    assert.deepEqual(failure.path, ['data']);
    assert.ok(!('cause' in valueFailure('data', 'x').at('y')));
  });

  for (const thrown of [new Error('no answer'), new Failure('Unavailable', 'no answer'), 'no answer']) {
    it(`Failure.from wraps any thrown value, such as the ${typeof thrown} ${String(thrown)}`, () => {
      const failure = Failure.from(thrown, 'Unavailable', 'no token');
      assert.deepEqual([failure.code, failure.message], ['Unavailable', 'no token: no answer']);
      assert.equal(failure.cause, thrown);
      assert.equal(Failure.from(thrown, 'Unavailable').message, 'no answer');
    });
  }
});
