import assert from 'node:assert/strict';
import { parseSweeps } from '../../src/sweeps/sweep.ts';
import { parseTrigger } from '../../src/sweeps/trigger.ts';
import { parseSweepRun, newSweepRun, sweepRunEvent } from '../../src/sweeps/run-state.ts';
import { dataOf } from '../../src/messages/cloud-event.ts';
import { pushBody } from '../support/test-app.ts';
import { NOON_MS } from '../support/fakes.ts';
import { refusalsOf } from '../support/refusals.ts';
import { NIGHTLY, TARGET } from '../support/sweep-harness.ts';
import { readEvent } from '../support/events.ts';

const NOTEBOOKS = { service: 'notebooks', version: 'v2', parents: ['projects/p/locations/us-central1'] };

const TRAINING = {
  service: 'aiplatform',
  jobs: ['customJobs'],
  parents: ['projects/p/locations/us-central1'],
};

/** Definitions that SWEEPS refuses. */
export const REFUSED_SWEEPS = refusalsOf(
  (json: unknown) => parseSweeps(json),
  [
    ['a list', [], 'TypeError', []],
    ['a name with a space', { 'a b': { targets: [NOTEBOOKS] } }, 'ValueError', ['a b']],
    ['no targets', { n: {} }, 'ValueError', ['n', 'targets']],
    ['an empty list of targets', { n: { targets: [] } }, 'ValueError', ['n', 'targets']],
    ['a misspelled rule', { n: { targets: [NOTEBOOKS], exlude: '**' } }, 'ValueError', ['n', 'exlude']],
    [
      'a misspelled field of a target',
      { n: { targets: [{ ...NOTEBOOKS, parent: 'x' }] } },
      'ValueError',
      ['n', 'targets', 0, 'parent'],
    ],
    ['dryRun as text', { n: { targets: [NOTEBOOKS], dryRun: 'false' } }, 'TypeError', ['n', 'dryRun']],
    ['a limit of 0', { n: { targets: [NOTEBOOKS], limit: 0 } }, 'ValueError', ['n', 'limit']],
    ['an age in hours', { n: { targets: [NOTEBOOKS], olderThan: '24h' } }, 'ValueError', ['n', 'olderThan']],
    [
      'an endless confirmation',
      { n: { targets: [NOTEBOOKS], confirmWithin: '9e9s' } },
      'ValueError',
      ['n', 'confirmWithin'],
    ],
    [
      'an unknown service',
      { n: { targets: [{ service: 'notebook', parents: ['projects/p'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'service'],
    ],
    [
      'a service that cannot cancel',
      { n: { targets: [{ service: 'compute', parents: ['projects/p'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'service'],
    ],
    [
      'a version that there is not',
      { n: { targets: [{ ...NOTEBOOKS, version: 'v9' }] } },
      'ValueError',
      ['n', 'targets', 0, 'version'],
    ],
    [
      'no version where none is safe',
      { n: { targets: [{ service: 'dialogflow', parents: ['projects/p'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'version'],
    ],
    [
      'a parent of another form',
      { n: { targets: [{ ...NOTEBOOKS, parents: ['projects/p'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'parents', 0],
    ],
    [
      'no parent where one is needed',
      { n: { targets: [{ service: 'notebooks' }] } },
      'ValueError',
      ['n', 'targets', 0, 'parents'],
    ],
    [
      'all locations where each has a host',
      { n: { targets: [{ service: 'aiplatform', parents: ['projects/p/locations/-'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'parents', 0],
    ],
    [
      'all locations of dialogflow',
      { n: { targets: [{ service: 'dialogflow', version: 'v2', parents: ['projects/p/locations/-'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'parents', 0],
    ],
    [
      'a service without a list',
      {
        n: {
          targets: [{ service: 'cloudbuild', version: 'v1', parents: ['projects/p/locations/us-central1'] }],
        },
      },
      'ValueError',
      ['n', 'targets', 0, 'parents', 0],
    ],
    [
      'storagetransfer without a project',
      { n: { targets: [{ service: 'storagetransfer' }] } },
      'ValueError',
      ['n', 'targets', 0, 'parents'],
    ],
    [
      'a parent with a query',
      { n: { targets: [{ ...NOTEBOOKS, parents: ['projects/p?x'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'parents', 0],
    ],
    [
      'a field that operations lack',
      { n: { targets: [NOTEBOOKS], match: { 'metdata.target': '**' } } },
      'ValueError',
      ['n', 'match', 'metdata.target'],
    ],
    [
      'a type that nothing has',
      { n: { targets: [NOTEBOOKS], match: { 'metadata.@type': '*OperationMetadata' } } },
      'ValueError',
      ['n', 'match', 'metadata.@type'],
    ],
    [
      'a regular expression',
      { n: { targets: [NOTEBOOKS], exclude: '^.*/prod.*$' } },
      'ValueError',
      ['n', 'exclude'],
    ],
    [
      'an empty list of patterns',
      { n: { targets: [NOTEBOOKS], exclude: [] } },
      'TypeError',
      ['n', 'exclude'],
    ],
    [
      'a number for a pattern',
      { n: { targets: [NOTEBOOKS], match: { name: 5 } } },
      'TypeError',
      ['n', 'match', 'name'],
    ],
    [
      'a name that nothing has',
      { n: { targets: [NOTEBOOKS], exclude: 'keep-*' } },
      'ValueError',
      ['n', 'exclude'],
    ],
    ...(
      [
        ['a kind of jobs in the singular', { ...TRAINING, jobs: ['customJob'] }, ['jobs', 0]],
        ['operations as a kind of jobs', { ...TRAINING, jobs: ['customJobs', 'operations'] }, ['jobs', 1]],
        [
          'a service without jobs',
          { ...NOTEBOOKS, version: undefined, service: 'spanner', jobs: ['*'] },
          ['service'],
        ],
        ['jobs of an unknown service', { ...TRAINING, service: 'aiplatfrom' }, ['service']],
        ['jobs of a version that there is not', { ...TRAINING, version: 'v9' }, ['version']],
        [
          'all kinds of a service whose kinds are named one by one',
          { service: 'clouddeploy', jobs: ['*'], parents: ['projects/p'] },
          ['jobs', 0],
        ],
        [
          'a kind of jobs without a list',
          { service: 'testing', jobs: ['testMatrices'], parents: ['projects/p'] },
          ['jobs'],
        ],
        ['jobs without a parent', { ...TRAINING, parents: undefined }, ['parents']],
        [
          'jobs of all locations at once',
          { ...TRAINING, parents: ['projects/p/locations/-'] },
          ['parents', 0],
        ],
        [
          'executions of all locations at once',
          { service: 'run', jobs: ['*'], parents: ['projects/p/locations/-'] },
          ['parents', 0],
        ],
        [
          'one job in place of a parent',
          { ...TRAINING, parents: [`${TRAINING.parents[0]}/customJobs/1`] },
          ['parents', 0],
        ],
        [
          'a filter where a list takes none',
          { service: 'bigquery', jobs: ['*'], parents: ['projects/p'], filter: 'state=1' },
          ['filter'],
        ],
        [
          'a field that jobs have in another case',
          { ...TRAINING, exclude: { displayname: 'x' } },
          ['exclude', 'displayname'],
        ],
        [
          'a field by the name of its proto',
          { ...TRAINING, exclude: { display_name: 'x' } },
          ['exclude', 'display_name'],
        ],
        [
          'labels in the singular',
          { ...TRAINING, exclude: { 'label.keep': '*' } },
          ['exclude', 'label.keep'],
        ],
        ['labels misspelled', { ...TRAINING, exclude: { 'lables.keep': '*' } }, ['exclude', 'lables.keep']],
        ['labels without a key', { ...TRAINING, exclude: { labels: 'keep' } }, ['exclude', 'labels']],
        [
          'a field of operations',
          { ...TRAINING, match: { 'metadata.target': '**' } },
          ['match', 'metadata.target'],
        ],
        [
          'a field of another kind of jobs',
          { ...TRAINING, match: { templateUri: '**' } },
          ['match', 'templateUri'],
        ],
        ['a state that no job has', { ...TRAINING, exclude: { state: 'RUNING' } }, ['exclude', 'state']],
        [
          'a state of another kind of jobs',
          { ...TRAINING, exclude: { state: ['RUNNING', 'PIPELINE_STATE_*'] } },
          ['exclude', 'state'],
        ],
      ] as const
    ).map(
      ([title, target, path]) =>
        [title, { n: { targets: [target] } }, 'ValueError', ['n', 'targets', 0, ...path]] as const,
    ),
    ['text in place of a sweep', { n: 'targets' }, 'TypeError', ['n']],
    ['a list in place of rules', { n: { targets: [[]] } }, 'TypeError', ['n', 'targets', 0]],
    [
      'an age in hours in a target',
      { n: { targets: [NOTEBOOKS, { ...NOTEBOOKS, olderThan: '24h' }] } },
      'ValueError',
      ['n', 'targets', 1, 'olderThan'],
    ],
    [
      'a confirmation without a unit in a target',
      { n: { targets: [{ ...NOTEBOOKS, confirmWithin: '60' }] } },
      'ValueError',
      ['n', 'targets', 0, 'confirmWithin'],
    ],
    [
      'the second parent of another form',
      { n: { targets: [{ ...NOTEBOOKS, parents: [...NOTEBOOKS.parents, 'projects/p'] }] } },
      'ValueError',
      ['n', 'targets', 0, 'parents', 1],
    ],
    [
      'a number for a parent',
      { n: { targets: [{ ...NOTEBOOKS, parents: [...NOTEBOOKS.parents, 5] }] } },
      'TypeError',
      ['n', 'targets', 0, 'parents', 1],
    ],
    [
      'a filter of another project',
      { n: { targets: [{ service: 'storagetransfer', parents: ['projects/p'], filter: '{}' }] } },
      'ValueError',
      ['n', 'targets', 0, 'filter'],
    ],
    [
      'a pattern in a list of a target that nothing has',
      { n: { targets: [{ ...NOTEBOOKS, exclude: { name: ['**/a', 'b'] } }] } },
      'ValueError',
      ['n', 'targets', 0, 'exclude', 'name', 1],
    ],
    [
      'an empty pattern',
      { n: { targets: [NOTEBOOKS], exclude: { 'metadata.target': ['a', ''] } } },
      'ValueError',
      ['n', 'exclude', 'metadata.target', 1],
    ],
    [
      'a number in place of exclude',
      { n: { targets: [NOTEBOOKS], exclude: 5 } },
      'TypeError',
      ['n', 'exclude'],
    ],
    ...(
      [
        ['metadata.targets', 'in the plural'],
        ['metadata.Target', 'in another case'],
        ['metadata.create_time', 'as in its proto'],
        ['metadata.taget', 'without a letter'],
        ['metadata.status_message', 'of two words, as in its proto'],
        ['metadata.genericMetadata.createTimes', 'of nested metadata in the plural'],
        ['metadata.genericMetdata.createTime', 'of misspelled nested metadata'],
        ['metadata.label.keep', 'of labels in the singular'],
        ['metadata.@typ', 'of a type'],
        ['Metadata.target', 'of metadata in another case'],
      ] as const
    ).map(
      ([field, title]) =>
        [
          `a field ${title}`,
          { n: { targets: [NOTEBOOKS], exclude: { [field]: '**/prod' } } },
          'ValueError',
          ['n', 'exclude', field],
        ] as const,
    ),
  ],
);

/** The defined sweeps when `REFUSED_TRIGGERS` are parsed. */
export const TRIGGERED = { nightly: NIGHTLY, dry: { targets: [TARGET] } };
const sweeps = parseSweeps(TRIGGERED);

/** Data that are refused as triggers. */
export const REFUSED_TRIGGERS = refusalsOf(
  (data: unknown) => parseTrigger(dataOf(readEvent(pushBody(data))), sweeps),
  [
    ['an unknown sweep', { sweep: 'weekly' }, 'ValueError', ['sweep']],
    ['a dry sweep that is to be a real one', { sweep: 'dry', dryRun: false }, 'ValueError', ['dryRun']],
    ['a sweep that is made up', { sweep: 'dry', targets: [] }, 'ValueError', ['targets']],
    ['something else', { swep: 'nightly' }, 'ValueError', ['sweep']],
    ['a name that is none', { sweep: 7 }, 'TypeError', ['sweep']],
    ['text', 'nightly', 'ValueError', ['data']],
  ],
);

type RunData = Record<string, unknown>;

const [sweep] = sweeps.values();
const run = newSweepRun({
  runId: 'run',
  sweep: sweep ?? assert.fail(),
  cause: { kind: 'message', messageId: '1' },
  dryRun: false,
  context: { id: '1' },
  nowMs: NOON_MS,
});
const runData = JSON.parse(JSON.stringify(sweepRunEvent(run, NOON_MS, NOON_MS).data)) as RunData;

/** Changes that show that this system did not write the message of a run. */
export const RUN_CHANGES = [
  ['without a run', () => ({}), 'ValueError', ['runId']],
  [
    'with a negative count',
    (data: RunData) => ({ ...data, tally: { ...(data.tally as object), found: -1 } }),
    'ValueError',
    ['tally', 'found'],
  ],
  [
    'with a container of jobs that is no segment of a path',
    (data: RunData) => ({ ...data, containers: { listing: 0, ids: ['fine', '../x'] } }),
    'ValueError',
    ['containers', 'ids', 1],
  ],
  [
    'with more requests than operations',
    (data: RunData) => ({ ...data, tally: { ...(data.tally as object), requested: 5 } }),
    'ValueError',
    ['tally', 'found'],
  ],
  [
    'with another number of matches than came of them',
    (data: RunData) => ({ ...data, tally: { ...(data.tally as object), matched: 7 } }),
    'ValueError',
    ['tally', 'matched'],
  ],
  [
    'with operations that were not requested',
    (data: RunData) => ({
      ...data,
      tally: { ...(data.tally as object), operations: Array.from({ length: 9 }, () => 'x') },
    }),
    'ValueError',
    ['tally', 'operations'],
  ],
  [
    'with a note of an operation that was not skipped',
    (data: RunData) => ({
      ...data,
      tally: { ...(data.tally as object), notes: [{ operation: 'x', reason: 'unclear', detail: '' }] },
    }),
    'ValueError',
    ['tally', 'notes'],
  ],
  [
    'that starts in the future',
    (data: RunData) => ({ ...data, startedAt: '2026-11-20T12:30:00.000Z' }),
    'ValueError',
    ['startedAt'],
  ],
  [
    'with a deadline far off',
    (data: RunData) => ({ ...data, deadline: '2027-11-20T12:00:00.000Z' }),
    'ValueError',
    ['deadline'],
  ],
  [
    'due after its deadline',
    (data: RunData) => ({ ...data, notBefore: '2026-11-22T12:00:00.000Z' }),
    'ValueError',
    ['notBefore'],
  ],
] as const;

/** Data that are refused in the message that resumes a run. */
export const REFUSED_RUNS = refusalsOf(
  (change: (data: RunData) => RunData) => parseSweepRun(change(runData), NOON_MS),
  RUN_CHANGES,
);
