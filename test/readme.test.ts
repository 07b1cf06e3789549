import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { parseRequest } from '../src/messages/request.ts';
import { OUTCOMES } from '../src/cancellation/outcome.ts';
import { scenarios } from '../local/scenarios.ts';
import { publishedBy } from './support/markdown.ts';

const MAX_LINES = 140;

let readme: string;
before(async () => {
  readme = await readFile('README.md', 'utf8');
});

describe('the README', () => {
  it(`the README has at most ${MAX_LINES} lines, so that it stays an introduction`, () =>
    assert.ok(readme.trimEnd().split('\n').length <= MAX_LINES));

  it('the README shows a command that publishes a request that the function accepts', () => {
    const messages = publishedBy(readme);
    assert.equal(messages.length, 1);
    for (const json of messages) assert.ok('one' in parseRequest(JSON.parse(json), 'id'));
  });

  it('the README shows the table of requests that the demo prints', () => {
    for (const { id, outcome, shows } of scenarios) {
      const row = readme.split('\n').find((line) => line.startsWith(`${id} `));
      assert.match(row ?? '', new RegExp(`^${id} +${outcome} `));
      assert.ok(row?.endsWith(shows), row);
    }
  });

  it('the README names only outcomes that results have', () => {
    const named = [...readme.matchAll(/(?:"outcome": "|`)([A-Z]+(?:_[A-Z]+)*)["`]/g)].map(
      ([, name = '']) => name,
    );
    assert.ok(named.length >= 4);
    for (const name of named) assert.ok((OUTCOMES as readonly string[]).includes(name), name);
  });

  it('the README names the tests of each guarantee', () => {
    const [, table = ''] = readme.split('## Guarantees\n\n');
    const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2);
    assert.ok(rows.length >= 5);
    for (const row of rows) {
      const tests = [...row.matchAll(/`(npm run \w+|test\/[\w./-]+)`/g)].map(([, name = '']) => name);
      assert.ok(tests.length > 0, row);
      for (const file of tests.filter((name) => name.startsWith('test/'))) assert.ok(existsSync(file), file);
    }
  });
});
