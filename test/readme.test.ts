import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { resolve } from '../src/catalog/resolve.ts';
import { readSettings } from '../src/settings/settings.ts';
import { settingsOf } from './support/settings.ts';
import { OUTCOMES } from '../src/cancellation/outcome.ts';
import { parseReference } from '../src/catalog/reference.ts';
import { parseRequest } from '../src/messages/request.ts';
import { resultOfCancellation } from '../src/cancellation/result.ts';
import { exampleOperations, scenarios } from '../local/scenarios.ts';
import { afterDryRunIsOff, beforeDryRunIsOff } from '../local/sweep-scenarios.ts';
import { parseBudgetRules } from '../src/budgets/rules.ts';
import { SKIP_REASONS } from '../src/sweeps/select.ts';
import type { SweepReport } from '../src/sweeps/report.ts';
import { parseSweeps } from '../src/sweeps/sweep.ts';
import { aCancellation, NOON_MS } from './support/fakes.ts';
import { createSweepStory, entry, NIGHTLY, page } from './support/sweep-harness.ts';

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
    cell.replaceAll('`', '').split(/, | or /),
  );
};

describe('the README', () => {
  it('shows requests that are taken', () => {
    const requests = blocks('request');
    assert.equal(requests.length, 5);
    for (const text of requests) {
      const parsed = parseRequest(JSON.parse(text), 'id');
      assert.ok(parsed.ok);
      const references =
        'one' in parsed
          ? [parsed.one.reference]
          : parsed.many.children.map(({ reference }) => parseReference(reference));
      for (const reference of references) {
        assert.ok(exampleOperations.includes(resolve(reference).url), 'npm start knows the operation');
      }
    }
  });

  it('shows commands that publish what is taken', () => {
    const messages = [...readme.matchAll(/--message(?:-body=|[ =])'(\{.*?\})'/gs)].map(
      ([, json = '']) => json,
    );
    assert.equal(messages.length, 2);
    for (const json of messages) {
      const data = JSON.parse(json) as Record<string, unknown>;
      if ('sweep' in data) assert.deepEqual(data, { sweep: 'nightly' });
      else assert.ok('one' in parseRequest(data, 'id'));
    }
  });

  it('shows a result with just the fields that results have', () => {
    const [text = ''] = blocks('result');
    const cancellation = aCancellation({
      cancel: { attempts: 1, acceptedAt: 'x' },
      confirm: { checks: 1, lastCheckedAt: 'x' },
    });
    const event = resultOfCancellation(
      cancellation,
      { outcome: 'CANCELLED', detail: '', operationError: { code: 1, message: '' } },
      NOON_MS,
    );
    const paths = (value: unknown, path = ''): string[] =>
      typeof value === 'object' && value !== null && path !== '.labels'
        ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`))
        : [path];
    assert.deepEqual(paths(JSON.parse(text)), paths(JSON.parse(JSON.stringify(event.data))));
  });

  it('shows sweeps and rules that are taken', () => {
    const sweeps = blocks('sweeps').map((text) => JSON.parse(text) as object);
    const budgets = blocks('budgets').map((text) => JSON.parse(text) as unknown[]);
    assert.deepEqual([sweeps.length, budgets.length], [2, 1]);
    const SWEEPS = JSON.stringify(Object.assign({}, ...sweeps));
    const settings = settingsOf({ SWEEPS, BUDGETS: JSON.stringify(budgets.flat()) });
    assert.deepEqual([...settings.sweeps.keys()], ['stop-training', 'nightly']);
    assert.equal(settings.budgets.length, 1);
  });

  it('shows a report with just the fields that reports have, and sums that agree', async () => {
    const [text = ''] = blocks('report');
    const shown = JSON.parse(text) as SweepReport;
    const app = createSweepStory({ nightly: NIGHTLY }, () => page([entry('a', undefined)]));
    await app.trigger({ sweep: 'nightly' });
    const [report] = app.reports();
    const { event, ...fields } = report ?? {};
    assert.ok(event);
    assert.deepEqual(Object.keys(shown), Object.keys(fields));
    assert.deepEqual(Object.keys(shown.skipped), [...SKIP_REASONS]);
    const skipped = Object.values(shown.skipped).reduce((sum, count) => sum + count, 0);
    assert.equal(shown.found, shown.requested + skipped);
  });

  it('lists every field of a sweep, and of a rule', () => {
    const fields = (parse: () => unknown) => {
      try {
        parse();
        return [];
      } catch (error) {
        return (/known are (.*)$/.exec((error as Error).message)?.[1] ?? '').split(', ');
      }
    };
    const target = { service: 'cloudchannel' };
    const known = fields(() => parseSweeps({ s: { targets: [target], nonsense: 1 } }));
    assert.deepEqual(firstCells('field of a sweep').sort(), known.sort());
    const ofRule = fields(() => parseBudgetRules([{ budgetId: 'b', sweep: 's', nonsense: 1 }]));
    assert.deepEqual(firstCells('field of a rule').sort(), ofRule.sort());
  });

  it('shows the table of triggers that the demo ends with', () => {
    for (const { id, shows, report } of [...beforeDryRunIsOff, ...afterDryRunIsOff]) {
      const row = readme.split('\n').find((line) => line.startsWith(`${id} `));
      assert.match(row ?? '', new RegExp(`^${id} +${report?.sweep ?? '–'} `));
      assert.ok(row?.endsWith(shows), row);
    }
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
        /npm (?:run )?(?:-s )?(demo|start|test(?::\w+)?|check|build|catalog|contracts|explain|simulate|fuzz|soak|bench)\b/g,
      ),
    ].map(([, name = '']) => name);
    assert.ok(named.length > 8);
    for (const name of named) assert.ok(name in scripts, name);
  });

  it('shows the table that the demo ends with', () => {
    for (const { id, outcome, shows } of scenarios) {
      const row = readme.split('\n').find((line) => line.startsWith(`${id} `));
      assert.match(row ?? '', new RegExp(`^${id} +${outcome} `));
      assert.ok(row?.endsWith(shows), row);
    }
  });
});
