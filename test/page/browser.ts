import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import type AxeModule from 'axe-core';

/** More than any wait needs on a machine that is busy with other tests; a test that fails takes that long. */
const PATIENCE_MS = 60_000;
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium that `npm run test:page` has found, with an empty profile of its own. */
export const launch = (): Promise<Browser> => {
  const { CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;
  return chromium.launch({ executablePath, args: FLAGS });
};

export interface OpenOptions {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** A page, and everything that it complained of or asked for from elsewhere. */
export interface OpenedPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

export async function open(browser: Browser, url: string, options: OpenOptions = {}): Promise<OpenedPage> {
  const { scheme = 'light', width = 1280, height = 800 } = options;
  // axe is put into the page from outside, which its own policy would not let a script do.
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) problems.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  return { page, problems };
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
declare const axe: typeof AxeModule;

/** What axe-core finds wrong with the page as it is, in a line for each. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(await readAxe());
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

let axeText: Promise<string> | undefined;
const readAxe = () => {
  axeText ??= import('node:fs/promises').then(({ readFile }) => readFile(axePath, 'utf8'));
  return axeText;
};
