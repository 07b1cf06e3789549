import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { resolve } from '../src/catalog/resolve.ts';
import { readSettings } from '../src/config.ts';
import { OUTCOMES } from '../src/core/outcome.ts';
import { parseReference } from '../src/core/reference.ts';
import { parseRequest } from '../src/core/request.ts';
import { resultOfPursuit } from '../src/core/result.ts';
import { exampleOperations, scenes } from '../local/scenes.ts';
import { aPursuit, NOON_MS } from './fakes.ts';

let readme: string;
let scripts: Record<string, string>;
before(async () => {
  readme = await readFile('README.md', 'utf8');
  ({ scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> });
});

const blocks = (kind: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`json ${kind}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
const firstCells = (header: string) => {
  const table = readme.split(`| ${header} |`)[1]?.split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  );
};

describe('the README', () => {
  it('shows requests that are taken', () => {
    const requests = blocks('request');
    assert.equal(requests.length, 5);
    for (const text of requests) {
      const parsed = parseRequest(JSON.parse(text), 'id');
      const references =
        'one' in parsed
          ? [parsed.one.reference]
          : parsed.many.children.map(({ reference }) => parseReference(reference));
      for (const reference of references) {
        assert.ok(exampleOperations.includes(resolve(reference).url), 'npm start knows the operation');
      }
    }
  });

  it('shows a result with just the fields that results have', () => {
    const [text = ''] = blocks('result');
    const pursuit = aPursuit({
      cancel: { attempts: 1, acceptedAt: 'x' },
      confirm: { checks: 1, lastCheckedAt: 'x' },
    });
    const event = resultOfPursuit(
      pursuit,
      { outcome: 'CANCELLED', detail: '', operationError: { code: 1, message: '' } },
      NOON_MS,
    );
    const paths = (value: unknown, path = ''): string[] =>
      typeof value === 'object' && value !== null && path !== '.labels'
        ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`))
        : [path];
    assert.deepEqual(paths(JSON.parse(text)), paths(JSON.parse(JSON.stringify(event.data))));
  });

  it('lists every outcome', () => assert.deepEqual(firstCells('outcome'), [...OUTCOMES]));

  it('lists every setting that is read, and no other', () => {
    const read = new Set<string>();
    readSettings(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
    assert.deepEqual(firstCells('variable').sort(), [...read].sort());
  });

  it('names commands that exist', () => {
    const named = [
      ...readme.matchAll(
        /npm (?:run )?(?:-s )?(demo|start|test(?::\w+)?|check|build|catalog|explain|simulate|fuzz|soak)\b/g,
      ),
    ].map(([, name = '']) => name);
    assert.ok(named.length > 8);
    for (const name of named) assert.ok(name in scripts, name);
  });

  it('shows the table that the demo ends with', () => {
    for (const { id, outcome, shows } of scenes) {
      const row = readme.split('\n').find((line) => line.startsWith(`${id} `));
      assert.match(row ?? '', new RegExp(`^${id} +${outcome} `));
      assert.ok(row?.endsWith(shows), row);
    }
  });
});
