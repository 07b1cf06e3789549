import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countByOutcome, filterRequests, findRequest } from '../../../local/page/model/request-list.ts';
import { newLife } from '../../../local/page/model/request-life.ts';
import type { RequestLife } from '../../../local/page/model/request-life.ts';
import { NO_FILTERS } from '../../../local/page/model/route.ts';

const life = (
  requestId: string,
  service: string,
  outcome: string | undefined,
  atMs: number,
): RequestLife => ({
  ...newLife(requestId, `//${service}.googleapis.com/projects/p/operations/${requestId}`, atMs),
  ...(outcome === undefined ? { status: 'Waiting' } : { status: outcome, ended: true }),
});
const lives = [
  life('one', 'notebooks', 'CANCELLED', 1),
  life('two', 'aiplatform', 'CANCELLED', 2),
  life('three', 'notebooks', undefined, 3),
  life('four', 'notebooks', 'ERROR', 4),
];
const idsOf = (shown: readonly RequestLife[]) => shown.map(({ requestId }) => requestId);

describe('the list of requests', () => {
  for (const [what, filters, ids] of [
    ['nothing', {}, ['four', 'three', 'two', 'one']],
    ['an outcome', { outcome: 'CANCELLED' }, ['two', 'one']],
    ['those that run', { outcome: 'running' }, ['three']],
    ['a service', { service: 'notebooks' }, ['four', 'three', 'one']],
    ['words, in any case and order', { text: 'ONE notebooks' }, ['one']],
    ['all three', { outcome: 'CANCELLED', service: 'notebooks', text: 'two' }, []],
  ] as const) {
    it(`a filter for ${what} shows those that pass, the newest first`, () =>
      assert.deepEqual(idsOf(filterRequests(lives, { ...NO_FILTERS, ...filters })), ids));
  }

  it('requests are counted by outcome, those that run first', () =>
    assert.deepEqual(countByOutcome(lives), [
      { outcome: 'running', count: 1 },
      { outcome: 'CANCELLED', count: 2 },
      { outcome: 'ERROR', count: 1 },
    ]));

  it('an address with the id alone means the newest request of that id', () => {
    const byKey = new Map(lives.map((one) => [one.key, one]));
    const again = { ...life('one', 'aiplatform', undefined, 9), key: 'one/other' };
    byKey.set(again.key, again);
    assert.equal(findRequest(byKey, 'one'), again);
    assert.equal(findRequest(byKey, lives[0]?.key ?? ''), lives[0]);
    assert.equal(findRequest(byKey, 'none'), undefined);
  });
});
