import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, it } from 'node:test';
import type { FaultStep } from '../../../../local/emulators/google-apis/google-services.ts';
import { OPERATION, startCaller, until } from './service-caller.ts';

describe('a connection that fails', () => {
  it('a hang before the answer lasts until the services close', async () => {
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

  it('a hang in the middle of an answer lasts until the services close', async () => {
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

  it('a reset closes the connection before the answer', async () => {
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

  it('a reset can close the connection in the middle of the answer', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'reset', at: 'mid-answer' }] });
    const response = await caller.send(OPERATION);
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), TypeError);
  });

  it('a slow fault delays the ordinary answer', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { getFaults: [{ kind: 'slow', delayMs: 30 }] });
    const startedMs = performance.now();
    assert.equal((await caller.get(OPERATION)).status, 200);
    // A timer may fire up to a millisecond early.
    assert.ok(performance.now() - startedMs >= 29);
  });

  it('a slow fault does not delay the end of the services', async () => {
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

  it('each fault comes once, in the order of the script, before the ordinary answer', async () => {
    assert.deepEqual(
      await statuses([{ kind: 'UNAVAILABLE' }, { kind: 'INTERNAL' }], 4),
      [503, 500, 200, 200],
    );
  });

  it('a fault comes as many times as its step says', async () => {
    const steps: FaultStep[] = [{ kind: 'UNAVAILABLE', times: 2 }, { kind: 'INTERNAL' }];
    assert.deepEqual(await statuses(steps, 4), [503, 503, 500, 200]);
  });

  it('a fault comes for ever if its step says always', async () => {
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
    ['a cancel that is refused does not take effect', { kind: 'UNAVAILABLE' }, false],
    ['a cancel that is refused but applied takes effect', { kind: 'UNAVAILABLE', applied: true }, true],
    ['a cancel that is reset does not take effect', { kind: 'reset' }, false],
    ['a cancel whose answer alone is lost takes effect', { kind: 'reset', applied: true }, true],
    ['a cancel whose answer is cut off takes effect', { kind: 'reset', at: 'mid-answer' }, true],
    ['a cancel whose answer is truncated takes effect', { kind: 'truncated-json' }, true],
    ['a cancel that is answered a page of HTML does not take effect', { kind: 'html', status: 200 }, false],
  ];
  for (const [what, fault, expected] of cases) {
    it(`is so for ${what}`, async () => assert.equal(await done(fault), expected));
  }
});
