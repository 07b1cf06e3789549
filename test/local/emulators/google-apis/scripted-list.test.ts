import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addAll, allPages, ids, list, PARENT, refusal } from './list-caller.ts';
import { startCaller } from './service-caller.ts';

describe('a scripted list', () => {
  it('a scripted list names the unreachable locations beside its operations', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {} });
    const unreachable = ['projects/p/locations/us-east1'];
    caller.services.addList(PARENT, { unreachable });
    const page = await list(caller);
    assert.deepEqual([ids(page), page.unreachable], [['a'], unreachable]);
  });

  it('a scripted list has smaller pages than its caller asks for', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {}, c: {} });
    caller.services.addList(PARENT, { maxPageSize: 1 });
    assert.deepEqual(await allPages(caller, 100), [['a'], ['b'], ['c']]);
  });

  it('a scripted list has no larger pages than its service allows', async () => {
    await using caller = await startCaller();
    const parent = 'https://storage.googleapis.com/storage/v1/b/bucket/operations';
    for (let index = 0; index < 101; index += 1) caller.services.add(`${parent}/o${index}`);
    caller.services.addList(parent, { maxPageSize: 1000 });
    assert.equal(ids(await list(caller, '?pageSize=1000', parent)).length, 100);
  });

  it('a scripted list refuses a hyphen for its parent alone', async () => {
    await using caller = await startCaller();
    const anywhere = PARENT.replace('us-central1', '-');
    caller.services.addList(anywhere, { noWildcard: true });
    assert.deepEqual(await refusal(caller, anywhere), [
      400,
      'INVALID_ARGUMENT',
      'Request contains an invalid argument.',
    ]);
    assert.equal((await caller.send(PARENT)).status, 200);
    assert.equal((await caller.send(anywhere.replace('projects/p', 'projects/q'))).status, 200);
  });

  it("a scripted list shows names with the project's number, in pages too", async () => {
    await using caller = await startCaller();
    const numbered = PARENT.replace('projects/p', 'projects/123');
    addAll(caller, { hidden: {} });
    addAll(caller, { a: {}, b: {} }, numbered);
    caller.services.addList(PARENT, { projectNumber: '123' });
    assert.deepEqual(await allPages(caller, 1), [['a'], ['b']]);
    const { operations } = await list(caller);
    assert.equal(operations?.[0]?.name, 'projects/123/locations/us-central1/operations/a');
  });

  const impossible = [
    ['a hyphen that its parent does not have', PARENT, { noWildcard: true }],
    [
      'the number of no project',
      'https://cloudchannel.googleapis.com/v1/operations',
      { projectNumber: '123' },
    ],
    [
      'a method that its service does not have',
      'https://cloudbuild.googleapis.com/v1/projects/p/locations/l/operations',
      {},
    ],
    [
      'pages of a list that has none',
      'https://container.googleapis.com/v1/projects/p/locations/l/operations',
      { maxPageSize: 5 },
    ],
    [
      'unreachable locations that a list never shows',
      'https://sqladmin.googleapis.com/v1/projects/p/operations',
      { unreachable: ['us-east1'] },
    ],
  ] as const;
  for (const [what, url, script] of impossible) {
    it(`a list script without effect is refused: ${what}`, async () => {
      await using caller = await startCaller();
      assert.throws(() => caller.services.addList(url, script), TypeError);
    });
  }

  it('a scripted list answers with its faults first, for its parent alone', async () => {
    await using caller = await startCaller();
    caller.services.addList(PARENT, { listFaults: [{ kind: 'PERMISSION_DENIED' }] });
    assert.equal((await caller.send(PARENT.replace('us-central1', 'us-east1'))).status, 200);
    assert.equal((await caller.send(PARENT)).status, 403);
    assert.equal((await caller.send(PARENT)).status, 200);
  });
});
