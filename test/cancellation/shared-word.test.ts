import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kindOf } from '../../src/resources/kinds.ts';
import { anOperation, answered } from '../support/fakes.ts';
import { ACCEPTED, decideAfterGet, PREVIEW } from './decisions.ts';

/** An operation of a service whose word DONE means "either cancelled or completed". */
const inKubernetesEngine = {
  operation: anOperation({ service: 'container', kind: kindOf('container', 'container') }),
};
const inDataproc = {
  operation: anOperation({ service: 'dataproc', kind: kindOf('longrunning', 'dataproc') }),
};
const DONE_CONTAINER = answered(200, { name: 'operation-1', status: 'DONE' });
const DONE_CLUSTER = answered(200, {
  name: 'projects/p/regions/r/operations/o',
  metadata: {
    '@type': 'type.googleapis.com/google.cloud.dataproc.v1.ClusterOperationMetadata',
    status: { state: 'DONE' },
  },
  done: true,
});

function finished(...[cancellation, answer]: Parameters<typeof decideAfterGet>) {
  const decision = decideAfterGet(cancellation, answer);
  assert.equal(decision.kind, 'finish');
  return decision.verdict;
}

describe('an operation whose service has one word for cancelled and completed', () => {
  for (const [service, operation, done] of [
    ['container', inKubernetesEngine, DONE_CONTAINER],
    ['dataproc', inDataproc, DONE_CLUSTER],
  ] as const) {
    it(`an operation of ${service} that is DONE without an error is SUCCEEDED, in words that claim neither end`, () => {
      const { outcome, detail } = finished({ ...ACCEPTED, ...operation }, done);
      assert.equal(outcome, 'SUCCEEDED');
      assert.match(detail, /The service says DONE, which means cancelled or completed/);
      assert.doesNotMatch(detail, /despite|finished|was cancelled/);
    });

    it(`a dry run of an operation of ${service} that is DONE says what DONE means`, () => {
      const { outcome, detail } = finished({ ...PREVIEW, ...operation }, done);
      assert.equal(outcome, 'DRY_RUN');
      assert.match(detail, /DONE, which means cancelled or completed/);
    });
  }

  it('an operation that is DONE after a GET that showed a cancel under way says so', () => {
    const confirm = { ...ACCEPTED.confirm, sawCancelling: true };
    const { detail } = finished({ ...ACCEPTED, ...inKubernetesEngine, confirm }, DONE_CONTAINER);
    assert.match(detail, /An earlier GET showed that a cancel was under way/);
  });

  it('an operation that is DONE, and whose cancel is not known to be accepted, has no accepted cancel in its detail', () => {
    const { detail } = finished(
      { ...ACCEPTED, ...inKubernetesEngine, cancel: { attempts: 1 } },
      DONE_CONTAINER,
    );
    assert.doesNotMatch(detail, /accepted/);
  });
});
