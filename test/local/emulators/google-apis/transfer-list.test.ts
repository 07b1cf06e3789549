import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { addAll, idsOf, listed, pagesOf, refusal } from './list-caller.ts';
import { startCaller } from './service-caller.ts';

const LIST = 'https://storagetransfer.googleapis.com/v1/transferOperations';
const filtered = (filter: unknown) =>
  `filter=${encodeURIComponent(typeof filter === 'string' ? filter : JSON.stringify(filter))}`;

describe('the list of Storage Transfer', () => {
  const selections: readonly (readonly [string, JsonObject, readonly string[]])[] = [
    ['a project', { projectId: 'my-project' }, ['transferJobs-2-1', 'transferJobs-1-2', 'transferJobs-1-1']],
    ['another project', { projectId: 'other' }, ['transferJobs-9-1']],
    ['a project without operations', { projectId: 'third' }, []],
    ['a job', { projectId: 'my-project', jobNames: ['transferJobs/2'] }, ['transferJobs-2-1']],
    [
      'operations by name',
      { projectId: 'my-project', operationNames: ['transferOperations/transferJobs-1-2'] },
      ['transferJobs-1-2'],
    ],
    [
      'statuses in any case',
      { projectId: 'my-project', transferStatuses: ['in_progress', 'Paused'] },
      ['transferJobs-2-1', 'transferJobs-1-2'],
    ],
    [
      'all statuses if the filter names none',
      { projectId: 'other', transferStatuses: [] },
      ['transferJobs-9-1'],
    ],
    [
      'operations by the field names of protobuf',
      { project_id: 'my-project', job_names: ['transferJobs/2'] },
      ['transferJobs-2-1'],
    ],
  ];
  for (const [what, filter, expected] of selections) {
    it(`the list of Storage Transfer has ${what}, the newest first`, async () => {
      await using caller = await startCaller();
      addAll(
        caller,
        {
          'transferJobs-1-1': { state: 'succeeded' },
          'transferJobs-1-2': {},
          'transferJobs-9-1': { metadata: { projectId: 'other' } },
          'transferJobs-2-1': {},
        },
        LIST,
      );
      const { operations } = await listed(caller, LIST, `?${filtered(filter)}`);
      assert.deepEqual(idsOf(operations), expected);
    });
  }

  const refused: readonly (readonly [string, string])[] = [
    ['no filter', ''],
    ['an empty filter', 'filter='],
    ['the filter of other services', filtered('done=false')],
    ['a list', filtered('["my-project"]')],
    ['null', filtered('null')],
    ['no project', filtered({ jobNames: [] })],
    ['an empty project', filtered({ projectId: '' })],
    ['a project that is not text', filtered({ projectId: 1 })],
    ['a status that is in no list', filtered({ projectId: 'my-project', transferStatuses: 'IN_PROGRESS' })],
    ['jobs that are not texts', filtered({ projectId: 'my-project', jobNames: [1] })],
    ['an unknown field', filtered({ projectId: 'my-project', done: false })],
  ];
  for (const [what, query] of refused) {
    it(`the list of Storage Transfer is refused with ${what}`, async () => {
      await using caller = await startCaller();
      const [status, name] = await refusal(caller, `${LIST}?${query}`);
      assert.deepEqual([status, name], [400, 'INVALID_ARGUMENT']);
    });
  }

  it('the list of Storage Transfer comes in pages, the newest first, that new and vanished operations do not disturb', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {}, c: { onCancel: 'vanishes' }, d: {} }, LIST);
    const query = `${filtered({ projectId: 'my-project' })}&pageSize=2`;
    const first = await listed(caller, LIST, `?${query}`);
    assert.deepEqual(idsOf(first['operations']), ['d', 'c']);
    await caller.cancel(`${LIST}/c`);
    addAll(caller, { e: {} }, LIST);
    const second = await listed(caller, LIST, `?${query}&pageToken=${String(first['nextPageToken'])}`);
    assert.deepEqual([idsOf(second['operations']), second['nextPageToken']], [['b', 'a'], undefined]);
    const pages = await pagesOf(caller, LIST, query);
    assert.deepEqual(
      pages.map(({ operations }) => idsOf(operations)),
      [
        ['e', 'd'],
        ['b', 'a'],
      ],
    );
  });
});
