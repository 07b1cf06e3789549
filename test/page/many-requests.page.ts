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
/** As many as a page has that nobody calls slow. */
const FEW = 200;
const STEPS = 100;
const STEP_PX = 5_000;
const CHANGES = 10;
/** Processor time, so that it matters little what else this machine does. */
const MAX_MS = {
  /** Two frames at 60 Hz, the second of which draws what the scroll event of the first has changed. */
  step: 33,
  /** A drawing, and what the test itself looks for in the page. */
  change: 100,
};
/** How much more of it either may take among all the requests than among the few, on a machine of any speed. */
const MAX_RATIO = 2;

interface Served {
  readonly server: PageServer;
  /** Gives a request an outcome that is unlike the others'. */
  readonly change: (index: number) => void;
}

let browser: Browser;
let many: Served;
let few: Served;

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

/** The page over a system in which so many requests have ended. */
async function serve(requests: number): Promise<Served> {
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
  for (let index = 0; index < requests; index += 1) {
    store.onLogLine(line(index, 'request.accepted', 'Accepted; next: cancel'));
    store.onLogLine(
      line(index, 'cancel.retrying', 'POST :cancel: trying again in 1 s after: Quota exceeded'),
    );
    store.onLogLine(line(index, 'cancel.answered', 'POST :cancel: accepted'));
    store.onLogLine(line(index, 'get.answered', 'GET: cancelled'));
    store.onLogLine(line(index, 'result.published', 'CANCELLED: Done.', { outcome: 'CANCELLED' }));
  }
  return {
    server: await startPageServer({ port: 0, files: await bundlePage(), actions: new Map(), events }),
    change: (index) => {
      store.onLogLine(line(index, 'result.published', 'ERROR: Failed.', { outcome: 'ERROR' }));
      events.notify();
    },
  };
}

/** Milliseconds of processor time for a step of scrolling, and for a change. */
async function measure({ server, change }: Served, requests: string) {
  const { page, problems } = await open(browser, server.url);
  await page.getByRole('list', { name: `${requests} requests` }).waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const usedMs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Infinity) * 1_000;
  };
  const beforeMs = await usedMs();
  await page.evaluate(
    async ({ steps, stepPx }) => {
      const rows = document.querySelector('.rows');
      for (let step = 0; rows && step < steps; step += 1) {
        // Among few, it begins again at the top.
        rows.scrollTop = ((step + 1) * stepPx) % (rows.scrollHeight - rows.clientHeight);
        // The scroll event, its drawing and the layout all come before the second frame.
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }
    },
    { steps: STEPS, stepPx: STEP_PX },
  );
  const scrolledMs = await usedMs();
  for (let index = 0; index < CHANGES; index += 1) {
    // The newest row is far above; the change is seen in the count of the outcomes.
    change(index);
    await page.getByRole('button', { name: new RegExp(`^error ${index + 1}$`, 'i') }).waitFor();
  }
  const changedMs = await usedMs();
  return {
    page,
    problems,
    step: (scrolledMs - beforeMs) / STEPS,
    change: (changedMs - scrolledMs) / CHANGES,
  };
}

before(async () => {
  [browser, many, few] = await Promise.all([launch(), serve(REQUESTS), serve(FEW)]);
});

after(async () => {
  await browser.close();
  await many.server.close();
  await few.server.close();
});

describe('the page with many requests', () => {
  it(`${REQUESTS} requests can be scrolled and change, each step in less than ${MAX_MS.step} ms and ${MAX_RATIO} times that of ${FEW}`, async (t) => {
    const short = await measure(few, String(FEW));
    const long = await measure(many, '10,000');
    for (const measured of ['step', 'change'] as const) {
      const [fewMs, manyMs] = [short[measured], long[measured]];
      t.diagnostic(`${fewMs.toFixed(1)} and ${manyMs.toFixed(1)} ms of processor time for a ${measured}`);
      assert.ok(manyMs < MAX_MS[measured], `a ${measured} takes ${manyMs} ms`);
      assert.ok(manyMs < MAX_RATIO * fewMs, `a ${measured} takes ${manyMs / fewMs} times as long`);
    }
    const { page, problems } = long;
    const shown = await page.locator('a.row').count();
    assert.ok(shown > 5 && shown < 60, `${shown} rows in the document`);

    await page.getByLabel('Filter by text').fill('operation-777 request-777');
    await page.getByRole('list', { name: '11 requests' }).waitFor();
    assert.deepEqual(problems, []);
  });

  it('the last of many requests is reached by one key', async () => {
    const { page } = await open(browser, many.server.url);
    await page.locator('a.row').first().focus();
    await page.keyboard.press('End');
    await page.waitForFunction(
      (last) => document.activeElement?.parentElement?.ariaPosInSet === last,
      String(REQUESTS),
    );
  });
});
