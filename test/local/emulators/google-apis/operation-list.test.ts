import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addAll, allPages, ids, list, PARENT, refusal } from './list-caller.ts';
import { read, startCaller } from './service-caller.ts';

describe('a list of operations', () => {
  it('a list without operations is an empty object, as in proto3', async () => {
    await using caller = await startCaller();
    assert.deepEqual(await list(caller), {});
  });

  for (const parent of [
    PARENT,
    'https://cloudaicompanion.googleapis.com/v1/projects/p/locations/global/operations',
    'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/operations',
    'https://dialogflow.googleapis.com/v2/projects/p/operations',
    'https://cloudchannel.googleapis.com/v1/operations',
    'https://us-documentai.googleapis.com/v1/projects/p/locations/us/operations',
    'https://discoveryengine.googleapis.com/v1/projects/p/locations/global/collections/c/dataStores/d/branches/0/operations',
    'https://translation.googleapis.com/v3/projects/p/locations/us-central1/operations',
    'https://dataproc.googleapis.com/v1/projects/p/regions/us-central1/operations',
    'https://spanner.googleapis.com/v1/projects/p/instances/i/databases/d/operations',
    'https://firestore.googleapis.com/v1/projects/p/databases/d/operations',
    'https://datastore.googleapis.com/v1/projects/p/operations',
  ]) {
    it(`the list at ${parent} shows each operation as its own GET does`, async () => {
      await using caller = await startCaller();
      addAll(caller, { a: { ageMs: 3_600_000 }, b: { state: 'failed' } }, parent);
      const { operations } = await list(caller, '', parent);
      assert.deepEqual(operations, [
        (await caller.get(`${parent}/a`)).json,
        (await caller.get(`${parent}/b`)).json,
      ]);
    });
  }

  it('a list comes in pages of the requested size, the last one without a token', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {}, c: {}, d: {} });
    assert.deepEqual(await allPages(caller, 3), [['a', 'b', 'c'], ['d']]);
    assert.deepEqual(await allPages(caller, 2), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('a list keeps the place of an operation that is added again', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {}, c: {} });
    addAll(caller, { a: { state: 'failed' } });
    assert.deepEqual(await allPages(caller, 1), [['a'], ['b'], ['c']]);
  });

  it('a list comes in pages of a hundred by default', async () => {
    await using caller = await startCaller();
    for (let index = 0; index < 101; index += 1) caller.services.add(`${PARENT}/o${index}`);
    const first = await list(caller);
    assert.equal(ids(first).length, 100);
    assert.deepEqual(ids(await list(caller, `?pageToken=${first.nextPageToken ?? ''}`)), ['o100']);
  });

  it('a list skips and repeats nothing when operations come and vanish between two pages', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: { onCancel: 'vanishes' }, b: {}, c: {} });
    const first = await list(caller, '?pageSize=2');
    await caller.cancel(`${PARENT}/a`);
    addAll(caller, { d: {} });
    assert.deepEqual(ids(await list(caller, `?pageToken=${first.nextPageToken ?? ''}`)), ['c', 'd']);
    assert.deepEqual(ids(await list(caller)), ['b', 'c', 'd']);
  });

  it('a list contains the operations of its parent alone', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {} });
    addAll(caller, { elsewhere: {} }, PARENT.replace('us-central1', 'us-east1'));
    addAll(caller, { nested: {} }, PARENT.replace('/operations', '/instances/i/operations'));
    addAll(caller, { other: {} }, PARENT.replace('notebooks', 'tpu'));
    addAll(caller, { version: {} }, PARENT.replace('v2', 'v1'));
    assert.deepEqual(ids(await list(caller)), ['a']);
  });

  it('a list with a hyphen as its location spans all locations', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {} });
    addAll(caller, { b: {} }, PARENT.replace('us-central1', 'us-east1'));
    addAll(caller, { c: {} }, PARENT.replace('projects/p', 'projects/q'));
    addAll(caller, { nested: {} }, PARENT.replace('/operations', '/instances/i/operations'));
    assert.deepEqual(ids(await list(caller, '', PARENT.replace('us-central1', '-'))), ['a', 'b']);
  });

  it('a list can have names without a project', async () => {
    await using caller = await startCaller();
    const parent = 'https://cloudchannel.googleapis.com/v1/operations';
    addAll(caller, { a: {}, 'b/c': {} }, parent);
    const { operations } = await list(caller, '', parent);
    assert.deepEqual(
      operations?.map(({ name }) => name),
      ['operations/a', 'operations/b/c'],
    );
  });

  const filters = [
    ['', ['running', 'ended']],
    ['done=false', ['running']],
    ['done = true', ['ended']],
    ['done:true', ['ended']],
    ['NOT done:true', ['running']],
  ] as const;
  for (const [filter, expected] of filters) {
    it(`a list with the filter "${filter}" contains ${expected.join(' and ')}`, async () => {
      await using caller = await startCaller();
      addAll(caller, { running: {}, ended: { state: 'neither' } });
      assert.deepEqual(ids(await list(caller, `?filter=${encodeURIComponent(filter)}`)), expected);
    });
  }

  it('a filter by done works for services that leave false fields out', async () => {
    await using caller = await startCaller();
    const parent =
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/operations';
    addAll(caller, { running: {}, ended: { state: 'failed' } }, parent);
    const page = await list(caller, '?filter=done%3Dfalse', parent);
    assert.deepEqual([ids(page), 'done' in (page.operations?.[0] ?? {})], [['running'], false]);
  });

  it('a filter applies before the page size', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: { state: 'failed' }, b: {}, c: { state: 'failed' }, d: {} });
    const page = await list(caller, '?filter=done%3Dfalse&pageSize=2');
    assert.deepEqual([ids(page), page.nextPageToken], [['b', 'd'], undefined]);
  });
});

describe('a list call that is refused', () => {
  const mistakes = ['?pageSize=-1', '?pageSize=many', '?pageToken=x', '?filter=metadata.verb%3Dcreate'];
  for (const query of mistakes) {
    it(`a list with the query ${query} is refused`, async () => {
      await using caller = await startCaller();
      const answer = await read(await caller.send(PARENT + query));
      assert.equal(answer.status, 400);
      assert.equal((answer.json as { error: { status: string } }).error.status, 'INVALID_ARGUMENT');
    });
  }

  for (const [what, parent, query] of [
    ['another parent', PARENT.replace('us-central1', 'us-east1'), ''],
    ['another filter', PARENT, '&filter=done%3Dfalse'],
  ] as const) {
    it(`a page token of ${what} is refused`, async () => {
      await using caller = await startCaller();
      addAll(caller, { a: {}, b: {} });
      const { nextPageToken = '' } = await list(caller, '?pageSize=1');
      assert.deepEqual(await refusal(caller, `${parent}?pageToken=${nextPageToken}${query}`), [
        400,
        'INVALID_ARGUMENT',
        'The page token is invalid.',
      ]);
    });
  }
});
