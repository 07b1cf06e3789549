import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRequest, understandRequest } from '../../src/messages/request.ts';
import { NAME, URL_OF_NAME } from '../support/fakes.ts';
import { failureOf, itRefuses } from '../support/refusals.ts';
import { REFUSED_IDS, REFUSED_REQUESTS, WRONG_EVERYWHERE } from './requests.refusals.ts';

const one = (data: unknown) => {
  const parsed = parseRequest(data, 'event-1');
  assert.ok('one' in parsed);
  return parsed.one;
};

describe('a request', () => {
  it('a request needs no field but the operation', () => {
    assert.deepEqual(one({ operation: URL_OF_NAME }), {
      requestId: 'event-1',
      reference: { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
      dryRun: false,
      echo: { reason: undefined, requestedBy: undefined, labels: undefined },
    });
  });

  it('a request can have every field', () => {
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

  it('a request can have the form of a call of the Workflows connector', () => {
    const call = 'googleapis.notebooks.v2.projects.locations.operations.cancel';
    const request = one({ call, args: { name: NAME }, requestId: 'mine', dryRun: true });
    assert.deepEqual([request.requestId, request.dryRun], ['mine', true]);
    assert.equal('name' in request.reference && request.reference.name, NAME);
    assert.deepEqual([request.reference.service, request.reference.version], ['notebooks', 'v2']);
  });

  itRefuses(REFUSED_REQUESTS, (title) => `a request is refused: ${title}`);

  it('the refusal of a request names up to five wrong fields', () => {
    const [wrong] = WRONG_EVERYWHERE;
    assert.ok(wrong);
    const { path, others, omitted } = failureOf(wrong.refuse);
    assert.deepEqual(
      [path, ...others.map((other) => other.path)],
      [['operation'], ['service'], ['version'], ['region'], ['reason']],
    );
    assert.equal(omitted, 2);
  });

  itRefuses(REFUSED_IDS, (title) => `a request needs a requestId beside ${title}`);
});

describe('the understood fields of a refused request', () => {
  it('the failure of a request comes with the fields that are right', () => {
    const parsed = parseRequest({ operation: 'x', reason: 'r', labels: { a: 1 } }, 'e');
    assert.ok(!parsed.ok);
    assert.deepEqual(parsed.failure.path, ['labels', 'a']);
    assert.deepEqual(parsed.understood, { reference: 'x', echo: { reason: 'r' } });
  });

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
    it(`the understood fields of ${JSON.stringify(data)} are ${JSON.stringify(expected)}`, () =>
      assert.deepEqual(understandRequest(data), expected));
  }
});
