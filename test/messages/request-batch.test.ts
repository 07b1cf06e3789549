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

  it('a request for several operations becomes one request for each, with the same id and other fields', () => {
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

  it('a request that names an operation twice becomes one request for it', () => {
    assert.deepEqual(
      many({ operations: ['a', 'b', 'a'] }).children.map(({ reference }) => reference),
      ['a', 'b'],
    );
  });

  it('a request can name 1,000 operations', () => {
    assert.equal(
      many({ operations: Array.from({ length: 1_000 }, (_, n) => `o${n}`) }).children.length,
      1_000,
    );
  });

  it('the requests that a request for several operations becomes can be read', () => {
    for (const { data } of many({ operations: [URL_OF_NAME], confirmWithin: '5s' }).children) {
      assert.equal(one(data).confirmWithinMs, 5_000);
    }
  });
});
