import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { writeLocalAddress } from '../../local/local-address.ts';
import type { PageRecord, Source } from '../../local/page/model/records.ts';
import { inNotebooks, startTestSystem } from '../integration/test-system.ts';
import type { TestSystem } from '../integration/test-system.ts';
import { startGoogleApis } from './google-apis-stand-in.ts';
import type { GoogleApisStandIn } from './google-apis-stand-in.ts';
import { environmentOf, runCli, temporarySubscriptions } from './run-cli.ts';
import { withConsole } from './run-console.ts';

type RecordOf<Kind extends PageRecord['kind']> = Extract<PageRecord, { kind: Kind }>;

let system: TestSystem;
let apis: GoogleApisStandIn;
before(async () => {
  [system, apis] = await Promise.all([
    startTestSystem({
      settings: {
        SWEEPS: JSON.stringify({
          nightly: {
            targets: [{ service: 'notebooks', parents: ['projects/my-project/locations/us-central1'] }],
          },
        }),
      },
    }),
    startGoogleApis(),
  ]);
});
after(async () => {
  await system.close();
  await apis.close();
});

/** With the local Cloud Tasks, which the simulated services have. */
const localQueue = () => ['--queue', system.recheckQueue ?? ''];
const withTasks = () => ({ ...environmentOf(system), GOOGLE_API_ENDPOINT: system.services.endpoint });
const withStandIn = () => ({ ...environmentOf(system), GOOGLE_API_ENDPOINT: apis.endpoint });
/** The project that the stand-in has a queue in. */
const queueIn = (project: string) => `projects/${project}/locations/europe-west1/queues/lro-cancel-rechecks`;

const isRequest =
  (requestId: string, status: string) =>
  (record: PageRecord): record is RecordOf<'request'> =>
    record.kind === 'request' && record.request.requestId === requestId && record.request.status === status;
const isSource =
  (id: Source['id'], state: Source['state']) =>
  (record: PageRecord): record is RecordOf<'source'> =>
    record.kind === 'source' && record.source.id === id && record.source.state === state;

describe('lro-cancel console', () => {
  it('console shows a result with its times and its trace, deletes its subscriptions on SIGINT, and exits with 0', async () => {
    system.services.add(inNotebooks('shown'), { afterMs: 10 });
    const { stdout, stderr, exitCode } = await withConsole([], environmentOf(system), async (running) => {
      assert.equal((await temporarySubscriptions(system)).length, 2);
      const trace = '0af7651916cd43dd8448eb211c80319c';
      await system.request(
        { operation: inNotebooks('shown'), requestId: 'shown-1', reason: '<b>bold</b>' },
        { 'ce-traceparent': `00-${trace}-b7ad6b7169203331-01` },
      );
      const { request } = await running.until(isRequest('shown-1', 'CANCELLED'));
      assert.deepEqual(
        [request.ended, request.service, request.traceId, request.result?.reason],
        [true, 'notebooks', trace, '<b>bold</b>'],
      );
      assert.deepEqual(
        request.steps.map(({ title }) => title),
        ['Requested', 'POST', 'GET', 'CANCELLED'],
      );
      assert.equal(request.firstMs, Date.parse(request.result?.requestedAt ?? ''));
    });
    assert.match(stdout, /^Page: http:\/\/127\.0\.0\.1:\d+\/\nThe page is read-only\./);
    assert.match(stderr, /^The queue of an emulator is not known\./);
    assert.equal(exitCode, 0);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('console shows a request that waits in the queue, its task and its result', async () => {
    system.services.add(inNotebooks('waits'), { afterMs: 6_000 });
    await withConsole(localQueue(), withTasks(), async (running) => {
      const ended = running.until(isRequest('waits-1', 'CANCELLED'));
      const isTask = (record: PageRecord): record is RecordOf<'task'> =>
        record.kind === 'task' && record.task.request?.requestId === 'waits-1';
      const tasks = running.until(isTask);
      const waiting = running.until(isRequest('waits-1', 'Waiting'));
      await system.request({ operation: inNotebooks('waits'), requestId: 'waits-1' });
      const { request } = await waiting;
      assert.deepEqual([request.ended, request.posts], [false, 1]);
      assert.match(request.steps.at(-1)?.text ?? '', /^for the check at \d\d:\d\d:\d\d; then gets/);
      assert.equal((await tasks).task.purpose, 'recheck');
      const { source } = await running.until(isSource('queue', 'read'));
      assert.deepEqual([source.queue?.state, source.queue?.name], ['RUNNING', system.recheckQueue]);
      assert.equal((await ended).request.key, request.key);
    });
  });

  it('console shows the report of a sweep, with what started it', async () => {
    await withConsole([], environmentOf(system), async (running) => {
      const isRun = (record: PageRecord): record is RecordOf<'run'> =>
        record.kind === 'run' && record.run.sweep === 'nightly';
      const reported = running.until(isRun);
      await system.trigger({ sweep: 'nightly' });
      const { run } = await reported;
      assert.deepEqual([run.ended, run.cause, run.report?.dryRun], [true, 'Started by a message', true]);
    });
  });

  it('console shows a dead letter with its content and why it is one', async () => {
    await withConsole([], environmentOf(system), async (running) => {
      const shown = running.until(
        (record): record is RecordOf<'dead-letter'> => record.kind === 'dead-letter',
      );
      await system.pubsub.topic(system.topology.topics.deadLetters).publishMessage({
        json: { operation: inNotebooks('dead'), requestId: 'dead-1', reason: '<script>' },
        attributes: {
          CloudPubSubDeadLetterSourceDeliveryCount: '20',
          CloudPubSubDeadLetterSourceSubscription: 'lro-cancel-requests-push',
        },
      });
      const { deadLetter } = await shown;
      assert.equal(deadLetter.kind, 'a cancel request');
      assert.equal(
        deadLetter.why,
        'Pub/Sub gave up after 20 deliveries by the subscription lro-cancel-requests-push.',
      );
      assert.equal(deadLetter.requestId, 'dead-1');
      assert.match(deadLetter.body, /"reason": "<script>"/);
      // The function answers it.
      await running.until(isRequest('dead-1', 'ERROR'));
    });
  });

  it('console says of a message that is no result why it is not shown, and shows the next one', async () => {
    await withConsole([], environmentOf(system), async (running) => {
      const noticed = running.until((record): record is RecordOf<'notice'> => record.kind === 'notice');
      const results = system.pubsub.topic(system.topology.topics.results);
      const attributes = { 'ce-id': 'forged', 'ce-type': 'lro-cancel.result.v1' };
      await results.publishMessage({ json: { requestId: 'forged', outcome: 'SPLENDID' }, attributes });
      assert.match(
        (await noticed).notice.message,
        /^A message on the topic of results is no result that this version reads: outcome: /,
      );
      await system.request({ operation: inNotebooks('gone'), requestId: 'after-forged' });
      await running.until(isRequest('after-forged', 'NOT_FOUND'));
    });
  });

  it('console is read-only: it explains a request, and has nothing that publishes one', async () => {
    const requests = await system.copyOf('requests');
    const triggers = await system.copyOf('triggers');
    await withConsole([], environmentOf(system), async ({ post, facts, url }) => {
      const message = { operation: inNotebooks('untouched') };
      const published = await post('api/publish', { topic: 'requests', message });
      assert.equal(published.status, 404);
      assert.equal((await post('api/simulate', { url: inNotebooks('untouched') })).status, 404);
      const explained = await post('api/explain', message);
      assert.deepEqual(await explained.json(), {
        service: 'notebooks v2',
        name: 'projects/my-project/locations/us-central1/operations/untouched',
        cancel: `POST ${inNotebooks('untouched')}:cancel`,
        get: `GET ${inNotebooks('untouched')}`,
        url: inNotebooks('untouched'),
      });
      const { canPublish, system: kind, views } = await facts();
      assert.deepEqual(
        [canPublish, kind, views],
        [false, 'deployed', ['requests', 'sweeps', 'queue', 'dead-letters']],
      );
      for (const file of ['', 'page.js', 'page.css', 'icon.svg']) {
        const response = await fetch(new URL(file, url));
        assert.equal(response.status, 200, file);
        assert.ok((await response.text()).length > 100, file);
        assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
      }
    });
    // A message that was published before would come before this one.
    await system.request({ operation: inNotebooks('gone'), requestId: 'after-read-only' });
    await system.resultOf('after-read-only');
    assert.deepEqual([requests(), triggers()], [1, 0]);
  });

  it('console refuses other origins, also with --allow-requests', async () => {
    await withConsole(['--allow-requests'], environmentOf(system), async ({ url }) => {
      const headers = { 'content-type': 'application/json' };
      for (const origin of ['https://evil.example', undefined]) {
        const response = await fetch(new URL('api/publish', url), {
          method: 'POST',
          headers: { ...headers, ...(origin !== undefined && { origin }) },
          body: JSON.stringify({ topic: 'requests', message: { operation: inNotebooks('o') } }),
        });
        assert.equal(response.status, 403);
      }
    });
  });

  it('console publishes the requests and triggers of its page with --allow-requests', async () => {
    system.services.add(inNotebooks('asked-for'), { afterMs: 10 });
    const { stdout } = await withConsole(['--allow-requests'], environmentOf(system), async (running) => {
      const ended = running.until(isRequest('asked-for-1', 'CANCELLED'));
      const message = { operation: inNotebooks('asked-for'), requestId: 'asked-for-1' };
      const response = await running.post('api/publish', { topic: 'requests', message });
      assert.equal(response.status, 200);
      await ended;
      const refused = running.until(
        (record): record is RecordOf<'notice'> =>
          record.kind === 'notice' && record.notice.event === 'trigger.refused',
      );
      await running.post('api/publish', { topic: 'triggers', message: { sweep: 'nope' } });
      assert.match((await refused).notice.message, /SWEEPS defines nightly/);
      const elsewhere = await running.post('api/publish', { topic: 'rechecks', message: {} });
      assert.equal(elsewhere.status, 400);
    });
    assert.match(stdout, /Requests of the page are published to projects\/\S+\/topics\/lro-cancel-requests/);
  });

  it('console says which role it needs for a queue that it may not read, and goes on', async () => {
    const project = system.topology.projectId;
    apis.resources.set(`cloudtasks.googleapis.com/v2/${queueIn(project)}`, 403);
    const { stderr } = await withConsole(['--queue', 'europe-west1'], withStandIn(), async (running) => {
      const { source } = await running.until(isSource('queue', 'unreadable'));
      assert.match(source.text, /HTTP 403 not for you It needs roles\/cloudtasks\.viewer/);
      await system.request({ operation: inNotebooks('gone'), requestId: 'beside-a-queue' });
      await running.until(isRequest('beside-a-queue', 'NOT_FOUND'));
    });
    assert.match(stderr, /The queue cannot be read/);
  });

  it('console finds the queue by the function, and says that it is paused', async () => {
    const project = system.topology.projectId;
    apis.resources.set(`cloudfunctions.googleapis.com/v2/projects/${project}/locations/-/functions`, {
      functions: [
        {
          name: `projects/${project}/locations/europe-west1/functions/lro-cancel`,
          serviceConfig: { environmentVariables: { RECHECK_QUEUE: queueIn(project) } },
        },
      ],
    });
    apis.resources.set(`cloudtasks.googleapis.com/v2/${queueIn(project)}`, { state: 'PAUSED' });
    apis.resources.set(`cloudtasks.googleapis.com/v2/${queueIn(project)}/tasks`, {});
    await withConsole([], withStandIn(), async (running) => {
      const { source } = await running.until(isSource('queue', 'degraded'));
      assert.equal(source.queue?.state, 'PAUSED');
      assert.match(source.text, /gcloud tasks queues resume lro-cancel-rechecks --location=europe-west1/);
    });
  });

  it('console reads the queue only while somebody watches', async () => {
    const project = system.topology.projectId;
    const queue = `cloudtasks.googleapis.com/v2/${queueIn(project)}`;
    apis.resources.set(queue, 404);
    const reads = () => apis.calls.filter((call) => call === `GET ${queue}`).length;
    const before = reads();
    await withConsole(['--queue', queueIn(project)], withStandIn(), async (running) => {
      await system.request({ operation: inNotebooks('gone'), requestId: 'unwatched' });
      await system.resultOf('unwatched');
      assert.equal(reads(), before);
      const { source } = await running.until(isSource('queue', 'unreadable'));
      assert.match(source.text, /^There is no projects\/.* Name another with --queue/);
      assert.equal(reads(), before + 1);
    });
  });

  it('console says what cannot be seen where re-checks are delayed by redelivery', async () => {
    const project = system.topology.projectId;
    apis.resources.set(`cloudfunctions.googleapis.com/v2/projects/${project}/locations/-/functions`, {
      functions: [
        {
          name: `projects/${project}/locations/europe-west1/functions/lro-cancel`,
          serviceConfig: { environmentVariables: { RECHECK_DELAY: 'redelivery' } },
        },
      ],
    });
    await withConsole([], withStandIn(), async (running) => {
      const { source } = await running.until(isSource('queue', 'absent'));
      assert.match(source.text, /^Re-checks are delayed by redelivery/);
    });
  });

  it('console --local finds the system of npm start and its queue', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lro-cancel-test-'));
    const { pubsubHost, services, recheckQueue, topology } = system;
    writeLocalAddress(
      {
        pubsubHost,
        projectId: topology.projectId,
        prefix: 'lro-cancel',
        pid: process.pid,
        googleApiEndpoint: services.endpoint,
        ...(recheckQueue !== undefined && { recheckQueue }),
      },
      join(folder, `lro-cancel-${userInfo().uid}`),
    );
    try {
      await withConsole(['--local'], { TMPDIR: folder }, async (running) => {
        const { source } = await running.until(isSource('queue', 'read'));
        assert.equal(source.queue?.name, recheckQueue);
        assert.equal((await running.facts()).projectId, topology.projectId);
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('console names topics that are not there, and stays', async () => {
    const { stderr, exitCode } = await withConsole(
      ['--prefix', 'other'],
      environmentOf(system),
      async (running) => {
        const { source } = await running.until(isSource('dead-letters', 'unreadable'));
        assert.match(source.text, /There is no topic projects\/\S+\/topics\/other-dead-letters/);
        await running.until(isSource('results', 'unreadable'));
      },
    );
    assert.match(stderr, /Results and reports cannot be read: There is no topic .*other-results/);
    assert.equal(exitCode, 0);
  });

  for (const [title, args, message] of [
    ['a port that is none', ['--port', 'x'], /^--port must be a number from 0 to 65535, not "x"/],
    ['a queue that is none', ['--queue', 'my queue'], /^--queue must be a region such as europe-west1/],
    ['an argument', ['now'], /too many arguments/],
  ] as const) {
    it(`console exits with 2 and says what to do for ${title}`, async () => {
      const { stdout, stderr, exitCode } = await runCli(['console', ...args], {
        env: environmentOf(system),
      });
      assert.deepEqual([stdout, exitCode], ['', 2]);
      assert.match(stderr, message);
    });
  }

  it('console exits with 2 where its port is taken, and leaves no subscription', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const { stderr, exitCode } = await runCli(['console', '--port', String(port)], {
        env: environmentOf(system),
      });
      assert.match(stderr, new RegExp(`^The port ${port} is taken\\. Name another with --port`));
      assert.equal(exitCode, 2);
      assert.deepEqual(await temporarySubscriptions(system), []);
    } finally {
      server.close();
    }
  });
});
