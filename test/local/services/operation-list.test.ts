import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperationScript } from '../../../local/services/google-services.ts';
import { read, startCaller, type Caller } from './service-caller.ts';

const PARENT = 'https://notebooks.googleapis.com/v2/projects/p/locations/us-central1/operations';

interface Page {
  readonly operations?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
  readonly unreachable?: readonly string[];
}

async function list(caller: Caller, query = '', parent = PARENT): Promise<Page> {
  const { status, json } = await read(await caller.send(parent + query));
  assert.equal(status, 200);
  return json as Page;
}

/** The ids on a page. */
function ids({ operations = [] }: Page): string[] {
  return operations.map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
}

function addAll(caller: Caller, scripts: Readonly<Record<string, OperationScript>>, parent = PARENT): void {
  for (const [id, script] of Object.entries(scripts)) caller.services.add(`${parent}/${id}`, script);
}

/** Every page's ids, following the tokens. */
async function allPages(caller: Caller, pageSize: number): Promise<string[][]> {
  const pages: string[][] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const page: Page = await list(caller, `?pageSize=${pageSize}&pageToken=${token}`);
    pages.push(ids(page));
    assert.ok(pages.length < 10, 'the pages come to an end');
    token = page.nextPageToken;
  }
  return pages;
}

describe('a list of operations', () => {
  it('of none is an empty object, as proto3 has it', async () => {
    await using caller = await startCaller();
    assert.deepEqual(await list(caller), {});
  });

  it('shows each operation as its own GET does', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: { ageMs: 3_600_000 }, b: { state: 'failed' } });
    const { operations } = await list(caller);
    assert.deepEqual(operations, [
      (await caller.get(`${PARENT}/a`)).json,
      (await caller.get(`${PARENT}/b`)).json,
    ]);
  });

  it('comes in pages of the size asked for, the last one without a token', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {}, c: {}, d: {} });
    assert.deepEqual(await allPages(caller, 3), [['a', 'b', 'c'], ['d']]);
    assert.deepEqual(await allPages(caller, 2), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('keeps the place of an operation that is added again', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {}, c: {} });
    addAll(caller, { a: { state: 'failed' } });
    assert.deepEqual(await allPages(caller, 1), [['a'], ['b'], ['c']]);
  });

  it('comes in pages of a hundred where no size is asked for', async () => {
    await using caller = await startCaller();
    for (let index = 0; index < 101; index += 1) caller.services.add(`${PARENT}/o${index}`);
    const first = await list(caller);
    assert.equal(ids(first).length, 100);
    assert.deepEqual(ids(await list(caller, `?pageToken=${first.nextPageToken ?? ''}`)), ['o100']);
  });

  it('skips and repeats nothing when operations vanish and come between two pages', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: { onCancel: 'vanishes' }, b: {}, c: {} });
    const first = await list(caller, '?pageSize=2');
    await caller.cancel(`${PARENT}/a`);
    addAll(caller, { d: {} });
    assert.deepEqual(ids(await list(caller, `?pageToken=${first.nextPageToken ?? ''}`)), ['c', 'd']);
    assert.deepEqual(ids(await list(caller)), ['b', 'c', 'd']);
  });

  it('holds those of its parent alone', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {} });
    addAll(caller, { elsewhere: {} }, PARENT.replace('us-central1', 'us-east1'));
    addAll(caller, { nested: {} }, PARENT.replace('/operations', '/instances/i/operations'));
    addAll(caller, { other: {} }, PARENT.replace('notebooks', 'tpu'));
    addAll(caller, { version: {} }, PARENT.replace('v2', 'v1'));
    assert.deepEqual(ids(await list(caller)), ['a']);
  });

  it('spans the locations where a hyphen stands for them', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {} });
    addAll(caller, { b: {} }, PARENT.replace('us-central1', 'us-east1'));
    addAll(caller, { c: {} }, PARENT.replace('projects/p', 'projects/q'));
    assert.deepEqual(ids(await list(caller, '', PARENT.replace('us-central1', '-'))), ['a', 'b']);
  });

  it('works for names that have no project', async () => {
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
    it(`with the filter "${filter}" holds ${expected.join(' and ')}`, async () => {
      await using caller = await startCaller();
      addAll(caller, { running: {}, ended: { state: 'neither' } });
      assert.deepEqual(ids(await list(caller, `?filter=${encodeURIComponent(filter)}`)), expected);
    });
  }

  it('counts a page after filtering', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: { state: 'failed' }, b: {}, c: { state: 'failed' }, d: {} });
    const page = await list(caller, '?filter=done%3Dfalse&pageSize=2');
    assert.deepEqual([ids(page), page.nextPageToken], [['b', 'd'], undefined]);
  });
});

describe('a list call that is refused', () => {
  const mistakes = ['?pageSize=-1', '?pageSize=many', '?pageToken=x', '?filter=metadata.verb%3Dcreate'];
  for (const query of mistakes) {
    it(`has the query ${query}`, async () => {
      await using caller = await startCaller();
      const answer = await read(await caller.send(PARENT + query));
      assert.equal(answer.status, 400);
      assert.equal((answer.json as { error: { status: string } }).error.status, 'INVALID_ARGUMENT');
    });
  }

  it('has the page token of another parent', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {} });
    const { nextPageToken = '' } = await list(caller, '?pageSize=1');
    const other = PARENT.replace('us-central1', 'us-east1');
    assert.equal((await caller.send(`${other}?pageToken=${nextPageToken}`)).status, 400);
  });
});

describe('a scripted list', () => {
  it('names what could not be reached, beside what could', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {} });
    const unreachable = ['projects/p/locations/us-east1'];
    caller.services.addList(PARENT, { unreachable });
    const page = await list(caller);
    assert.deepEqual([ids(page), page.unreachable], [['a'], unreachable]);
  });

  it('gives fewer a page than were asked for', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {}, b: {}, c: {} });
    caller.services.addList(PARENT, { maxPageSize: 1 });
    assert.deepEqual(await allPages(caller, 100), [['a'], ['b'], ['c']]);
  });

  it('meets its faults first, and no other parent does', async () => {
    await using caller = await startCaller();
    caller.services.addList(PARENT, { listFaults: [{ kind: 'PERMISSION_DENIED' }] });
    assert.equal((await caller.send(PARENT.replace('us-central1', 'us-east1'))).status, 200);
    assert.equal((await caller.send(PARENT)).status, 403);
    assert.equal((await caller.send(PARENT)).status, 200);
  });
});
