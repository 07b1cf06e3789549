import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultStep } from '../../../../local/emulators/google-apis/google-services.ts';
import { RPC_STATUSES, type RpcStatusName } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { OPERATION, START_MS, startCaller } from './service-caller.ts';

interface ErrorBody {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly status: string;
    readonly details?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** The detail of a type, such as `ErrorInfo`. */
function detail(json: unknown, type: string): Readonly<Record<string, unknown>> | undefined {
  const { details = [] } = (json as ErrorBody).error;
  return details.find((entry) => entry['@type'] === `type.googleapis.com/google.rpc.${type}`);
}

describe('a fault in the form of google.rpc.Status', () => {
  for (const kind of Object.keys(RPC_STATUSES) as RpcStatusName[]) {
    const { httpStatus } = RPC_STATUSES[kind];
    it(`a ${kind} fault is answered as HTTP ${httpStatus}, to :cancel and to GET`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, { cancelFaults: [{ kind }], getFaults: [{ kind }] });
      for (const answer of [await caller.cancel(OPERATION), await caller.get(OPERATION)]) {
        assert.equal(answer.status, httpStatus);
        assert.equal(answer.headers.get('content-type'), 'application/json; charset=UTF-8');
        const { error } = answer.json as ErrorBody;
        assert.deepEqual([error.code, error.status], [httpStatus, kind]);
        assert.notEqual(error.message, '');
      }
    });
  }

  it('a RESOURCE_EXHAUSTED fault names a quota that refills soon, unless it has another reason', async () => {
    await using caller = await startCaller();
    const reason = 'RESOURCE_QUOTA_EXCEEDED';
    const cancelFaults = [{ kind: 'RESOURCE_EXHAUSTED' }, { kind: 'RESOURCE_EXHAUSTED', reason }] as const;
    caller.services.add(OPERATION, { cancelFaults });
    const passing = detail((await caller.cancel(OPERATION)).json, 'ErrorInfo');
    assert.deepEqual([passing?.['reason'], passing?.['domain']], ['RATE_LIMIT_EXCEEDED', 'googleapis.com']);
    assert.equal((passing?.['metadata'] as { service: string }).service, 'notebooks.googleapis.com');
    const lasting = detail((await caller.cancel(OPERATION)).json, 'ErrorInfo');
    assert.equal(lasting?.['reason'], reason);
  });

  it('a PERMISSION_DENIED fault names the missing permission', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { cancelFaults: [{ kind: 'PERMISSION_DENIED' }] });
    const info = detail((await caller.cancel(OPERATION)).json, 'ErrorInfo');
    assert.deepEqual(info?.['metadata'], {
      permission: 'notebooks.operations.cancel',
      resource: 'projects/p/locations/us-central1/operations/operation-1',
    });
  });

  it('an UNAUTHENTICATED fault challenges the caller', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'UNAUTHENTICATED' }] });
    assert.match((await caller.get(OPERATION)).headers.get('www-authenticate') ?? '', /^Bearer realm=/);
  });

  const waits: readonly (readonly [string, FaultStep, string | null, string | undefined])[] = [
    ['no wait', { kind: 'UNAVAILABLE' }, null, undefined],
    ['Retry-After in seconds', { kind: 'UNAVAILABLE', retryAfterSeconds: 7 }, '7', undefined],
    ['RetryInfo', { kind: 'UNAVAILABLE', retryDelayMs: 500 }, null, '0.5s'],
    ['both', { kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 1, retryDelayMs: 30_000 }, '1', '30s'],
    [
      'Retry-After as a date by the same clock as Date',
      { kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 90, retryAfterForm: 'http-date' },
      'Fri, 20 Nov 2026 11:35:34 GMT',
      undefined,
    ],
  ];
  for (const [what, fault, retryAfter, retryDelay] of waits) {
    it(`a status fault asks the caller for ${what}`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, { cancelFaults: [fault] });
      const answer = await caller.cancel(OPERATION);
      assert.equal(answer.headers.get('retry-after'), retryAfter);
      assert.equal(detail(answer.json, 'RetryInfo')?.['retryDelay'], retryDelay);
      assert.equal(answer.headers.get('date'), new Date(START_MS).toUTCString());
    });
  }
});

describe('an answer that is not what was asked for', () => {
  for (const status of [200, 502]) {
    it(`an html fault answers a page with status ${status}`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, { getFaults: [{ kind: 'html', status }] });
      const answer = await caller.get(OPERATION);
      assert.equal(answer.status, status);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
      assert.match(answer.text, /^<!DOCTYPE html>/);
    });
  }

  for (const value of [[], 'x', 7, null, { done: true }]) {
    it(`a json fault answers ${JSON.stringify(value)}`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, { cancelFaults: [{ kind: 'json', value }] });
      const answer = await caller.cancel(OPERATION);
      assert.deepEqual([answer.status, answer.json], [200, value]);
    });
  }

  it('a truncated-json fault answers half of the JSON in a whole HTTP answer', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'truncated-json' }] });
    const cut = await caller.get(OPERATION);
    const whole = await caller.get(OPERATION);
    assert.equal(cut.status, 200);
    assert.throws(() => JSON.parse(cut.text), SyntaxError);
    assert.ok(cut.text.length > 0 && whole.text.startsWith(cut.text));
  });

  it('a redirect fault points to a host that may not get a credential', async () => {
    await using caller = await startCaller();
    const location = 'https://elsewhere.example/v2/o';
    caller.services.add(OPERATION, {
      getFaults: [
        { kind: 'redirect', location },
        { kind: 'redirect', location, status: 308 },
      ],
    });
    for (const status of [302, 308]) {
      const answer = await caller.get(OPERATION);
      assert.deepEqual([answer.status, answer.headers.get('location')], [status, location]);
    }
  });

  for (const error of [{}, { code: '1' }, 'cancelled', { code: 1, message: 7 }]) {
    it(`an odd-operation fault answers a done operation with the error ${JSON.stringify(error)}`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION, {
        state: 'cancelled',
        getFaults: [{ kind: 'odd-operation', fields: { done: true, error } }],
      });
      const { json } = await caller.get(OPERATION);
      const { name, ...rest } = json as Readonly<Record<string, unknown>>;
      assert.equal(name, 'projects/p/locations/us-central1/operations/operation-1');
      assert.deepEqual([rest['done'], rest['error']], [true, error]);
    });
  }

  it('an odd-operation fault removes the fields that are null', async () => {
    await using caller = await startCaller();
    const fields = { error: null, metadata: null };
    caller.services.add(OPERATION, { state: 'cancelled', getFaults: [{ kind: 'odd-operation', fields }] });
    const name = 'projects/p/locations/us-central1/operations/operation-1';
    assert.deepEqual((await caller.get(OPERATION)).json, { name, done: true });
  });

  for (const declareLength of [false, true]) {
    it(`a giant fault answers 5 MB of well-formed JSON, with its length ${declareLength ? 'declared' : 'unknown'}`, async () => {
      await using caller = await startCaller();
      const bytes = 5_000_000;
      caller.services.add(OPERATION, { getFaults: [{ kind: 'giant', bytes, declareLength }] });
      const answer = await caller.get(OPERATION);
      assert.equal(answer.headers.get('content-length'), declareLength ? String(bytes) : null);
      assert.equal(Buffer.byteLength(answer.text), bytes);
      assert.equal(typeof answer.json, 'object');
    });
  }

  it('a giant fault larger than memory ends when the caller hangs up', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'giant', bytes: 1e12 }] });
    const response = await caller.send(OPERATION);
    const reader = response.body!.getReader();
    assert.equal((await reader.read()).done, false);
    await reader.cancel();
    // The server is not caught up in producing the rest.
    assert.equal((await caller.cancel(OPERATION)).status, 200);
  });
});
