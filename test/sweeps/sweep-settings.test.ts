import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBudgetRules } from '../../src/budgets/rules.ts';
import { parseSweeps } from '../../src/sweeps/sweep.ts';
import { REFUSED_RULES } from '../budgets/rules.refusals.ts';
import { itRefuses } from '../support/refusals.ts';
import { REFUSED_SWEEPS } from './sweeps.refusals.ts';

const NOTEBOOKS = { service: 'notebooks', version: 'v2', parents: ['projects/p/locations/us-central1'] };
const sweepOf = (definition: object) => parseSweeps({ nightly: definition }).get('nightly');
const listings = (...targets: object[]) =>
  (sweepOf({ targets })?.listings ?? []).map(({ collection }) => collection);

describe('SWEEPS', () => {
  it('a sweep in SWEEPS is by default a dry run of at most 1,000 operations of any age', () => {
    const sweep = sweepOf({ targets: [NOTEBOOKS] });
    assert.equal(sweep?.limit, 1_000);
    const [listing] = sweep.listings;
    assert.deepEqual(
      [listing?.dryRun, listing?.olderThanMs, listing?.confirmWithin],
      [true, undefined, undefined],
    );
  });

  it('the rules of a target in SWEEPS replace those of its sweep', () => {
    const sweep = sweepOf({
      targets: [NOTEBOOKS, { ...NOTEBOOKS, olderThan: '60s', dryRun: true, exclude: '**/keep' }],
      olderThan: '3600s',
      dryRun: false,
      confirmWithin: '30s',
      limit: 7,
    });
    assert.equal(sweep?.limit, 7);
    assert.deepEqual(
      sweep.listings.map(({ olderThanMs, dryRun, confirmWithin, exclude }) => [
        olderThanMs,
        dryRun,
        confirmWithin,
        exclude.size,
      ]),
      [
        [3_600_000, false, '30s', 0],
        [60_000, true, '30s', 1],
      ],
    );
  });

  for (const [target, urls] of [
    [NOTEBOOKS, ['notebooks.googleapis.com/v2/projects/p/locations/us-central1/operations']],
    [
      {
        service: 'notebooks.googleapis.com',
        parents: ['projects/p/locations/-', 'projects/p/locations/eu/operations'],
      },
      [
        'notebooks.googleapis.com/v2/projects/p/locations/-/operations',
        'notebooks.googleapis.com/v2/projects/p/locations/eu/operations',
      ],
    ],
    [
      {
        service: 'dialogflow',
        version: 'v2beta1',
        parents: ['projects/p', 'projects/p/locations/europe-west1'],
      },
      [
        'dialogflow.googleapis.com/v2beta1/projects/p/operations',
        'europe-west1-dialogflow.googleapis.com/v2beta1/projects/p/locations/europe-west1/operations',
      ],
    ],
    [
      { service: 'aiplatform', version: 'v1beta1', parents: ['projects/p/locations/us-central1/datasets/7'] },
      [
        'us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/datasets/7/operations',
      ],
    ],
    [{ service: 'cloudchannel' }, ['cloudchannel.googleapis.com/v1/operations']],
    [
      { service: 'storagetransfer', parents: ['projects/p'] },
      ['storagetransfer.googleapis.com/v1/transferOperations'],
    ],
    [
      { service: 'storage', parents: ['b/my-bucket'] },
      ['storage.googleapis.com/storage/v1/b/my-bucket/operations'],
    ],
    [
      { service: 'storage', parents: ['projects/_/buckets/my-bucket'] },
      ['storage.googleapis.com/storage/v1/b/my-bucket/operations'],
    ],
    [
      { service: 'sqladmin', version: 'v1', parents: ['projects/p'] },
      ['sqladmin.googleapis.com/v1/projects/p/operations'],
    ],
    [
      {
        service: 'container',
        version: 'v1',
        parents: ['projects/p/locations/-', 'projects/p/zones/us-central1-a'],
      },
      [
        'container.googleapis.com/v1/projects/p/locations/-/operations',
        'container.googleapis.com/v1/projects/p/zones/us-central1-a/operations',
      ],
    ],
  ] as const) {
    it(`a target in SWEEPS lists ${urls[0]}`, () => {
      assert.deepEqual(
        listings(target).map(({ host, path }) => `${host}/${path}`),
        urls,
      );
    });
  }

  it('a target for storagetransfer in SWEEPS gets the filter by project that the service requires', () => {
    const [byProject] = listings({ service: 'storagetransfer', parents: ['projects/p'] });
    assert.equal(byProject?.filter, '{"projectId":"p"}');
    const filter = '{"projectId":"p","transferStatuses":["IN_PROGRESS"]}';
    const [own] = listings({ service: 'storagetransfer', parents: ['projects/p'], filter });
    assert.equal(own?.filter, filter);
  });

  itRefuses(REFUSED_SWEEPS, (title) => `SWEEPS refuses ${title}, and names the field`);
});

describe('BUDGETS', () => {
  it('a rule in BUDGETS names a budget by its id, as notifications or the API write it, or by its name', () => {
    const rules = parseBudgetRules([
      { budgetId: 'de72f49d', sweep: 's', threshold: 0.9, onForecast: true },
      { budgetId: 'billingAccounts/01D4EE-079462-DFD6EC/budgets/de72f49d', sweep: 's' },
      { budgetDisplayName: 'team a', sweep: 's' },
    ]);
    assert.deepEqual(rules, [
      { budgetId: 'de72f49d', threshold: 0.9, onForecast: true, sweep: 's' },
      { budgetId: 'de72f49d', threshold: 1, onForecast: false, sweep: 's' },
      { budgetDisplayName: 'team a', threshold: 1, onForecast: false, sweep: 's' },
    ]);
  });

  itRefuses(REFUSED_RULES, (title) => `BUDGETS refuses a rule with ${title}`);
});
