import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { scenarios } from '../../local/scenarios.ts';
import type { FaultStep, OperationScript } from '../../local/emulators/google-apis/google-services.ts';
import { readAsFunction } from '../contract/rejections.refusals.ts';
import { failureOf } from '../support/refusals.ts';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

/**
 * The built bundle in the real framework, over a real Pub/Sub, against simulated services: from a request to
 * its result, with one of the ways to delay a re-check.
 */
export function describeMainJob(delay: 'redelivery' | 'cloud-tasks'): void {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem({ delay });
  });
  after(() => system.close());

  describe(`the main job with ${delay}`, { concurrency: true }, () => {
    for (const { id, shows, request, operation, outcome, cancelAttempts = 0 } of scenarios) {
      it(`the request ${id} ends in ${outcome}: ${shows}`, async () => {
        if (operation !== undefined) system.services.add(operation.url, operation.script);
        await system.request({ ...request, requestId: id });
        const { attributes, data } = await system.resultOf(id);
        assert.equal(data.outcome, outcome, data.detail);
        assert.ok(data.cancel.attempts >= cancelAttempts);
        assert.deepEqual(
          [
            attributes.outcome,
            attributes.requestId,
            attributes['ce-type'],
            attributes['ce-specversion'],
            attributes['content-type'],
          ],
          [outcome, id, 'lro-cancel.result.v1', '1.0', 'application/json'],
        );
        if (outcome === 'CANCELLED')
          assert.deepEqual([data.operationError?.code, data.confirm.checks > 0], [1, true]);
      });
    }
  });

  it(`a request id that Google's client would take for a token comes back as it is, with ${delay}`, async () => {
    const id = `{{projectId}}-${delay}`;
    system.services.add(inNotebooks('token'), {});
    await system.request({ operation: inNotebooks('token'), requestId: id });
    const { attributes, data } = await system.resultOf(id);
    assert.deepEqual([data.outcome, attributes.requestId], ['CANCELLED', id]);
  });

  describe('a service that misbehaves', { concurrency: true }, () => {
    const always = (fault: FaultStep): OperationScript => ({ cancelFaults: [{ ...fault, times: 'always' }] });
    const once = (fault: FaultStep): OperationScript => ({ getFaults: [fault] });
    for (const [title, script, confirmWithin, outcome, errorType, httpStatus] of [
      ['hangs on the cancel', always({ kind: 'hang' }), '8s', 'ERROR', 'TimeoutError', undefined],
      [
        'resets the connection of the cancel',
        always({ kind: 'reset' }),
        '8s',
        'ERROR',
        'ConnectionError',
        undefined,
      ],
      [
        'takes the cancel and breaks off in mid-answer',
        always({ kind: 'reset', at: 'mid-answer' }),
        '60s',
        'CANCELLED',
        undefined,
        undefined,
      ],
      [
        'answers the cancel with an HTML page',
        always({ kind: 'html', status: 502 }),
        '8s',
        'ERROR',
        'HttpError',
        502,
      ],
      [
        'answers the cancel with HTML and 200',
        always({ kind: 'html', status: 200 }),
        '8s',
        'ERROR',
        'HttpError',
        200,
      ],
      [
        'takes the cancel and answers with half of its JSON',
        always({ kind: 'truncated-json' }),
        '60s',
        'CANCELLED',
        undefined,
        undefined,
      ],
      [
        'answers the cancel with 5 MB',
        always({ kind: 'giant', bytes: 5_000_000 }),
        '8s',
        'ERROR',
        'HttpError',
        200,
      ],
      [
        'sends the cancel elsewhere',
        always({ kind: 'redirect', location: 'https://evil.example/' }),
        '8s',
        'ERROR',
        'HttpError',
        302,
      ],
      ['answers the cancel with 500', always({ kind: 'INTERNAL' }), '8s', 'ERROR', 'HttpError', 500],
      ['throttles to the end', always({ kind: 'RESOURCE_EXHAUSTED' }), '3s', 'ERROR', 'HttpError', 429],
      ['is unavailable to the end', always({ kind: 'UNAVAILABLE' }), '3s', 'ERROR', 'HttpError', 503],
      [
        'asks to wait past the deadline',
        always({ kind: 'UNAVAILABLE', retryAfterSeconds: 600 }),
        '60s',
        'ERROR',
        'HttpError',
        503,
      ],
      ['does not know who calls', always({ kind: 'UNAUTHENTICATED' }), '60s', 'DENIED', 'HttpError', 401],
      ['hangs on the GET', once({ kind: 'hang' }), '60s', 'CANCELLED', undefined, undefined],
      ['resets the connection of the GET', once({ kind: 'reset' }), '60s', 'CANCELLED', undefined, undefined],
      [
        'answers the GET with HTML',
        once({ kind: 'html', status: 503 }),
        '60s',
        'CANCELLED',
        undefined,
        undefined,
      ],
      [
        'answers the GET with another JSON',
        once({ kind: 'json', value: [] }),
        '60s',
        'CANCELLED',
        undefined,
        undefined,
      ],
      [
        'says `done` oddly',
        once({ kind: 'odd-operation', fields: { done: 'yes', error: { code: 1 } } }),
        '60s',
        'CANCELLED',
        undefined,
        undefined,
      ],
      [
        'shows nothing but errors',
        { getFaults: [{ kind: 'INTERNAL', times: 'always' }] },
        '6s',
        'UNCONFIRMED',
        'HttpError',
        500,
      ],
      [
        'forgets the operation after the cancel',
        { onCancel: 'vanishes' },
        '60s',
        'NOT_FOUND',
        'HttpError',
        404,
      ],
      [
        'ends with neither response nor error',
        { onCancel: 'neither' },
        '60s',
        'SUCCEEDED',
        undefined,
        undefined,
      ],
      ['fails instead', { onCancel: 'failed' }, '60s', 'FAILED', undefined, undefined],
    ] as const satisfies [
      string,
      OperationScript,
      string,
      string,
      string | undefined,
      number | undefined,
    ][]) {
      it(`a service that ${title} leads to ${outcome}${errorType === undefined ? '' : `, ${errorType} ${httpStatus ?? ''}`}`, async () => {
        const id = title.replaceAll(/[^a-zA-Z0-9]+/g, '-');
        system.services.add(inNotebooks(id), script);
        await system.request({ operation: inNotebooks(id), requestId: id, confirmWithin });
        const { data } = await system.resultOf(id);
        assert.deepEqual(
          [data.outcome, data.error?.type, data.error?.httpStatus],
          [outcome, errorType, httpStatus],
          data.detail,
        );
      });
    }
  });

  describe('a request', { concurrency: true }, () => {
    it('a request for 50 operations ends in 50 results', async () => {
      const operations = Array.from({ length: 50 }, (_, n) => inNotebooks(`of-many-${n}`));
      for (const url of operations) system.services.add(url);
      await system.request({ operations, requestId: 'many' });
      const urls = () => new Set((system.results.get('many') ?? []).map(({ data }) => data.operation?.url));
      const deadline = Date.now() + 40_000;
      while (urls().size < 50 && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual([...urls()].sort(), operations.sort());
      const results = system.results.get('many') ?? [];
      assert.ok(results.every(({ data }) => data.outcome === 'CANCELLED'));
      assert.equal(new Set(results.map(({ attributes }) => attributes['ce-id'])).size, 50);
    });

    it('a request without an id is answered under the id of its message', async () => {
      system.services.add(inNotebooks('nameless'));
      const messageId = await system.request({ operation: inNotebooks('nameless') });
      assert.equal((await system.resultOf(messageId)).data.outcome, 'CANCELLED');
    });

    it('a request that is a structured CloudEvent is answered under the id and source of the event', async () => {
      system.services.add(inNotebooks('structured'));
      const event = {
        specversion: '1.0',
        id: 'event-1',
        source: '/me',
        type: 'lro-cancel.request.v1',
        data: { operation: inNotebooks('structured') },
      };
      await system.request(event, { 'content-type': 'application/cloudevents+json' });
      assert.equal((await system.resultOf('event-1 /me')).data.outcome, 'CANCELLED');
    });

    it('a request that is published twice is answered twice, under one id, with one outcome', async () => {
      system.services.add(inNotebooks('twice'), { afterMs: 500 });
      for (let count = 0; count < 2; count += 1)
        await system.request({ operation: inNotebooks('twice'), requestId: 'twice' });
      await system.resultOf('twice');
      // Each of the two messages has a chain of its own.
      const count = 2;
      const deadline = Date.now() + 30_000;
      while ((system.results.get('twice')?.length ?? 0) < count && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const results = system.results.get('twice') ?? [];
      assert.equal(results.length, count);
      assert.equal(new Set(results.map(({ attributes }) => attributes['ce-id'])).size, 1);
      assert.deepEqual(new Set(results.map(({ data }) => data.outcome)), new Set(['CANCELLED']));
    });

    for (const [title, data, path] of [
      ['not JSON', 'cancel it', ['data']],
      ['empty JSON', '{}', ['operation']],
      [
        'an entitlement',
        { operation: 'accounts/A/customers/C/entitlements/E', service: 'cloudchannel' },
        ['operation'],
      ],
      ['another project', { operation: inNotebooks('x').replace('my-project', 'other') }, ['operation']],
    ] as const) {
      it(`an invalid request (${title}) is REJECTED under the id of its message`, async () => {
        const messageId = await system.request(data);
        const result = await system.resultOf(messageId);
        const failure = failureOf(() => readAsFunction(data));
        assert.deepEqual(failure.path, path);
        assert.equal(result.data.outcome, 'REJECTED');
        assert.equal(result.data.error?.message, failure.message);
      });
    }

    it('a request with attributes alone is REJECTED under the id of its message', async () => {
      const messageId = await system.request('', { a: 'b' });
      const result = await system.resultOf(messageId);
      assert.deepEqual(
        [result.data.outcome, result.data.error?.message],
        ['REJECTED', 'data: missing; the message has no data'],
      );
    });
  });

  describe('the services', () => {
    it('the services get no body, no credential, and only requests for operations', () => {
      const requests = system.services.requests().filter(({ url }) => !url.includes('cloudtasks'));
      assert.ok(requests.length > 50);
      for (const { method, url, bodyBytes, authorization } of requests) {
        assert.deepEqual([bodyBytes, authorization], [0, false]);
        assert.match(url, method === 'POST' ? /\/operations\/[^/]+:cancel$/ : /\/operations\/[^/]+$/);
      }
    });
  });
}
