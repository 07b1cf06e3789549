import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QuotaScript } from '../../../../local/emulators/google-apis/google-services.ts';
import { OPERATION, startCaller, type Caller, type ReadAnswer } from './service-caller.ts';

const HOST = 'notebooks.googleapis.com';
const PARENT = OPERATION.replace('/operation-1', '');

/** A caller of an operation whose cancels have this quota. */
async function startLimited(quota: Omit<QuotaScript, 'calls'>): Promise<Caller> {
  const caller = await startCaller();
  caller.services.add(OPERATION, { onCancel: 'never-ends' });
  caller.services.addQuota(HOST, { calls: 'cancels', ...quota });
  return caller;
}

/** The statuses of `count` cancels, one after the other. */
async function statuses({ cancel }: Caller, calls: number): Promise<number[]> {
  const seen: number[] = [];
  for (let call = 0; call < calls; call += 1) seen.push((await cancel(OPERATION)).status);
  return seen;
}

const retryAfter = ({ headers }: ReadAnswer) => headers.get('retry-after');

describe('a quota', () => {
  it("a quota admits one second's calls at once, and then as it refills", async () => {
    await using caller = await startLimited({ perSecond: 4 });
    assert.deepEqual(await statuses(caller, 5), [200, 200, 200, 200, 429]);
    caller.advance(249);
    assert.deepEqual(await statuses(caller, 1), [429]);
    caller.advance(1);
    assert.deepEqual(await statuses(caller, 2), [200, 429]);
    caller.advance(500);
    assert.deepEqual(await statuses(caller, 3), [200, 200, 429]);
  });

  it("a quota saves no more than one second's calls", async () => {
    await using caller = await startLimited({ perSecond: 2 });
    caller.advance(3_600_000);
    assert.deepEqual(await statuses(caller, 3), [200, 200, 429]);
  });

  it('a quota loses nothing to rounding', async () => {
    await using caller = await startLimited({ perSecond: 3 });
    await statuses(caller, 3);
    let taken = 0;
    for (let step = 0; step < 300; step += 1) {
      caller.advance(7);
      taken += (await statuses(caller, 1)).filter((status) => status === 200).length;
    }
    assert.equal(taken, 6, '2.1 s of it');
  });

  it('a quota of less than one call a second admits one, and tells the time until the next', async () => {
    await using caller = await startLimited({ perSecond: 0.1 });
    assert.deepEqual(await statuses(caller, 1), [200]);
    assert.equal(retryAfter(await caller.cancel(OPERATION)), '10');
    caller.advance(8_999);
    assert.equal(retryAfter(await caller.cancel(OPERATION)), '2', '1.001 s, rounded up');
    caller.advance(1_001);
    assert.deepEqual(await statuses(caller, 2), [200, 429]);
  });

  it('a quota is not refilled by a clock that is set back', async () => {
    await using caller = await startLimited({ perSecond: 1 });
    assert.deepEqual(await statuses(caller, 1), [200]);
    caller.advance(-10_000);
    assert.deepEqual(await statuses(caller, 1), [429]);
    caller.advance(10_000);
    assert.deepEqual(await statuses(caller, 1), [429]);
  });

  it('a quota that is replaced is full again', async () => {
    await using caller = await startLimited({ perSecond: 1 });
    await statuses(caller, 2);
    caller.services.addQuota(HOST, { calls: 'cancels', perSecond: 2 });
    assert.deepEqual(await statuses(caller, 3), [200, 200, 429]);
  });

  it('a quota counts the calls that it admitted and refused', async () => {
    await using caller = await startLimited({ perSecond: 2, retryAfter: false });
    await statuses(caller, 5);
    assert.deepEqual(caller.services.quotas(), [
      { host: HOST, calls: 'cancels', perSecond: 2, retryAfter: false, admitted: 2, refused: 3 },
    ]);
  });
});

describe('a quota of a window', () => {
  it('a quota with a window refills all at once, at the end of the window', async () => {
    await using caller = await startLimited({ perSecond: 0.05, windowMs: 60_000 });
    assert.deepEqual(await statuses(caller, 4), [200, 200, 200, 429]);
    caller.advance(59_999);
    assert.deepEqual(await statuses(caller, 1), [429]);
    caller.advance(1);
    assert.deepEqual(await statuses(caller, 4), [200, 200, 200, 429]);
    caller.advance(600_000);
    assert.deepEqual(await statuses(caller, 4), [200, 200, 200, 429]);
  });

  it('a quota with a window tells its end in whole seconds, at least 1', async () => {
    await using caller = await startLimited({ perSecond: 1, windowMs: 60_500 });
    await statuses(caller, 61);
    assert.equal(retryAfter(await caller.cancel(OPERATION)), '61');
    caller.advance(60_400);
    assert.equal(retryAfter(await caller.cancel(OPERATION)), '1');
  });

  it("a quota's first window begins when it is added, not with the first call", async () => {
    await using caller = await startLimited({ perSecond: 1, windowMs: 10_000 });
    caller.advance(9_000);
    assert.deepEqual(await statuses(caller, 11), [...Array<number>(10).fill(200), 429]);
    caller.advance(1_000);
    assert.deepEqual(await statuses(caller, 1), [200]);
  });
});

describe('a call above the quota', () => {
  it('a call above the quota is answered as Google does', async () => {
    await using caller = await startLimited({ perSecond: 1.5 });
    await caller.cancel(OPERATION);
    const answer = await caller.cancel(OPERATION);
    assert.deepEqual([answer.status, retryAfter(answer)], [429, '1']);
    assert.deepEqual(answer.json, {
      error: {
        code: 429,
        message:
          "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute' of service 'notebooks.googleapis.com' for consumer 'project_number:123456789012'.",
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'RATE_LIMIT_EXCEEDED',
            domain: 'googleapis.com',
            metadata: {
              consumer: 'projects/123456789012',
              quota_limit: 'WriteRequestsPerMinutePerProject',
              quota_limit_value: '90',
              quota_location: 'global',
              quota_metric: 'notebooks.googleapis.com/write_requests',
              quota_unit: '1/min/{project}',
              service: 'notebooks.googleapis.com',
            },
          },
        ],
      },
    });
  });

  it('a call above the quota can be answered without Retry-After', async () => {
    await using caller = await startLimited({ perSecond: 1, retryAfter: false });
    await caller.cancel(OPERATION);
    const answer = await caller.cancel(OPERATION);
    assert.deepEqual([answer.status, retryAfter(answer)], [429, null]);
  });

  it('a call above the quota changes no operation, and uses up no fault', async () => {
    await using caller = await startCaller();
    const cancelled = `${OPERATION}-cancelled`;
    caller.services.add(OPERATION, { cancelFaults: [{ kind: 'UNAVAILABLE' }] });
    caller.services.add(cancelled);
    caller.services.addQuota(HOST, { calls: 'cancels', perSecond: 1 });
    assert.equal((await caller.cancel(cancelled)).status, 200);
    assert.equal((await caller.cancel(OPERATION)).status, 429);
    assert.equal(((await caller.get(OPERATION)).json as { done: boolean }).done, false);
    caller.advance(1_000);
    assert.equal((await caller.cancel(OPERATION)).status, 503);
  });

  it('a call above the quota is recorded like any other', async () => {
    await using caller = await startLimited({ perSecond: 1 });
    await statuses(caller, 2);
    assert.deepEqual(
      caller.services.requests().map(({ status }) => status),
      [200, 429],
    );
  });
});

describe('what a quota counts', () => {
  it('a quota counts cancels apart from reads', async () => {
    await using caller = await startLimited({ perSecond: 1 });
    await statuses(caller, 2);
    assert.equal((await caller.get(OPERATION)).status, 200);
    caller.services.addQuota(HOST, { calls: 'reads', perSecond: 1 });
    assert.equal((await caller.get(OPERATION)).status, 200);
    const refused = await caller.get(OPERATION);
    assert.equal(refused.status, 429);
    assert.match(refused.text, /"quota_metric": "notebooks\.googleapis\.com\/read_requests"/);
    caller.advance(1_000);
    assert.deepEqual(await statuses(caller, 1), [200]);
  });

  it('a quota counts lists as reads', async () => {
    await using caller = await startCaller();
    caller.services.addQuota(HOST, { calls: 'reads', perSecond: 1 });
    assert.equal((await caller.send(PARENT)).status, 200);
    assert.equal((await caller.send(PARENT)).status, 429);
  });

  it("a quota counts cancels in another service's form as cancels", async () => {
    await using caller = await startCaller();
    const labeling = 'https://datalabeling.googleapis.com/v1beta1/projects/p/operations/o';
    caller.services.add(labeling);
    caller.services.addQuota('datalabeling.googleapis.com', { calls: 'cancels', perSecond: 1 });
    assert.equal((await caller.get(`${labeling}:cancel`)).status, 200);
    assert.equal((await caller.get(`${labeling}:cancel`)).status, 429);
    assert.equal((await caller.get(labeling)).status, 200);
  });

  it('a quota counts calls that the service refuses, but not paths without a method', async () => {
    await using caller = await startLimited({ perSecond: 1 });
    assert.equal((await caller.send(`${OPERATION}:stop`, { method: 'POST' })).status, 404);
    assert.equal((await caller.cancel(`${OPERATION}-unknown`)).status, 404);
    assert.equal((await caller.cancel(OPERATION)).status, 429);
  });

  it('a quota counts the calls to one host', async () => {
    await using caller = await startLimited({ perSecond: 1 });
    const other = OPERATION.replace('notebooks', 'tpu');
    caller.services.add(other, { onCancel: 'never-ends' });
    await statuses(caller, 2);
    for (const call of [1, 2, 3]) assert.equal((await caller.cancel(other)).status, 200, `call ${call}`);
  });
});

describe('what can have no quota', () => {
  for (const host of [
    'notebooks',
    'notebooks.example.com',
    `https://${HOST}`,
    `${HOST}/v2`,
    'cloudtasks.googleapis.com',
  ]) {
    it(`a quota for ${host} is refused`, async () => {
      await using caller = await startCaller({
        hosts: { 'cloudtasks.googleapis.com': () => assert.fail('not called') },
      });
      assert.throws(() => caller.services.addQuota(host, { calls: 'reads', perSecond: 1 }), TypeError);
    });
  }

  it('a quota for one host more than the limit is refused', async () => {
    await using caller = await startCaller({ operationLimit: 1 });
    caller.services.addQuota(HOST, { calls: 'reads', perSecond: 1 });
    caller.services.addQuota(HOST, { calls: 'reads', perSecond: 2 });
    assert.throws(() => caller.services.addQuota(HOST, { calls: 'cancels', perSecond: 1 }), RangeError);
  });
});
