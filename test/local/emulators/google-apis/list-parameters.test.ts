import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addAll, idsOf, list, listed, PARENT, refusal } from './list-caller.ts';
import { OPERATION, read, startCaller } from './service-caller.ts';

const LISTS = {
  notebooks: PARENT,
  storagetransfer: 'https://storagetransfer.googleapis.com/v1/transferOperations',
  container: 'https://container.googleapis.com/v1/projects/p/locations/-/operations',
  sqladmin: 'https://sqladmin.googleapis.com/v1/projects/p/operations',
  storage: 'https://storage.googleapis.com/storage/v1/b/bucket/operations',
} as const;
type Service = keyof typeof LISTS;

const TRANSFERS = `filter=${encodeURIComponent('{"projectId":"my-project"}')}`;
const unknown = (name: string) =>
  `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;

describe('a query parameter', () => {
  const foreign: readonly (readonly [Service, readonly string[]])[] = [
    ['notebooks', ['pagesize', 'page', 'maxResults', 'name', 'parent', 'constructor']],
    ['storagetransfer', ['maxResults', 'projectId']],
    ['container', ['pageSize', 'pageToken', 'filter', 'returnPartialSuccess']],
    ['sqladmin', ['pageSize', 'filter', 'returnPartialSuccess']],
    ['storage', ['maxResults', 'returnPartialSuccess']],
  ];
  for (const [service, names] of foreign) {
    for (const name of names) {
      it(`the list of ${service} refuses the query parameter ${name} by its name`, async () => {
        await using caller = await startCaller();
        const answer = await refusal(caller, `${LISTS[service]}?${name}=1`);
        assert.deepEqual(answer, [400, 'INVALID_ARGUMENT', unknown(name)]);
      });
    }
  }

  const system =
    '$.xgafv=2&access_token=a&alt=json&callback=c&fields=*&key=k&oauth_token=o&prettyPrint=false&quotaUser=q&uploadType=media&upload_protocol=raw';
  const own: Readonly<Record<Service, string>> = {
    notebooks: 'filter=&pageSize=1&pageToken=&returnPartialSuccess=false',
    storagetransfer: `${TRANSFERS}&pageSize=1&pageToken=`,
    container: '',
    sqladmin: 'instance=i&location=l&maxResults=1&pageToken=',
    storage: 'filter=&pageSize=1&pageToken=',
  };
  for (const [service, query] of Object.entries(own)) {
    it(`the list of ${service} takes its own query parameters and those of every method`, async () => {
      await using caller = await startCaller();
      await listed(caller, LISTS[service as Service], `?${system}&${query}`);
    });
  }

  it('a list names each of several unknown query parameters once', async () => {
    await using caller = await startCaller();
    const { json } = await read(await caller.send(`${PARENT}?b=1&pageSize=5&a=1&b=2`));
    const descriptions = [unknown('b'), unknown('a')];
    assert.deepEqual((json as { error: object }).error, {
      code: 400,
      message: descriptions.join('\n'),
      status: 'INVALID_ARGUMENT',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: descriptions.map((description) => ({ description })),
        },
      ],
    });
  });

  it('an unknown query parameter is refused before a fault is used up', async () => {
    await using caller = await startCaller();
    caller.services.addList(PARENT, { listFaults: [{ kind: 'UNAVAILABLE' }] });
    assert.equal((await caller.send(`${PARENT}?page=2`)).status, 400);
    assert.equal((await caller.send(PARENT)).status, 503);
  });

  for (const [what, url, method] of [
    ['GET', OPERATION, 'GET'],
    ['cancel', `${OPERATION}:cancel`, 'POST'],
  ] as const) {
    it(`a ${what} refuses the query parameters of lists`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION);
      assert.equal((await caller.send(`${url}?pageSize=1`, { method })).status, 400);
      assert.equal(((await caller.get(OPERATION)).json as { done: boolean }).done, false);
      assert.equal((await caller.send(`${url}?alt=json`, { method })).status, 200);
    });
  }
});

describe('the size of a page', () => {
  const refused: readonly (readonly [Service, string, string])[] = [
    ['notebooks', 'pageSize=-1', `Invalid value at 'page_size' (TYPE_INT32), "-1"`],
    ['notebooks', 'pageSize=many', `Invalid value at 'page_size' (TYPE_INT32), "many"`],
    ['sqladmin', 'maxResults=1.5', `Invalid value at 'max_results' (TYPE_UINT32), "1.5"`],
  ];
  for (const [service, query, message] of refused) {
    it(`the page size ${query} is refused`, async () => {
      await using caller = await startCaller();
      const answer = await refusal(caller, `${LISTS[service]}?${query}`);
      assert.deepEqual(answer, [400, 'INVALID_ARGUMENT', message]);
    });
  }

  const most: readonly (readonly [Service, string, number, string])[] = [
    ['notebooks', 'pageSize=5000', 1000, 'operations'],
    ['storagetransfer', `pageSize=5000&${TRANSFERS}`, 256, 'operations'],
    ['sqladmin', 'maxResults=5000', 1000, 'items'],
    ['storage', 'pageSize=5000', 100, 'operations'],
    ['notebooks', 'pageSize=0', 100, 'operations'],
  ];
  for (const [service, query, expected, field] of most) {
    it(`the page of ${service} has ${expected} operations for ${query}`, async () => {
      await using caller = await startCaller();
      for (let index = 0; index < expected + 1; index += 1)
        caller.services.add(`${LISTS[service]}/o${index}`);
      const page = await listed(caller, LISTS[service], `?${query}`);
      assert.equal(idsOf(page[field]).length, expected);
      assert.equal(typeof page['nextPageToken'], 'string');
    });
  }
});

describe('partial success', () => {
  it('partial success is refused as UNIMPLEMENTED by most services', async () => {
    await using caller = await startCaller();
    addAll(caller, { a: {} });
    const [status, name] = await refusal(caller, `${PARENT}?returnPartialSuccess=true`);
    assert.deepEqual([status, name], [501, 'UNIMPLEMENTED']);
    assert.equal((await list(caller, '?returnPartialSuccess=false')).operations?.length, 1);
  });

  it('partial success is requested with true or false only', async () => {
    await using caller = await startCaller();
    assert.deepEqual(await refusal(caller, `${PARENT}?returnPartialSuccess=yes`), [
      400,
      'INVALID_ARGUMENT',
      `Invalid value at 'return_partial_success' (TYPE_BOOL), "yes"`,
    ]);
  });
});
