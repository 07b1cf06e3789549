import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { resolve } from '../../src/catalog/resolve.ts';
import { contextOf, timeOf } from '../../src/messages/cloud-event.ts';
import { parseRecheck, recheckEvent } from '../../src/cancellation/recheck.ts';
import { resultOfCancellation } from '../../src/cancellation/result.ts';
import type { ResultData } from '../../src/cancellation/result.ts';
import { parseJobReference } from '../../src/catalog/reference.ts';
import { anOperation, aCancellation, NOON_MS } from '../support/fakes.ts';
import { itRefuses } from '../support/refusals.ts';
import { REFUSED_RECHECKS } from './rechecks.refusals.ts';
import { readEvent } from '../support/events.ts';

/** The data as it arrives: after a round trip through JSON. */
const sent = (event: { data: unknown }) => JSON.parse(JSON.stringify(event.data)) as Record<string, unknown>;

describe('a re-check message', () => {
  const cancellation = aCancellation({
    step: 'confirm',
    attempt: 3,
    cancel: { attempts: 2, acceptedAt: '2026-11-20T12:00:00.000Z' },
    confirm: {
      checks: 3,
      lastCheckedAt: '2026-11-20T12:01:00.000Z',
      sawRunning: true,
      sawCancelling: true,
    },
  });

  it('a re-check message carries the whole cancellation', () => {
    const data = sent(recheckEvent(cancellation, NOON_MS + 5_000, NOON_MS));
    assert.deepEqual(parseRecheck(data, resolve, NOON_MS), { cancellation, dueMs: NOON_MS + 5_000 });
  });

  it('a re-check message carries a job, its location and its last state', () => {
    const job = resolve(parseJobReference('my-project:EU.job_1'));
    const ofJob = aCancellation({
      operation: job,
      confirm: { checks: 1, lastCheckedAt: '2026-11-20T12:00:00.000Z', jobState: 'RUNNING' },
    });
    const { cancellation: read } = parseRecheck(
      sent(recheckEvent(ofJob, NOON_MS, NOON_MS)),
      resolve,
      NOON_MS,
    );
    assert.deepEqual(read, ofJob);
    const result = resultOfCancellation(read, { outcome: 'UNCONFIRMED', detail: 'x' }, NOON_MS);
    assert.deepEqual((result.data as ResultData).job, {
      service: 'bigquery',
      version: 'v2',
      kind: 'jobs',
      name: 'projects/my-project/jobs/job_1',
      url: 'https://bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs/job_1',
      state: 'RUNNING',
    });
    assert.equal(result.attributes?.kind, 'jobs');
  });

  it('a job that the catalog of this revision does not know stays a job in its result', () => {
    const data = sent(recheckEvent(aCancellation(), NOON_MS, NOON_MS));
    const named = { service: 'batch', version: 'v9', name: 'projects/p/locations/l/jobs/j', job: 'jobs' };
    const { cancellation: read, resolutionFailure } = parseRecheck(
      { ...data, operation: named },
      resolve,
      NOON_MS,
    );
    assert.ok(resolutionFailure);
    const result = resultOfCancellation(read, { outcome: 'ERROR', detail: 'x' }, NOON_MS);
    assert.equal((result.data as ResultData).job?.kind, 'jobs');
  });

  it('a re-check message carries the refusal of the cancel and the region, if there are any', () => {
    const operation = resolve({
      service: 'aiplatform',
      version: 'v1',
      name: 'operations/o1',
      region: 'us-east1',
    });
    const refusal = {
      reason: 'failed-precondition',
      error: { type: 'HttpError', httpStatus: 400, status: 'FAILED_PRECONDITION', message: 'x' },
      count: 3,
      retryAt: '2026-11-20T12:00:03.000Z',
    } as const;
    const refused = aCancellation({ operation, cancel: { attempts: 1, refusal } });
    assert.deepEqual(
      parseRecheck(sent(recheckEvent(refused, NOON_MS, NOON_MS)), resolve, NOON_MS).cancellation,
      refused,
    );
  });

  it('a re-check of an operation that the catalog does not know keeps its name, and can be written again', () => {
    const region = 'us-east1';
    const operation = anOperation({ version: 'v3', region });
    const event = recheckEvent({ ...cancellation, operation }, NOON_MS, NOON_MS);
    const recheck = parseRecheck(sent(event), resolve, NOON_MS);
    assert.match(recheck.resolutionFailure?.message ?? '', /^operation\.version: /);
    const { service, name, fullResourceName } = operation;
    assert.deepEqual(recheck.cancellation.operation, {
      service,
      version: 'v3',
      name,
      region,
      fullResourceName,
    });
    assert.deepEqual(recheckEvent(recheck.cancellation, NOON_MS, NOON_MS), event);
  });

  it('a re-check message can be read by a revision that does not know all of its fields', () => {
    const data = { ...sent(recheckEvent(cancellation, NOON_MS, NOON_MS)), ofTomorrow: true };
    assert.deepEqual(parseRecheck(data, resolve, NOON_MS).cancellation, cancellation);
  });

  it('a re-check message can be read again, whatever creation time its request claims', () => {
    const anyTime = fc.oneof(
      fc.string(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom(
        'Jan 1 12026',
        '+012026-01-01T00:00:00Z',
        '-000001-01-01T00:00:00Z',
        '9999-12-31T23:59:59-14:00',
      ),
    );
    fc.assert(
      fc.property(anyTime, (time) => {
        const event = { specversion: '1.0', id: 'i', type: 'x', time, data: {} };
        const context = contextOf(readEvent(event));
        const requestedAt = timeOf(context, NOON_MS);
        const data = sent(recheckEvent({ ...cancellation, requestedAt }, NOON_MS, NOON_MS));
        assert.equal(parseRecheck(data, resolve, NOON_MS).cancellation.requestedAt, requestedAt);
      }),
    );
  });

  it('a re-check message names no host', () => {
    const { service, version, name, host } = cancellation.operation;
    const text = JSON.stringify(recheckEvent(cancellation, NOON_MS, NOON_MS).data);
    assert.ok(!text.includes(host) && text.includes(JSON.stringify({ service, version, name })));
  });

  it('a re-check message has the same id when it is written again, even for another step, and another for another attempt', () => {
    const id = (changes: object) => recheckEvent({ ...cancellation, ...changes }, NOON_MS, NOON_MS).id;
    assert.deepEqual([id({ deadlineMs: 0 }), id({ step: 'cancel' })], [id({}), id({})]);
    assert.equal(new Set([id({}), id({ attempt: 4 }), id({ requestId: 'r2' })]).size, 3);
  });

  it('a re-check that another clock made due after its deadline is read by a clock that is behind', () => {
    const late = aCancellation({ deadlineMs: NOON_MS - 1_000 });
    const data = sent(recheckEvent(late, NOON_MS + 500, NOON_MS + 500));
    assert.equal(parseRecheck(data, resolve, NOON_MS).dueMs, NOON_MS + 500);
  });

  itRefuses(REFUSED_RECHECKS, (title) => `a re-check message is refused with ${title}`);
});

describe('the result of a cancellation', () => {
  const verdict = {
    outcome: 'CANCELLED',
    detail: 'The operation was cancelled.',
    operationError: { code: 1, message: 'x' },
  } as const;

  it('the id of a result depends only on its request and operation, not on its content', () => {
    const id = (changes: object, outcome: 'CANCELLED' | 'ERROR' = 'CANCELLED') =>
      resultOfCancellation({ ...aCancellation(), ...changes }, { ...verdict, outcome }, NOON_MS).id;
    assert.equal(id({}), id({ attempt: 9, messageId: 'other' }, 'ERROR'));
    assert.notEqual(id({}), id({ requestId: 'r2' }));
    assert.notEqual(
      id({}),
      id({ operation: anOperation({ fullResourceName: '//dialogflow.googleapis.com/x' }) }),
    );
  });

  it('the result of a cancellation has the fields of the contract', () => {
    const event = resultOfCancellation(
      aCancellation({ cancel: { attempts: 2, acceptedAt: 't' } }),
      verdict,
      NOON_MS + 1_000,
    );
    const { operation } = aCancellation();
    assert.equal(event.subject, operation.fullResourceName);
    assert.deepEqual(event.attributes, {
      outcome: 'CANCELLED',
      requestId: 'r1',
      service: 'notebooks',
      kind: 'operations',
    });
    assert.deepEqual(sent(event), {
      requestId: 'r1',
      outcome: 'CANCELLED',
      detail: 'The operation was cancelled.',
      operation: { service: 'notebooks', version: 'v2', name: operation.name, url: operation.url },
      cancel: { attempts: 2, acceptedAt: 't' },
      confirm: { checks: 0 },
      operationError: { code: 1, message: 'x' },
      reason: 'budget spent',
      requestedBy: 'finops',
      labels: { team: 'a' },
      messageId: 'm1',
      requestedAt: '2026-11-20T12:00:00.000Z',
      finishedAt: '2026-11-20T12:00:01.000Z',
    });
  });
});
