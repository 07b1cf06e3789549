import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatRoute, NO_FILTERS, parseRoute } from '../../../local/page/model/route.ts';
import type { Route } from '../../../local/page/model/route.ts';

describe('the addresses of the page', () => {
  for (const [hash, route] of [
    ['#/requests', { view: 'requests', key: undefined, filters: NO_FILTERS }],
    [
      '#/requests/a%2Fb/%2F%2Fn.googleapis.com%2Fo?outcome=CANCELLED&q=one+two%3F',
      {
        view: 'requests',
        key: 'a%2Fb/%2F%2Fn.googleapis.com%2Fo',
        filters: { outcome: 'CANCELLED', service: '', text: 'one two?' },
      },
    ],
    ['#/sweeps', { view: 'sweeps', runId: undefined }],
    ['#/sweeps/run-1', { view: 'sweeps', runId: 'run-1' }],
    ['#/services?q=running', { view: 'services', text: 'running' }],
    ['#/queue', { view: 'queue' }],
    ['#/dead-letters', { view: 'dead-letters' }],
  ] as readonly (readonly [string, Route])[]) {
    it(`${hash} is read and written`, () => {
      assert.deepEqual(parseRoute(hash), route);
      assert.equal(formatRoute(route), hash);
    });
  }

  for (const hash of ['', '#', '#/', '#/nowhere']) {
    it(`${JSON.stringify(hash)} is the list of requests`, () =>
      assert.deepEqual(parseRoute(hash), { view: 'requests', key: undefined, filters: NO_FILTERS }));
  }
});
