import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRequest } from '../../src/messages/request.ts';
import { URL_OF_NAME } from '../support/fakes.ts';

const one = (data: unknown) => {
  const parsed = parseRequest(data, 'event-1');
  assert.ok('one' in parsed);
  return parsed.one;
};

describe('a request for several operations', () => {
  const many = (data: unknown) => {
    const parsed = parseRequest(data, 'event-1');
    assert.ok('many' in parsed);
    return parsed.many;
  };

  it('becomes one request for each, which keeps the id and all else', () => {
    const { requestId, children } = many({
      operations: ['a', 'b'],
      service: 'notebooks',
      dryRun: true,
      reason: 'x',
    });
    assert.equal(requestId, 'event-1');
    assert.deepEqual(
      children.map(({ data }) => data),
      ['a', 'b'].map((operation) => ({
        operation,
        service: 'notebooks',
        dryRun: true,
        reason: 'x',
        requestId: 'event-1',
      })),
    );
  });

  it('counts an operation once that is named twice', () => {
    assert.deepEqual(
      many({ operations: ['a', 'b', 'a'] }).children.map(({ reference }) => reference),
      ['a', 'b'],
    );
  });

  it('takes 1,000', () => {
    assert.equal(
      many({ operations: Array.from({ length: 1_000 }, (_, n) => `o${n}`) }).children.length,
      1_000,
    );
  });

  it('becomes requests that can be read', () => {
    for (const { data } of many({ operations: [URL_OF_NAME], confirmWithin: '5s' }).children) {
      assert.equal(one(data).confirmWithinMs, 5_000);
    }
  });
});
