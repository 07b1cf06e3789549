import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, it } from 'node:test';
import type { FaultStep } from '../../../../local/emulators/google-apis/google-services.ts';
import { OPERATION, startCaller, until } from './service-caller.ts';

describe('a connection that fails', () => {
  it('hangs without an answer until the services close', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { cancelFaults: [{ kind: 'hang' }] });
    let over = false;
    const hanging = assert.rejects(caller.cancel(OPERATION), TypeError).then(() => (over = true));
    await until(() => caller.services.requests({ method: 'POST' }).length === 1);
    // The server has gone on to answer others; the first is still without an answer.
    assert.equal((await caller.get(OPERATION)).status, 200);
    assert.equal(caller.services.requests({ method: 'POST' })[0]?.status, 'none');
    assert.equal(over, false);
    await caller.services.close();
    await hanging;
  });

  it('hangs in the middle of an answer until the services close', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'hang', at: 'mid-answer' }] });
    const response = await caller.send(OPERATION);
    assert.equal(response.status, 200);
    const reader = response.body!.getReader();
    const first = (await reader.read()) as { value?: Uint8Array };
    assert.ok((first.value?.length ?? 0) < Number(response.headers.get('content-length')));
    let over = false;
    const rest = assert.rejects(reader.read(), TypeError).then(() => (over = true));
    assert.equal((await caller.get(OPERATION)).status, 200);
    assert.equal(over, false);
    await caller.services.close();
    await rest;
  });

  it('is reset before the answer', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { cancelFaults: [{ kind: 'reset' }] });
    const request = httpRequest(
      `${caller.services.endpoint.replace('{host}', OPERATION.slice('https://'.length))}:cancel`,
      { method: 'POST' },
    );
    request.end();
    const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
  });

  it('is reset in the middle of the answer', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'reset', at: 'mid-answer' }] });
    const response = await caller.send(OPERATION);
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), TypeError);
  });

  it('is slow, and then answers as usual', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'slow', delayMs: 30 }] });
    const startedMs = performance.now();
    assert.equal((await caller.get(OPERATION)).status, 200);
    // A timer may fire up to a millisecond early.
    assert.ok(performance.now() - startedMs >= 29);
  });

  it('is so slow that the services close first', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'slow', delayMs: 3_600_000 }] });
    const slow = assert.rejects(caller.get(OPERATION), TypeError);
    await until(() => caller.services.requests().length === 1);
    await caller.services.close();
    await slow;
  });
});

describe('how often a fault comes', () => {
  const statuses = async (cancelFaults: readonly FaultStep[], calls: number) => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { cancelFaults });
    const seen: number[] = [];
    for (let call = 0; call < calls; call += 1) seen.push((await caller.cancel(OPERATION)).status);
    return seen;
  };

  it('is once, in the order of the script, and then the ordinary answer', async () => {
    assert.deepEqual(
      await statuses([{ kind: 'UNAVAILABLE' }, { kind: 'INTERNAL' }], 4),
      [503, 500, 200, 200],
    );
  });

  it('is as many times as the step says', async () => {
    const steps: FaultStep[] = [{ kind: 'UNAVAILABLE', times: 2 }, { kind: 'INTERNAL' }];
    assert.deepEqual(await statuses(steps, 4), [503, 503, 500, 200]);
  });

  it('is for ever where the step says always', async () => {
    const steps: FaultStep[] = [{ kind: 'INTERNAL' }, { kind: 'UNAVAILABLE', times: 'always' }];
    assert.deepEqual(await statuses(steps, 5), [500, 503, 503, 503, 503]);
  });
});

describe('whether a request that met a fault took effect', () => {
  const done = async (fault: FaultStep) => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { cancelFaults: [fault] });
    await caller.cancel(OPERATION).catch(() => undefined);
    return ((await caller.get(OPERATION)).json as { done: boolean }).done;
  };
  const cases: readonly (readonly [string, FaultStep, boolean])[] = [
    ['not one that was refused', { kind: 'UNAVAILABLE' }, false],
    ['one that was refused although it was applied', { kind: 'UNAVAILABLE', applied: true }, true],
    ['not one that was reset', { kind: 'reset' }, false],
    ['one whose answer alone was lost', { kind: 'reset', applied: true }, true],
    ['one whose answer was cut off', { kind: 'reset', at: 'mid-answer' }, true],
    ['one whose answer was truncated', { kind: 'truncated-json' }, true],
    ['not one that met a page of HTML', { kind: 'html', status: 200 }, false],
  ];
  for (const [what, fault, expected] of cases) {
    it(`is so for ${what}`, async () => assert.equal(await done(fault), expected));
  }
});
