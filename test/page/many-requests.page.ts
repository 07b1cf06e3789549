import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { createPageStore } from '../../local/page/model/page-store.ts';
import { bundlePage } from '../../local/page/server/bundle.ts';
import { createEventStream } from '../../local/page/server/event-stream.ts';
import { startPageServer } from '../../local/page/server/page-server.ts';
import type { PageServer } from '../../local/page/server/page-server.ts';
import { launch, open } from './browser.ts';

const REQUESTS = 10_000;
const STEPS = 100;
/** Two frames at 60 Hz, the second of which draws what the scroll event of the first has changed. */
const MAX_STEP_MS = 33;
const CHANGES = 10;
/** A drawing, and what the test itself looks for in the page. */
const MAX_CHANGE_MS = 100;

let browser: Browser;
let server: PageServer;
let change: (index: number) => void;

const line = (index: number, event: string, message: string, more: object = {}) =>
  JSON.stringify({
    severity: 'INFO',
    event,
    message,
    ...more,
    'logging.googleapis.com/labels': {
      requestId: `request-${index}`,
      operation: `//notebooks.googleapis.com/projects/p/locations/l/operations/operation-${index}`,
    },
  });

before(async () => {
  const store = createPageStore(Date.now);
  const events = createEventStream({
    changes: store.changes,
    epoch: 'epoch',
    facts: () => ({
      epoch: 'epoch',
      nowMs: Date.now(),
      system: 'local',
      views: ['requests'],
      canPublish: true,
      projectId: 'p',
      topics: { requests: 'r', triggers: 't' },
      sweeps: [],
      budgets: [],
      addresses: {},
    }),
  });
  for (let index = 0; index < REQUESTS; index += 1) {
    store.onLogLine(line(index, 'request.accepted', 'Accepted; next: cancel'));
    store.onLogLine(
      line(index, 'cancel.retrying', 'POST :cancel: trying again in 1 s after: Quota exceeded'),
    );
    store.onLogLine(line(index, 'cancel.answered', 'POST :cancel: accepted'));
    store.onLogLine(line(index, 'get.answered', 'GET: cancelled'));
    store.onLogLine(line(index, 'result.published', 'CANCELLED: Done.', { outcome: 'CANCELLED' }));
  }
  change = (index) => {
    store.onLogLine(line(index, 'result.published', 'ERROR: Failed.', { outcome: 'ERROR' }));
    events.notify();
  };
  const files = await bundlePage();
  server = await startPageServer({ port: 0, files, actions: new Map(), events });
  browser = await launch();
});

after(async () => {
  await browser.close();
  await server.close();
});

describe('the page with many requests', () => {
  it(`${REQUESTS} requests can be scrolled and change, each step in less than ${MAX_STEP_MS} ms`, async (t) => {
    const { page, problems } = await open(browser, server.url);
    await page.getByRole('list', { name: '10,000 requests' }).waitFor({ timeout: 30_000 });
    // Processor time, so that it does not matter what else this machine does.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const usedMs = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Infinity) * 1_000;
    };
    const beforeMs = await usedMs();
    await page.evaluate(async (steps) => {
      const rows = document.querySelector('.rows');
      for (let step = 0; rows && step < steps; step += 1) {
        rows.scrollTop = (step + 1) * 5_000;
        // The scroll event, its drawing and the layout all come before the second frame.
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }
    }, STEPS);
    const stepMs = ((await usedMs()) - beforeMs) / STEPS;
    t.diagnostic(`${stepMs.toFixed(1)} ms of processor time for a step`);
    assert.ok(stepMs < MAX_STEP_MS, `${stepMs} ms`);

    const rows = page.locator('a.row');
    const scrolledMs = await usedMs();
    for (let index = 0; index < CHANGES; index += 1) {
      // The newest row is far above; the change is seen in the count of the outcomes.
      change(index);
      await page.getByRole('button', { name: new RegExp(`^error ${index + 1}$`, 'i') }).waitFor();
    }
    const changeMs = ((await usedMs()) - scrolledMs) / CHANGES;
    t.diagnostic(`${changeMs.toFixed(1)} ms of processor time for a change`);
    assert.ok(changeMs < MAX_CHANGE_MS, `${changeMs} ms`);
    const shown = await rows.count();
    assert.ok(shown > 5 && shown < 60, `${shown} rows in the document`);

    await page.getByLabel('Filter by text').fill('operation-777 request-777');
    await page.getByRole('list', { name: '11 requests' }).waitFor();
    assert.deepEqual(problems, []);
  });

  it('the last of many requests is reached by one key', async () => {
    const { page } = await open(browser, server.url);
    await page.locator('a.row').first().focus();
    await page.keyboard.press('End');
    await page.waitForFunction(
      (last) => document.activeElement?.parentElement?.ariaPosInSet === last,
      String(REQUESTS),
    );
  });
});
