import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parseRequest } from '../src/messages/request.ts';
import { LOG_EVENTS } from '../src/telemetry/log.ts';

const pages = [
  'README.md',
  'CHANGELOG.md',
  'infra/README.md',
  ...(await readdir('docs')).filter((file) => file.endsWith('.md')).map((file) => join('docs', file)),
  ...(await readdir('docs/decisions')).map((file) => join('docs/decisions', file)),
];
const read = (file: string) => readFile(file, 'utf8');

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe('the documentation', () => {
  for (const page of pages) {
    it(`${page} links to what is there`, async () => {
      const text = await read(page);
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
      for (const [, path = '', anchor] of links) {
        const target = path === '' ? page : join(dirname(page), path);
        assert.ok(existsSync(target), `${page} → ${path}`);
        if (anchor !== undefined)
          assert.ok(anchorsOf(await read(target)).includes(anchor), `${page} → ${path}#${anchor}`);
      }
    });
  }

  it('on security names tests that are there', async () => {
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

  it('on operating shows requests that are taken', async () => {
    const messages = [...(await read('docs/operations.md')).matchAll(/--message='(\{.*?\})'/g)];
    assert.equal(messages.length, 2);
    for (const [, json = ''] of messages) {
      const text = json.replace(
        'https://…',
        'https://notebooks.googleapis.com/v2/projects/p/locations/l/operations/o',
      );
      assert.ok('one' in parseRequest(JSON.parse(text), 'id'));
    }
  });

  it('on operating names events that are logged', async () => {
    const known: readonly string[] = LOG_EVENTS;
    const families = [...new Set(known.map((event) => event.split('.')[0]))].join('|');
    const text = await read('docs/operations.md');
    const named = [...text.matchAll(new RegExp(`["\`]((?:${families})\\.[a-z-]+)["\`]`, 'g'))].map(
      ([, event = '']) => event,
    );
    assert.ok(named.length >= 8);
    for (const event of named) assert.ok(known.includes(event), event);
  });

  it('on operating has the section that each alert names', async () => {
    const alerts = await read('infra/alerts.tf');
    const anchors = anchorsOf(await read('docs/operations.md'));
    const named = [
      ...[...alerts.matchAll(/docs\/operations\.md#([a-z-]+)/g)].map(([, anchor = '']) => anchor),
      ...[...alerts.matchAll(/^ *section += "([a-z-]+)"/gm)].map(([, anchor = '']) => anchor),
    ];
    assert.ok(named.length >= 6);
    for (const anchor of named) assert.ok(anchors.includes(anchor), anchor);
  });
});
