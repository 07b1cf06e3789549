import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { jsonAnswer, startGoogleServices } from '../../../../local/emulators/google-apis/google-services.ts';
import { OPERATION, read, START_MS, startCaller, until } from './service-caller.ts';

const CONCURRENT = 2000;

describe('the endpoint', () => {
  it('the endpoint has a placeholder for the host, and listens on this machine alone', async () => {
    await using caller = await startCaller();
    const { endpoint, url } = caller.services;
    assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+\/\{host\}$/);
    assert.equal(endpoint, `${url}/{host}`);
  });

  it('the services listen on the given port, and do not start if it is taken', async () => {
    await using caller = await startCaller();
    const port = Number(new URL(caller.services.url).port);
    await assert.rejects(startGoogleServices({ port }), { code: 'EADDRINUSE' });
  });

  it('the services keep operations of the same name apart by host and version', async () => {
    await using caller = await startCaller();
    const other = OPERATION.replace('notebooks', 'tpu');
    caller.services.add(OPERATION, { state: 'failed' });
    caller.services.add(other);
    assert.equal(((await caller.get(OPERATION)).json as { done: boolean }).done, true);
    assert.equal(((await caller.get(other)).json as { done: boolean }).done, false);
    assert.equal((await caller.get(OPERATION.replace('/v2/', '/v1/'))).status, 404);
  });
});

describe('what there is no answer for', () => {
  it('an operation that was never added is answered NOT_FOUND by its service', async () => {
    await using caller = await startCaller();
    for (const answer of [await caller.get(OPERATION), await caller.cancel(OPERATION)]) {
      assert.equal(answer.status, 404);
      assert.deepEqual(answer.json, {
        error: {
          code: 404,
          message: "Resource 'projects/p/locations/us-central1/operations/operation-1' was not found",
          status: 'NOT_FOUND',
        },
      });
    }
  });

  const noMethods: readonly (readonly [string, string, string])[] = [
    ['an unknown method', 'POST', `${OPERATION}:stop`],
    ['a GET of :cancel', 'GET', `${OPERATION}:cancel`],
    ['a POST to the operation itself', 'POST', OPERATION],
    ['a DELETE', 'DELETE', OPERATION],
    ['a path without a version', 'GET', OPERATION.replace('/v2', '')],
    [
      'a resource that is not an operation',
      'POST',
      'https://cloudchannel.googleapis.com/v1/accounts/a/customers/c/entitlements/e:cancel',
    ],
    ['a host that is not of Google', 'GET', OPERATION.replace('googleapis.com', 'example.com')],
    ['a collection of operations to cancel', 'POST', OPERATION.replace('/operation-1', ':cancel')],
    ['a name that cannot be decoded', 'GET', `${OPERATION}%ff`],
  ];
  for (const [what, method, url] of noMethods) {
    it(`a request for ${what} is answered by the front end's page`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION);
      const answer = await read(await caller.send(url, { method }));
      assert.equal(answer.status, 404);
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=UTF-8');
      assert.match(answer.text, /was not found on this server/);
    });
  }

  it('a POST without a length is answered 411', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION);
    const { hostname, port } = new URL(caller.services.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.end(
      `POST /${OPERATION.slice('https://'.length)}:cancel HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    assert.match(await text(socket), /^HTTP\/1\.1 411 /);
  });
});

describe('a cancel with a body', () => {
  for (const body of ['{}', ' ', '{"name":"x"}']) {
    it(`a cancel with the body ${JSON.stringify(body)} is refused, recorded, and cancels nothing`, async () => {
      await using caller = await startCaller();
      caller.services.add(OPERATION);
      const answer = await read(await caller.send(`${OPERATION}:cancel`, { method: 'POST', body }));
      assert.equal(answer.status, 400);
      assert.equal((answer.json as { error: { status: string } }).error.status, 'INVALID_ARGUMENT');
      assert.equal(caller.services.requests()[0]?.bodyBytes, body.length);
      assert.equal(((await caller.get(OPERATION)).json as { done: boolean }).done, false);
    });
  }

  it('a cancel with a huge body is answered before the body is read', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION);
    const body = Buffer.alloc(5 * 1024 * 1024);
    const answered = await caller.send(`${OPERATION}:cancel`, { method: 'POST', body }).then(
      ({ status }) => status,
      // The caller may be writing still when the server has closed, and then sees that alone.
      () => 'connection lost',
    );
    assert.ok(answered === 413 || answered === 'connection lost');
    assert.equal(caller.services.requests()[0]?.status, 413);
    assert.equal(((await caller.get(OPERATION)).json as { done: boolean }).done, false);
  });
});

describe('the record of requests', () => {
  it('the record has each request and its answer, oldest first', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION);
    await caller.cancel(OPERATION);
    caller.advance(5000);
    await caller.send(`${OPERATION}?alt=json`, { headers: { authorization: 'Bearer x' } });
    const common = { bodyBytes: 0, status: 200 };
    assert.deepEqual(caller.services.requests(), [
      {
        ...common,
        atMs: START_MS,
        method: 'POST',
        url: `${OPERATION}:cancel`,
        query: '',
        authorization: false,
      },
      {
        ...common,
        atMs: START_MS + 5000,
        method: 'GET',
        url: OPERATION,
        query: 'alt=json',
        authorization: true,
      },
    ]);
  });

  it('the record can be filtered by URL and by method', async () => {
    await using caller = await startCaller();
    const other = `${OPERATION}0`;
    for (const url of [OPERATION, other]) {
      caller.services.add(url);
      await caller.get(url);
      await caller.cancel(url);
    }
    const { services } = caller;
    assert.equal(services.requests({ url: other }).length, 1);
    assert.equal(services.requests({ method: 'POST' }).length, 2);
    assert.equal(services.requests({ url: `${other}:cancel`, method: 'POST' }).length, 1);
    assert.equal(services.requests({ url: other, method: 'POST' }).length, 0);
  });

  it('the record gives copies of its entries', async () => {
    await using caller = await startCaller();
    await caller.get(OPERATION);
    Object.assign(caller.services.requests()[0]!, { method: 'changed' });
    assert.equal(caller.services.requests()[0]?.method, 'GET');
  });

  it('the record forgets the oldest requests beyond its limit', async () => {
    await using caller = await startCaller({ requestLimit: 3 });
    for (const id of [1, 2, 3, 4, 5]) await caller.get(OPERATION.replace('operation-1', `o${id}`));
    const ids = caller.services.requests().map(({ url }) => url.slice(-2));
    assert.deepEqual(ids, ['o3', 'o4', 'o5']);
  });
});

describe('what cannot be added', () => {
  const mistaken = [
    'http://notebooks.googleapis.com/v2/projects/p/locations/l/operations/o',
    'https://notebooks.example.com/v2/projects/p/locations/l/operations/o',
    'https://notebooks.googleapis.com/projects/p/locations/l/operations/o',
    'https://notebooks.googleapis.com/v2/projects/p/locations/l/operations',
    'https://notebooks.googleapis.com/v2/projects/p/locations/l/instances/i',
    `${OPERATION}:cancel`,
    `${OPERATION}?alt=json`,
  ];
  for (const url of mistaken) {
    it(`${url} cannot be added as an operation`, async () => {
      await using caller = await startCaller();
      assert.throws(() => caller.services.add(url), TypeError);
    });
  }

  it('an operation cannot be added as a list', async () => {
    await using caller = await startCaller();
    assert.throws(() => caller.services.addList(OPERATION, {}), TypeError);
  });

  it('an operation beyond the limit cannot be added, but an existing one can be replaced', async () => {
    await using caller = await startCaller({ operationLimit: 1 });
    const { services } = caller;
    services.add(OPERATION);
    services.add(OPERATION, { state: 'failed' });
    assert.throws(() => services.add(`${OPERATION}0`), RangeError);
    const parent = OPERATION.replace('/operation-1', '');
    services.addList(parent, {});
    services.addList(parent, { maxPageSize: 1 });
    assert.throws(() => services.addList(parent.replace('us-central1', 'us-east1'), {}), RangeError);
  });
});

describe('a host with an API of its own', () => {
  it('a host with its own handler is answered by it, which gets the request with its body', async () => {
    await using caller = await startCaller({
      hosts: {
        'cloudtasks.googleapis.com': ({ method, path, query, body }) => ({
          answer: jsonAnswer(200, { method, path, key: query.get('key'), body: body.toString() }),
        }),
      },
    });
    const url = 'https://cloudtasks.googleapis.com/v2/projects/p/locations/l/queues/q/tasks';
    const { json } = await read(await caller.send(`${url}?key=k`, { method: 'POST', body: '{"task":{}}' }));
    const path = '/v2/projects/p/locations/l/queues/q/tasks';
    assert.deepEqual(json, { method: 'POST', path, key: 'k', body: '{"task":{}}' });
    assert.equal(caller.services.requests({ url })[0]?.bodyBytes, 11);
  });

  it('a host by the name of an inherited property has no handler', async () => {
    await using caller = await startCaller();
    const response = await fetch(`${caller.services.url}/constructor/v1/operations/o`);
    assert.equal(response.status, 404);
  });
});

describe('the server', () => {
  it(`the server answers ${CONCURRENT} requests at once, each from its own operation`, async () => {
    await using caller = await startCaller();
    const urls = Array.from({ length: CONCURRENT }, (_, index) => `${OPERATION}-${index}`);
    for (const url of urls) caller.services.add(url);
    const answers = await Promise.all(urls.map((url) => caller.cancel(url)));
    assert.ok(answers.every(({ status }) => status === 200));
    const seen = new Set(caller.services.requests({ method: 'POST' }).map(({ url }) => url));
    assert.deepEqual(seen, new Set(urls.map((url) => `${url}:cancel`)));
  });

  it('the server closes while many requests hang, and can be closed twice', async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { cancelFaults: [{ kind: 'hang', times: 'always' }] });
    const hanging = Array.from({ length: 200 }, () => assert.rejects(caller.cancel(OPERATION), TypeError));
    await until(() => caller.services.requests().length === hanging.length);
    await caller.services.close();
    await Promise.all(hanging);
    await caller.services.close();
    await assert.rejects(caller.get(OPERATION), TypeError);
  });
});
