import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPermanent } from '../../src/validation/failure.ts';
import { parseBudgetRules } from '../../src/budgets/rules.ts';
import { parseSweeps } from '../../src/sweeps/sweep.ts';

const NOTEBOOKS = { service: 'notebooks', version: 'v2', parents: ['projects/p/locations/us-central1'] };
const sweepOf = (definition: object) => parseSweeps({ nightly: definition }).get('nightly');
const listings = (...targets: object[]) =>
  (sweepOf({ targets })?.listings ?? []).map(({ collection }) => collection);

describe('SWEEPS', () => {
  it('is a dry run of at most 1,000 operations of any age, unless it says otherwise', () => {
    const sweep = sweepOf({ targets: [NOTEBOOKS] });
    assert.equal(sweep?.limit, 1_000);
    const [listing] = sweep.listings;
    assert.deepEqual(
      [listing?.dryRun, listing?.olderThanMs, listing?.confirmWithin],
      [true, undefined, undefined],
    );
  });

  it('takes rules for the sweep, which those of a target replace', () => {
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
    it(`lists ${urls[0]}`, () => {
      assert.deepEqual(
        listings(target).map(({ host, path }) => `${host}/${path}`),
        urls,
      );
    });
  }

  it('asks storagetransfer for the operations of a project, which it does not list without', () => {
    const [byProject] = listings({ service: 'storagetransfer', parents: ['projects/p'] });
    assert.equal(byProject?.filter, '{"projectId":"p"}');
    const filter = '{"projectId":"p","transferStatuses":["IN_PROGRESS"]}';
    const [own] = listings({ service: 'storagetransfer', parents: ['projects/p'], filter });
    assert.equal(own?.filter, filter);
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['a list', [], /must be a JSON object of sweeps/],
    ['a name with a space', { 'a b': { targets: [NOTEBOOKS] } }, /"a b": is not a name for a sweep/],
    ['no targets', { n: {} }, /^n\.targets: missing/],
    ['an empty list of targets', { n: { targets: [] } }, /^n\.targets: must have at least one entry/],
    [
      'a misspelled rule',
      { n: { targets: [NOTEBOOKS], exlude: '**' } },
      /^n\.exlude: unknown field; known are targets/,
    ],
    [
      'a misspelled field of a target',
      { n: { targets: [{ ...NOTEBOOKS, parent: 'x' }] } },
      /parent: unknown field/,
    ],
    ['dryRun as text', { n: { targets: [NOTEBOOKS], dryRun: 'false' } }, /^n\.dryRun: must be true or false/],
    ['a limit of 0', { n: { targets: [NOTEBOOKS], limit: 0 } }, /^n\.limit: must be at least 1/],
    [
      'an age in hours',
      { n: { targets: [NOTEBOOKS], olderThan: '24h' } },
      /^n\.targets\[0\]\.olderThan: .*"86400s" \(a day\)/,
    ],
    [
      'an endless confirmation',
      { n: { targets: [NOTEBOOKS], confirmWithin: '9e9s' } },
      /confirmWithin: must be a duration/,
    ],
    [
      'an unknown service',
      { n: { targets: [{ service: 'notebook', parents: ['projects/p'] }] } },
      /targets\[0\]\.service: .*did you mean "notebooks"/,
    ],
    [
      'a service that cannot cancel',
      { n: { targets: [{ service: 'compute', parents: ['projects/p'] }] } },
      /service: compute has no method to cancel/,
    ],
    [
      'a version that there is not',
      { n: { targets: [{ ...NOTEBOOKS, version: 'v9' }] } },
      /version: notebooks has no version "v9"/,
    ],
    [
      'no version where none is safe',
      { n: { targets: [{ service: 'dialogflow', parents: ['projects/p'] }] } },
      /version: missing; dialogflow/,
    ],
    [
      'a parent of another form',
      { n: { targets: [{ ...NOTEBOOKS, parents: ['projects/p'] }] } },
      /parents: "projects\/p" has no operations/,
    ],
    [
      'no parent where one is needed',
      { n: { targets: [{ service: 'notebooks' }] } },
      /parents: missing; name what the operations are in/,
    ],
    [
      'all locations where each has a host',
      { n: { targets: [{ service: 'aiplatform', parents: ['projects/p/locations/-'] }] } },
      /aiplatform has a host for each location/,
    ],
    [
      'all locations of dialogflow',
      { n: { targets: [{ service: 'dialogflow', version: 'v2', parents: ['projects/p/locations/-'] }] } },
      /dialogflow has a host for each location/,
    ],
    [
      'a service without a list',
      {
        n: {
          targets: [{ service: 'cloudbuild', version: 'v1', parents: ['projects/p/locations/us-central1'] }],
        },
      },
      /cloudbuild v1 has no method to list/,
    ],
    [
      'storagetransfer without a project',
      { n: { targets: [{ service: 'storagetransfer' }] } },
      /must be projects\/\{project\} for storagetransfer/,
    ],
    [
      'a parent with a query',
      { n: { targets: [{ ...NOTEBOOKS, parents: ['projects/p?x'] }] } },
      /there must be no query/,
    ],
    [
      'a field that operations lack',
      { n: { targets: [NOTEBOOKS], match: { 'metdata.target': '**' } } },
      /match: "metdata\.target" is not a field/,
    ],
    [
      'a type that nothing has',
      { n: { targets: [NOTEBOOKS], match: { 'metadata.@type': '*OperationMetadata' } } },
      /matches nothing.*did you mean "\*\*OperationMetadata"/,
    ],
    ['a regular expression', { n: { targets: [NOTEBOOKS], exclude: '^.*/prod.*$' } }, /matches nothing/],
    [
      'an empty list of patterns',
      { n: { targets: [NOTEBOOKS], exclude: [] } },
      /exclude: must be a pattern, a list/,
    ],
    [
      'a number for a pattern',
      { n: { targets: [NOTEBOOKS], match: { name: 5 } } },
      /match.*: must be a pattern/,
    ],
    [
      'a name that nothing has',
      { n: { targets: [NOTEBOOKS], exclude: 'keep-*' } },
      /exclude\.name: "keep-\*" matches nothing/,
    ],
  ];
  for (const [title, json, problem] of refused) {
    it(`refuses ${title}, and says where`, () => {
      assert.throws(
        () => parseSweeps(json),
        (error: Error) => isPermanent(error) && problem.test(error.message),
      );
    });
  }
});

describe('BUDGETS', () => {
  it('names a budget by its id, as notifications or the API write it, or by its name', () => {
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

  for (const [title, rule, problem] of [
    ['no budget', { sweep: 's' }, /\[0\]\.budgetId: either this or budgetDisplayName/],
    [
      'two budgets',
      { budgetId: 'a', budgetDisplayName: 'b', sweep: 's' },
      /either this or budgetDisplayName/,
    ],
    ['no sweep', { budgetId: 'a' }, /\[0\]\.sweep: missing/],
    ['a percentage', { budgetId: 'a', sweep: 's', threshold: 90 }, /\[0\]\.threshold: must be a fraction/],
    ['a threshold of 0', { budgetId: 'a', sweep: 's', threshold: 0 }, /threshold: must be a fraction/],
    ['a misspelled field', { budgetId: 'a', sweep: 's', onforecast: true }, /onforecast: unknown field/],
    ['text', 'budget', /\[0\]\.rule: must be a JSON object/],
  ] as const) {
    it(`refuses a rule with ${title}`, () => {
      assert.throws(
        () => parseBudgetRules([rule]),
        (error: Error) => isPermanent(error) && problem.test(error.message),
      );
    });
  }
});
