import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { runLocal } from '../../local/run-local.ts';
import type { RunningLocal } from '../../local/run-local.ts';
import { scenarios } from '../../local/scenarios.ts';
import { demoSeed } from '../../local/seed.ts';
import { startSettings } from '../../local/start-settings.ts';
import { SOON } from '../integration/test-system.ts';
import { findBarriers, launch, open } from './browser.ts';
import type { OpenOptions } from './browser.ts';

let local: RunningLocal;
let browser: Browser;

before(async () => {
  [local, browser] = await Promise.all([
    runLocal({ settings: startSettings(SOON).settings, seed: demoSeed(), ports: [0] }),
    launch(),
  ]);
});

after(async () => {
  await browser.close();
  await local.close();
});

const rowOf = (page: Page, text: string) => page.locator('a.row.request', { hasText: text });
/** The runs that have a word beside their name. */
const runWith = (page: Page, word: string) =>
  page.locator('.run', { has: page.locator('.pill', { hasText: word }) });
/** Starts a dry run that finds one operation, and waits until it can be approved. */
async function dryRunOfNightly(page: Page) {
  const known = await page.locator('.run').count();
  await local.system.trigger({ sweep: 'nightly', dryRun: true });
  await page.locator('.run').nth(known).waitFor();
  const href = await page.locator('.run h3 a').first().getAttribute('href');
  const run = page.locator('.run', { has: page.locator(`a[href="${href}"]`) });
  await run.getByRole('button', { name: 'Approve: cancel this one' }).waitFor();
  return run;
}
const openAt = (hash: string, options?: OpenOptions) => open(browser, `${local.page.url}${hash}`, options);

describe('the page', () => {
  it('a request that is typed is explained, published, and seen to its end without a reload', async () => {
    const { page, problems } = await openAt('');
    const field = page.getByLabel('Operation: a URL');
    await field.fill('https://notebooks.googleapis.com/v2/projects/my-project/instances/i');
    await page.getByText(/^REJECTED: /).waitFor();
    await field.fill(
      'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/typed',
    );
    await page.getByText('POST https://notebooks.googleapis.com/').waitFor();
    await page.getByRole('button', { name: 'Start one there' }).click();
    await page.getByText('it will answer 404').waitFor({ state: 'detached' });
    await page.getByText('More fields').click();
    await page.getByLabel('Request id').fill('typed-1');
    await page.getByLabel('Reason').fill('<img src=x onerror=alert(1)>');
    await page.getByText('The same with gcloud').click();
    assert.match(await page.locator('.gcloud pre').innerText(), /^gcloud pubsub topics publish .*typed-1/);
    await page.getByRole('button', { name: 'Request the cancel' }).click();
    await page.getByRole('link', { name: 'typed-1', exact: true }).click();
    await page.locator('.detail .pill', { hasText: 'CANCELLED' }).waitFor();
    const detail = page.locator('.detail');
    for (const text of ['Accepted', 'POST', 'Waits', 'GET', '<img src=x onerror=alert(1)>']) {
      assert.ok((await detail.getByText(text).count()) > 0, text);
    }
    assert.equal(await detail.locator('img').count(), 0);
    assert.match(await page.locator('[aria-label=result]').innerText(), /"outcome": "CANCELLED"/);
    assert.deepEqual(problems, []);
  });

  it('a job that is typed as an operation is offered the box that makes it a job, by the keyboard', async () => {
    const { page, problems } = await openAt('');
    const field = page.getByLabel('Operation: a URL');
    await field.fill(
      'https://dataflow.googleapis.com/v1b3/projects/my-project/locations/us-central1/jobs/typed',
    );
    const offer = page.getByRole('status').getByRole('button', { name: 'Tick “A job”' });
    await offer.focus();
    await page.keyboard.press('Enter');
    const box = page.getByRole('checkbox', { name: 'A job' });
    assert.ok(await box.isChecked());
    assert.ok(await box.evaluate((element) => element === document.activeElement));
    await page.getByText('PUT https://dataflow.googleapis.com/').waitFor();
    assert.equal(await offer.count(), 0);
    await page
      .getByLabel('Job: a URL')
      .fill('https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/typed');
    await page.getByRole('button', { name: 'Untick “A job”' }).click();
    await page.getByText('POST https://notebooks.googleapis.com/').waitFor();
    assert.ok(!(await box.isChecked()));
    assert.deepEqual(problems, []);
  });

  it('every request of the demo has its outcome, and filters and addresses show some', async () => {
    await Promise.all(
      scenarios.map(({ id, request }) => local.system.request({ ...request, requestId: id })),
    );
    const { page } = await openAt('');
    for (const { id, outcome } of scenarios) {
      await rowOf(page, id)
        .filter({ hasText: outcome.replaceAll('_', ' ') })
        .waitFor();
    }
    await page.getByRole('button', { name: /^denied/i }).click();
    await rowOf(page, 'channel-denied').waitFor();
    assert.equal(await rowOf(page, '').count(), 1);
    assert.match(page.url(), /#\/requests\?outcome=DENIED$/);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Filter by text').fill('stubborn aiplatform');
    await rowOf(page, 'aiplatform-stubborn').waitFor();
    assert.equal(await rowOf(page, '').count(), 1);
    await page.goto(`${local.page.url}#/requests/notebooks-throttled`);
    await page.getByText('429').first().waitFor();
    await page.getByText('503').first().waitFor();
  });

  it('a budget alert starts nothing at 90 %, and at 100 % a sweep whose requests end', async () => {
    const { page, problems } = await openAt('#/sweeps');
    const alert = page.getByRole('form', { name: 'Budget alert' });
    await alert.getByLabel('Spent, in %').fill('90');
    await alert.getByText('Starts nothing').waitFor();
    await alert.getByRole('button').click();
    await alert.getByText('has crossed no threshold of a rule').waitFor();
    const note = page.locator('.notices li', { hasText: 'has crossed no threshold of a rule' }).first();
    await note.getByText('Note', { exact: true }).waitFor();
    const time = note.locator('time');
    assert.equal(await time.evaluate((element) => element.getClientRects().length), 1);
    await alert.getByLabel('Spent, in %').fill('100');
    await alert.getByRole('button').click();
    const run = page.locator('.run', { hasText: 'stop-training' });
    await run.getByText('Complete', { exact: true }).waitFor();
    await alert.getByRole('link', { name: 'stop-training' }).waitFor();
    await run.getByRole('link', { name: '2 cancelled' }).waitFor();
    await alert.getByRole('button').click();
    await alert.getByText('Sweep stop-training was started before').waitFor();
    assert.equal(await alert.getByRole('link', { name: 'stop-training' }).count(), 0);
    await run.getByText('2 requested', { exact: true }).click();
    await page
      .locator('a.row.request', { hasText: 'train-large' })
      .filter({ hasText: 'CANCELLED' })
      .waitFor();
    assert.deepEqual(problems, []);
  });

  it('a sweep that does not exist is a refused trigger, and no request', async () => {
    const { page } = await openAt('#/sweeps');
    const messageId = await local.system.trigger({ sweep: 'nope' });
    const notice = page.locator('.notices li', { hasText: '"nope" is not a sweep' });
    await notice.getByText('Refused', { exact: true }).waitFor();
    await page.goto(`${local.page.url}#/requests/${messageId}`);
    await page.getByText('There is no request of this id here').waitFor();
    await page.getByLabel('Filter by text').fill(messageId);
    await page.waitForURL(/[?&]q=/);
    // The ids of other requests may contain the digits of this one.
    assert.equal(await page.locator('.list').getByText(messageId, { exact: true }).count(), 0);
  });

  it('a sweep tells what it left alone, and why', async () => {
    const { page } = await openAt('#/sweeps');
    const form = page.getByRole('form', { name: 'Sweep' });
    await form.getByLabel('Sweep').selectOption('nightly');
    await form.getByRole('button').click();
    const run = page.locator('.run', { hasText: 'nightly' });
    for (const text of ['5 found', '1 left alone: excluded', '1 left alone: too young', 'Dry run']) {
      await run.getByText(text, { exact: true }).waitFor();
    }
  });

  it('a dry run is approved in a dialog, by the keyboard, and its approval is a run that says by whom', async () => {
    const { page, problems } = await openAt('#/sweeps');
    const form = page.getByRole('form', { name: 'Sweep' });
    await form.getByLabel('Sweep').selectOption('stop-jobs');
    await form.getByRole('button', { name: 'Start the sweep' }).click();
    const dryRun = runWith(page, 'Dry run').filter({ hasText: 'stop-jobs' });
    const approve = dryRun.getByRole('button', { name: 'Approve: cancel these 6' });
    await approve.waitFor();
    const dialog = page.getByRole('dialog', { name: 'Cancel 6 jobs?' });
    await approve.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(await approve.evaluate((button) => button === document.activeElement));

    await page.keyboard.press('Enter');
    await dialog.getByLabel('Approved by').fill('ada');
    await dialog.getByLabel('Reason').fill('left over');
    await dialog.getByText('The same with gcloud').click();
    assert.match(
      await dialog.locator('.gcloud pre').innerText(),
      /^gcloud pubsub topics publish lro-cancel-triggers --message='\{"approve":"\w+","requestedBy":"ada","reason":"left over"\}'$/,
    );
    await dialog.getByLabel('Reason').press('Enter');
    await dryRun.getByText(/^Approved by ada at /).waitFor();
    assert.equal(await approve.count(), 0);
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /^Approved by ada/);

    const approval = runWith(page, 'Approval').filter({ hasText: 'stop-jobs' });
    await approval.getByText('Complete', { exact: true }).waitFor();
    await approval.getByText('Approval of a dry run: left over.').waitFor();
    await approval.getByText('6 requested', { exact: true }).click();
    await rowOf(page, 'train-8-gpus').filter({ hasText: 'CANCELLED' }).waitFor();
    assert.deepEqual(problems, []);
  });

  for (const [scheme, width] of [
    ['light', 360],
    ['dark', 1280],
  ] as const) {
    it(`no barrier is found in the dialog of an approval in ${scheme} at ${width} px, which fits on the screen`, async () => {
      const { page } = await openAt('#/sweeps', { scheme, width });
      const run = await dryRunOfNightly(page);
      await run.getByRole('button', { name: 'Approve' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('The same with gcloud').click();
      assert.deepEqual(await findBarriers(page), []);
      const box = await dialog.boundingBox();
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
      assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
      await dialog.getByRole('button', { name: 'Not now' }).click();
      await dialog.waitFor({ state: 'hidden' });
    });
  }

  it('an approval that comes second, or too late, shows why the function refuses it', async () => {
    const { page } = await openAt('#/sweeps');
    const run = await dryRunOfNightly(page);
    const approve = async () => {
      await run.getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel 1 operation' }).click();
    };
    await local.system.fn.kill();
    // At twice the rate since 25 hours ago, it is now 25 hours later.
    const later = { FAST_CLOCK: `${Date.now() - 25 * 3_600_000}:2` };
    await local.system.fn.restart({ NODE_OPTIONS: '--import=./test/integration/fast-clock.ts', ...later });
    await approve();
    await run.getByRole('alert').getByText('is older than a day').waitFor();
    await local.system.fn.kill();
    await local.system.fn.restart({ NODE_OPTIONS: '', FAST_CLOCK: '' });

    await page.route('**/api/publish', async (route) => {
      const href = (await run.getByRole('link', { name: 'nightly' }).getAttribute('href')) ?? '';
      await local.system.trigger({ approve: href.split('/').at(-1), requestedBy: 'bob' });
      await run.getByText(/^Approved by bob at /).waitFor();
      await route.continue();
    });
    await approve();
    await run
      .getByRole('alert')
      .getByText(/was approved before, at .* by "bob"/)
      .waitFor();
    assert.equal(await run.getByRole('button', { name: 'Approve' }).count(), 0);
  });

  it('a simulated operation is made stubborn and throttled by a click, and started again', async () => {
    const { page } = await openAt('#/services?q=operations/o1');
    const url = 'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/o1';
    const behavior = page
      .locator('.row.simulated', { hasText: 'notebooks.googleapis.com' })
      .getByLabel('Behavior of o1');
    const scriptOf = () => local.system.services.resources().find((one) => one.url === url)?.script;
    await behavior.selectOption('Stubborn');
    await page.getByText('o1: accepts the cancel and runs on.').waitFor();
    assert.equal(scriptOf()?.onCancel, 'never-ends');
    await behavior.selectOption('Throttled');
    await page.getByText('o1: answers every cancel with 429.').waitFor();
    assert.equal(scriptOf()?.cancelFaults?.[0]?.kind, 'RESOURCE_EXHAUSTED');
    await page.goto(`${local.page.url}#/services?q=export-agent`);
    await page.getByText('failed', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Start again: export-agent' }).click();
    await page.locator('.row.simulated .pill', { hasText: 'running' }).waitFor();
  });

  it('the keyboard alone goes from the list to a request and back', async () => {
    const { page } = await openAt('');
    await rowOf(page, '').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const second = rowOf(page, '').nth(1);
    await page.waitForFunction(() => document.activeElement?.parentElement?.dataset.index === '1');
    const text = await second.innerText();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'detail-heading');
    assert.ok(text.includes(await page.locator('#detail-heading').innerText()));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.detail').waitFor({ state: 'detached' });
  });

  for (const [scheme, width] of [
    // Colors do not depend on the width.
    ['light', 1280],
    ['dark', 360],
  ] as const) {
    it(`no barrier is found in ${scheme} at ${width} px, and nothing is wider than the screen`, async () => {
      const { page, problems } = await openAt('', { scheme, width, height: 800 });
      for (const hash of ['#/requests', '#/requests/notebooks-throttled', '#/sweeps', '#/services']) {
        await page.goto(`${local.page.url}${hash}`);
        await page.locator(':is(.row, .detail, .run):visible').first().waitFor();
        assert.deepEqual(await findBarriers(page), [], hash);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), hash);
      }
      assert.deepEqual(problems, []);
    });
  }

  it('the pictures of the documentation can be made', async () => {
    const { page } = await openAt('#/requests/notebooks-throttled', { width: 1200, height: 720 });
    await page.locator('.detail .steps').waitFor();
    const picture = await page.screenshot({ type: 'png' });
    assert.ok(picture.length > 20_000 && picture.length < 200_000, String(picture.length));
    if (process.env.UPDATE_PICTURES === undefined) return;
    await mkdir('docs/images', { recursive: true });
    await page.screenshot({ type: 'png', path: 'docs/images/page-light.png' });
  });
});
