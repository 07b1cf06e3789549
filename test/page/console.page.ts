import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { createDeployedStore } from '../../local/page/model/deployed-store.ts';
import type { DeployedStore } from '../../local/page/model/deployed-store.ts';
import type { PublishedMessage } from '../../local/page/model/messages.ts';
import { startDeployedPage } from '../../local/page/start-deployed-page.ts';
import type { ServedPage } from '../../local/page/serve-page.ts';
import type { SweepReport } from '../../src/sweeps/report.ts';
import { withConsole } from '../cli/run-console.ts';
import { environmentOf } from '../cli/run-cli.ts';
import { inNotebooks, SOON, startTestSystem } from '../integration/test-system.ts';
import { findBarriers, launch, open } from './browser.ts';

const HOSTILE = '"><img src=x onerror=alert(1)>';
const OPERATION =
  '//notebooks.googleapis.com/projects/my-project/locations/us-central1/operations/nightly-train';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const QUEUE = 'projects/my-project/locations/europe-west1/queues/lro-cancel-rechecks';

/** A system in which there is one of everything, each with text that would be harmful as HTML. */
function fill(store: DeployedStore): void {
  const nowMs = Date.now();
  const at = (ms: number) => new Date(nowMs + ms).toISOString();
  store.onResult(
    {
      requestId: 'ended-1',
      outcome: 'CANCELLED',
      detail: `The operation was cancelled ${HOSTILE}`,
      operation: { service: 'notebooks', name: 'projects/p/locations/l/operations/nightly-train' },
      cancel: { attempts: 2, acceptedAt: at(-59_000) },
      confirm: { checks: 1, lastCheckedAt: at(-54_000) },
      reason: HOSTILE,
      messageId: '1',
      requestedAt: at(-60_000),
      finishedAt: at(-53_900),
    },
    { subject: OPERATION, traceId: TRACE },
  );
  store.onTasks(
    [
      {
        id: 'recheck-1',
        dueMs: nowMs + 240_000,
        attempts: 0,
        purpose: 'recheck',
        request: {
          requestId: 'waits-1',
          messageId: '2',
          operation: `${OPERATION}-${HOSTILE}`,
          requestedAtMs: nowMs - 90_000,
          step: 'confirm',
          posts: 1,
          acceptedAtMs: nowMs - 89_000,
          gets: 4,
          lastCheckedAtMs: nowMs - 30_000,
        },
      },
      {
        id: 'run-1',
        dueMs: nowMs + 5_000,
        attempts: 0,
        purpose: 'sweep-run',
        run: {
          runId: 'run-under-way',
          sweep: 'nightly',
          cause: 'started by a message',
          startedAtMs: nowMs - 20_000,
          found: 400,
          requested: 12,
        },
      },
      {
        id: 'record-1',
        dueMs: nowMs + 900_000,
        attempts: 3,
        lastAnswer: HOSTILE,
        purpose: 'idempotency-record',
      },
    ],
    false,
  );
  store.onSource({ id: 'results', state: 'read', text: 'From now on.' });
  store.onSource({
    id: 'queue',
    state: 'degraded',
    text: `Its state is PAUSED: re-checks wait. ${HOSTILE}`,
    queue: { name: QUEUE, state: 'PAUSED', readAtMs: nowMs, count: 3, hasMore: true },
  });
  store.onDeadLetter({
    id: '77',
    atMs: nowMs,
    sinceMs: nowMs - 60_000,
    kind: 'a cancel request',
    why: `Pub/Sub gave up after 20 deliveries by the subscription ${HOSTILE}.`,
    requestId: 'dead-1',
    attributes: { CloudPubSubDeadLetterSourceDeliveryCount: '20', [HOSTILE]: HOSTILE },
    body: JSON.stringify({ operation: HOSTILE }),
  });
  store.onReport(sweepReport(at(-30_000), at(-10_000)), 'started by a message', TRACE);
  store.onNotice(`A message could not be read: ${HOSTILE}`);
}

const sweepReport = (startedAt: string, finishedAt: string): SweepReport => ({
  sweep: 'hourly',
  runId: 'run-ended',
  dryRun: true,
  complete: true,
  detail: `Of 3 operations, 1 matched. ${HOSTILE}`,
  found: 3,
  matched: 1,
  requested: 1,
  approval: { runId: 'run-ended', until: '2126-11-20T00:00:00.000Z' },
  skipped: {
    done: 0,
    notMatched: 2,
    excluded: 0,
    tooYoung: 0,
    undated: 0,
    unclear: 0,
    forbidden: 0,
    overLimit: 0,
    unknown: 0,
  },
  operations: [OPERATION],
  examples: [],
  notes: [],
  unreachable: [],
  failures: [],
  missingFields: [],
  cause: { kind: 'message', messageId: '3' },
  startedAt,
  finishedAt,
});

let browser: Browser;
let store: DeployedStore;
let readOnly: ServedPage;
let publishing: ServedPage;
const published: PublishedMessage[] = [];

before(async () => {
  store = createDeployedStore(Date.now);
  fill(store);
  const options = {
    ports: [0],
    store,
    projectId: 'my-project',
    logProject: 'my-project',
    topics: {
      requests: 'projects/my-project/topics/lro-cancel-requests',
      triggers: 'projects/my-project/topics/lro-cancel-triggers',
    },
  };
  const publish = (message: PublishedMessage) => {
    published.push(message);
    return Promise.resolve('message-1');
  };
  [browser, readOnly, publishing] = await Promise.all([
    launch(),
    startDeployedPage(options),
    startDeployedPage({ ...options, publish }),
  ]);
});
after(async () => {
  await browser.close();
  await readOnly.close();
  await publishing.close();
});

const hrefOf = (page: Page, name: string) =>
  page.getByRole('link', { name }).first().getAttribute('href').then(String);

describe('the page over a deployed system', () => {
  it('a result is shown with its life, and with links to its log and its trace', async () => {
    const { page, problems } = await open(browser, `${readOnly.url}#/requests/ended-1`);
    await page.locator('.detail .pill', { hasText: 'CANCELLED' }).waitFor();
    for (const text of ['Requested', 'POST', 'GET', HOSTILE])
      assert.ok((await page.locator('.detail').getByText(text).count()) > 0, text);
    assert.match(
      await hrefOf(page, 'Log of the request'),
      /^https:\/\/console\.cloud\.google\.com\/logs\/query;/,
    );
    assert.match(await hrefOf(page, 'Trace'), new RegExp(`traceId=${TRACE}\\?project=my-project$`));
    assert.equal(await page.locator('main img').count(), 0);
    assert.deepEqual(problems, []);
  });

  it('a read-only page has no form and explains a request, without a claim about the settings', async () => {
    const { page, problems } = await open(browser, readOnly.url);
    await page.getByText('Read-only', { exact: true }).waitFor();
    await page.getByLabel('Operation: a URL').fill(inNotebooks('typed'));
    await page.getByText(`POST ${inNotebooks('typed')}:cancel`).waitFor();
    await page.getByText('ALLOWED_PROJECTS').waitFor();
    assert.equal(await page.getByText('it will answer 404').count(), 0);
    for (const hash of ['#/requests', '#/sweeps', '#/queue', '#/dead-letters']) {
      await page.goto(`${readOnly.url}#${hash.slice(1)}`);
      await page.locator(':is(.row, .card):visible').first().waitFor();
      assert.equal(await page.locator('form, button[type=submit]').count(), 0, hash);
    }
    assert.deepEqual(problems, []);
  });

  it('the queue leads to the request that waits in it', async () => {
    const { page } = await open(browser, `${readOnly.url}#/queue`);
    await page.getByText('Its state is PAUSED').waitFor();
    await page.getByText('3 and more').waitFor();
    await page.locator('a.row.task', { hasText: 'waits-1' }).click();
    await page.locator('.detail .pill', { hasText: 'Waiting' }).waitFor();
    await page.locator('.detail').getByText('for the check at').waitFor();
  });

  it('a dead letter is shown with its content, its reason and its log', async () => {
    const { page } = await open(browser, `${readOnly.url}#/dead-letters`);
    await page.getByText('Pub/Sub gave up after 20 deliveries').waitFor();
    await page.getByText('Message', { exact: true }).click();
    assert.ok((await page.locator('[aria-label=message]').innerText()).includes('img src=x'));
    assert.match(await hrefOf(page, 'Log of the message'), /jsonPayload\.messageId%3D%2277%22/);
    assert.equal(await page.locator('main img').count(), 0);
  });

  it('with its permission, the page publishes requests, sweeps and budget alerts', async () => {
    const { page, problems } = await open(browser, publishing.url);
    await page.getByText('May publish', { exact: true }).waitFor();
    await page.getByLabel('Operation: a URL').fill(inNotebooks('typed'));
    await page.getByRole('button', { name: 'Request the cancel' }).click();
    await page.getByText('Published as').waitFor();
    await page.goto(`${publishing.url}#/sweeps`);
    const sweep = page.getByRole('form', { name: 'Sweep' });
    await sweep.getByLabel('Its name in SWEEPS').fill('nightly');
    await sweep.getByRole('button', { name: 'Start the sweep' }).click();
    await sweep.getByText('Published as message message-1.').waitFor();
    const alert = page.getByRole('form', { name: 'Budget alert' });
    await alert.getByLabel('Budget id').fill('b-1');
    await alert.getByLabel('Display name').fill('training');
    await alert.getByRole('button', { name: 'Send the alert' }).click();
    await alert.getByText('Published as message message-1.').waitFor();
    await page.getByRole('button', { name: 'Approve: cancel this one' }).waitFor();
    assert.deepEqual(
      published.map(({ topic, message }) => [
        topic,
        message.operation ?? message.sweep ?? message.budgetDisplayName,
      ]),
      [
        ['requests', inNotebooks('typed')],
        ['triggers', 'nightly'],
        ['triggers', 'training'],
      ],
    );
    assert.deepEqual(problems, []);
  });

  for (const [scheme, width] of [
    // Colors do not depend on the width.
    ['light', 1280],
    ['dark', 360],
  ] as const) {
    it(`no barrier is found in ${scheme} at ${width} px over a deployed system, and nothing is wider than the screen`, async () => {
      const { page, problems } = await open(browser, publishing.url, { scheme, width, height: 800 });
      for (const hash of [
        '#/requests',
        '#/requests/ended-1',
        '#/requests/waits-1',
        '#/sweeps',
        '#/queue',
        '#/dead-letters',
      ]) {
        await page.goto(`${publishing.url}${hash}`);
        await page.locator(':is(.row, .detail, .card):visible').first().waitFor();
        assert.deepEqual(await findBarriers(page), [], hash);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), hash);
      }
      assert.deepEqual(problems, []);
    });
  }

  it('a run is not said to be the first, because earlier ones are not known', async () => {
    const empty = await startDeployedPage({
      ports: [0],
      store: createDeployedStore(Date.now),
      projectId: 'my-project',
      topics: { requests: 'requests', triggers: 'triggers' },
    });
    try {
      const { page } = await open(browser, `${empty.url}#/sweeps`);
      await page.getByText('None since this page is served.').waitFor();
    } finally {
      await empty.close();
    }
  });

  it('every tab can be read whole at 360 px', async () => {
    const { page } = await open(browser, readOnly.url, { width: 360 });
    const tabs = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
    const boxes = await Promise.all((await tabs.all()).map((tab) => tab.boundingBox()));
    assert.equal(boxes.length, 4);
    for (const box of boxes) assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 360);
  });

  it('the command serves the page, which shows a result as it comes', async () => {
    const system = await startTestSystem({ settings: SOON });
    try {
      system.services.add(inNotebooks('watched'), { afterMs: 10 });
      await withConsole([], environmentOf(system), async ({ url }) => {
        const { page, problems } = await open(browser, url);
        await page.getByText('No request yet.').waitFor();
        await system.request({ operation: inNotebooks('watched'), requestId: 'watched-1' });
        await page
          .locator('a.row.request', { hasText: 'watched-1' })
          .filter({ hasText: 'CANCELLED' })
          .waitFor();
        assert.deepEqual(problems, []);
      });
    } finally {
      await system.close();
    }
  });
});
