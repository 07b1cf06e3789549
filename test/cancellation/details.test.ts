import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServiceResponse } from '../../src/resources/response.ts';
import { cancelCallOf } from '../../src/cancellation/words.ts';
import { parseJobReference } from '../../src/catalog/reference.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import type { Resource } from '../../src/resources/resource.ts';
import {
  aCancellation,
  answered,
  DONE_CANCELLED,
  DONE_SUCCEEDED,
  OK,
  RUNNING,
  status,
} from '../support/fakes.ts';
import { page, play, PRECONDITION } from './decisions.ts';

describe('the sentence of a result', () => {
  const words = (post: ServiceResponse, ...gets: ServiceResponse[]) =>
    play({ post: () => post, get: (index) => gets[Math.min(index, gets.length - 1)] ?? RUNNING }).detail;

  for (const [title, detail, expected] of [
    [
      'an operation that was done before the cancel',
      words(PRECONDITION, DONE_SUCCEEDED),
      /^The operation is done: it finished before a cancel took effect\. The POST :cancel was answered with HTTP 400/,
    ],
    [
      'an operation that this request watched running does not say that it was done already',
      words(PRECONDITION, RUNNING, DONE_SUCCEEDED),
      /^The operation has finished\. The last POST :cancel was answered with HTTP 400/,
    ],
    [
      'an operation that is cancelled although the service answered with an error',
      words(status(500, 'INTERNAL'), DONE_CANCELLED),
      /^The operation was cancelled\. The POST :cancel was answered with HTTP 500/,
    ],
    [
      'a refused cancel of an operation that had been cancelled',
      words(PRECONDITION, DONE_CANCELLED),
      /^The operation had been cancelled already\. /,
    ],
    [
      'an accepted cancel of an operation that finished',
      words(OK, RUNNING, DONE_SUCCEEDED),
      /^The operation finished despite the cancel\.$/,
    ],
    [
      'an error whose message has a period already',
      words(
        PRECONDITION,
        answered(200, { done: true, error: { code: 13, message: 'Internal error encountered.' } }),
      ),
      /another error than CANCELLED: Internal error encountered\. The POST :cancel/,
    ],
    [
      'a message that could be taken for an outcome',
      words(answered(499, { error: { message: 'The operation was cancelled.' } }), RUNNING),
      /The last POST :cancel was answered with HTTP 499 "The operation was cancelled\."/,
    ],
    [
      'a page in place of JSON',
      words(page(502), RUNNING),
      /answered with HTTP 502: the body is not JSON \(text\/html\), so a front end or a proxy answered, not the service\./,
    ],
    [
      'UNIMPLEMENTED without a message',
      words(answered(501, { code: 12 }), RUNNING),
      /^The service cannot cancel this operation\. The POST :cancel was answered with HTTP 501 UNIMPLEMENTED, without a message\./,
    ],
    [
      'an empty 404',
      words(answered(404), answered(404)),
      /^The service knows no such operation: it does not exist, or has expired\. It answered HTTP 404, without a message\.$/,
    ],
  ] as const) {
    it(`the sentence tells the truth for ${title}`, () => assert.match(detail, expected));
  }

  it('the cancel of a batch is no POST alone: a GET of the batch, which comes first, may be what was answered', () => {
    const batch = 'https://dataproc.googleapis.com/v1/projects/my-project/locations/us-central1/batches/b1';
    const callOf = (operation: Resource) => cancelCallOf(aCancellation({ operation }));
    assert.equal(callOf(resolve(parseJobReference(batch))), 'cancel');
    assert.equal(callOf(aCancellation().operation), 'POST :cancel');
  });
});
