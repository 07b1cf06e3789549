import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parseRequest } from '../src/messages/request.ts';
import {
  anchorsOf,
  commandsOf,
  findPages,
  firstCells,
  missingPaths,
  proseOf,
  publishedBy,
} from './support/markdown.ts';
import { LOG_EVENTS } from '../src/telemetry/log.ts';

const MAX_PROSE_WIDTH = 100;
/** Kinds of JSON examples that test/reference.test.ts tests. */
const TESTED_KINDS = ['request', 'result', 'sweeps', 'budgets', 'report', 'seed'];

const pages = await findPages();
const read = (file: string) => readFile(file, 'utf8');
const readScripts = async () =>
  (JSON.parse(await read('package.json')) as { scripts: Record<string, string> }).scripts;

/** Fails with a line for each problem on a page. */
async function checkEach(
  findProblems: (page: string, text: string) => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  assert.ok(pages.length > 20);
  const problems: string[] = [];
  for (const page of pages) {
    for (const problem of await findProblems(page, await read(page))) problems.push(`${page}: ${problem}`);
  }
  assert.deepEqual(problems, []);
}

describe('the documentation', () => {
  it('the documentation links to pages and headings that exist', async () => {
    await checkEach(async (page, text) => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
      const broken: string[] = [];
      for (const [, path = '', anchor] of links) {
        const target = path === '' ? page : join(dirname(page), path);
        if (!existsSync(target)) broken.push(path);
        else if (anchor !== undefined && !anchorsOf(await read(target)).includes(anchor))
          broken.push(`${path}#${anchor}`);
      }
      return broken;
    });
  });

  it('the documentation names files that exist', async () => {
    await checkEach((_page, text) => missingPaths(text));
  });

  it('the documentation names commands that exist', async () => {
    const scripts = await readScripts();
    await checkEach((_page, text) => commandsOf(text).filter((command) => !(command in scripts)));
  });

  it(`the documentation wraps its prose at ${MAX_PROSE_WIDTH} characters`, async () => {
    // A line without a space outside of code, such as a long link, cannot be broken.
    const canBeBroken = (line: string) =>
      / /.test(line.replace(/^ *(?:- |\d+\. )?/, '').replace(/`[^`]*`/g, ''));
    const isTooLong = (line: string) =>
      line.length > MAX_PROSE_WIDTH && !line.trimStart().startsWith('|') && canBeBroken(line);
    await checkEach((_page, text) => proseOf(text).split('\n').filter(isTooLong));
  });

  it('the documentation shows only JSON examples of kinds that have a test', async () => {
    await checkEach((_page, text) =>
      [...text.matchAll(/^ *```json *(.*)$/gm)]
        .map(([, kind = '']) => kind)
        .filter((kind) => !TESTED_KINDS.includes(kind)),
    );
  });

  it('the README links to every page of the documentation', async () => {
    const readme = await read('README.md');
    const linked = [...readme.matchAll(/\]\(([^)#\s]+)/g)].map(([, path = '']) => path);
    const missing = pages.filter(
      (page) => page !== 'README.md' && !page.startsWith('docs/decisions/') && !linked.includes(page),
    );
    assert.deepEqual(missing, []);
  });

  it('the page on security names tests that exist', async () => {
    const text = await read('docs/security.md');
    const files = [...text.matchAll(/`((?:test|infra\/tests)\/[\w./-]+)`/g)].map(([, file = '']) => file);
    assert.ok(files.length > 20);
    for (const file of files) assert.ok(existsSync(file), file);
    const plain = (words: string) => words.replaceAll('’', "'").replaceAll("\\'", "'");
    const named = [...text.matchAll(/"([^"]{20,})" in `(test\/[\w./-]+)`/g)];
    assert.ok(named.length >= 6);
    for (const [, title = '', file = ''] of named)
      assert.ok(plain(await read(file)).includes(plain(title)), title);
  });

  it('the page on operations shows requests that the function accepts', async () => {
    const messages = publishedBy(await read('docs/operations.md'));
    assert.equal(messages.length, 2);
    for (const json of messages) {
      const text = json.replace(
        'https://…',
        'https://notebooks.googleapis.com/v2/projects/p/locations/l/operations/o',
      );
      assert.ok('one' in parseRequest(JSON.parse(text), 'id'));
    }
  });

  it('the page on operations names events that the function logs', async () => {
    const known: readonly string[] = LOG_EVENTS;
    const families = [...new Set(known.map((event) => event.split('.')[0]))].join('|');
    const text = await read('docs/operations.md');
    const named = [...text.matchAll(new RegExp(`["\`]((?:${families})\\.[a-z-]+)["\`]`, 'g'))].map(
      ([, event = '']) => event,
    );
    assert.ok(named.length >= 8);
    for (const event of named) assert.ok(known.includes(event), event);
  });

  it('the page on operations has the section that each alert names', async () => {
    const alerts = await read('infra/alerts.tf');
    const anchors = anchorsOf(await read('docs/operations.md'));
    const named = [
      ...[...alerts.matchAll(/docs\/operations\.md#([a-z-]+)/g)].map(([, anchor = '']) => anchor),
      ...[...alerts.matchAll(/^ *section += "([a-z-]+)"/gm)].map(([, anchor = '']) => anchor),
    ];
    assert.ok(named.length >= 6);
    for (const anchor of named) assert.ok(anchors.includes(anchor), anchor);
  });

  it('CONTRIBUTING.md lists every command of package.json', async () => {
    const rows = (await read('CONTRIBUTING.md')).split('\n').filter((line) => line.startsWith('| `npm '));
    const listed = rows.map((row) => commandsOf(row.split(' | ')[0] ?? '')[0]);
    assert.deepEqual(listed.sort(), Object.keys(await readScripts()).sort());
  });
});

interface ImportRules {
  readonly default: { readonly forbidden: readonly ImportRule[] };
}

interface ImportRule {
  readonly name: string;
  readonly to: { readonly pathNot?: string | readonly string[] };
}

describe('the page on the architecture', () => {
  it('the page on the architecture lists every room of src/, each below the rooms that it may import', async () => {
    const listed = firstCells(await read('docs/architecture.md'), 'room').map((room) =>
      room.replace('/', ''),
    );
    const folders = (await readdir('src', { withFileTypes: true })).filter((one) => one.isDirectory());
    assert.deepEqual([...listed].sort(), folders.map(({ name }) => name).sort());

    const url = new URL('../.dependency-cruiser.js', import.meta.url).href;
    const { forbidden } = ((await import(url)) as ImportRules).default;
    for (const [index, room] of listed.entries()) {
      const rule = forbidden.find(({ name }) => name === `${room}-imports`);
      const allowed = [rule?.to.pathNot ?? []]
        .flat()
        .map((pattern) => /^\^src\/(\w+)/.exec(pattern)?.[1] ?? pattern)
        .filter((name) => name !== room && name !== 'ports');
      assert.ok(rule, room);
      for (const name of allowed) assert.ok(listed.slice(0, index).includes(name), `${room} imports ${name}`);
    }
  });
});
