import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { resolve } from '../src/catalog/resolve.ts';
import { readSettings } from '../src/settings/settings.ts';
import { OUTCOMES } from '../src/cancellation/outcome.ts';
import { parseReference } from '../src/catalog/reference.ts';
import { parseRequest } from '../src/messages/request.ts';
import { resultOfCancellation } from '../src/cancellation/result.ts';
import { readImport } from '../local/emulators/google-apis/control-input.ts';
import { startGoogleServices } from '../local/emulators/google-apis/google-services.ts';
import { exampleOperations } from '../local/scenarios.ts';
import { jobScenes } from '../local/job-scenarios.ts';
import { afterDryRunIsOff, beforeDryRunIsOff } from '../local/sweep-scenarios.ts';
import { parseBudgetRules } from '../src/budgets/rules.ts';
import { SKIP_REASONS } from '../src/sweeps/select.ts';
import type { SweepReport } from '../src/sweeps/report.ts';
import { parseSweeps } from '../src/sweeps/sweep.ts';
import { aCancellation, NOON_MS } from './support/fakes.ts';
import { examplesOf, firstCells, publishedBy } from './support/markdown.ts';
import { settingsOf } from './support/settings.ts';
import { createSweepApp, entry, NIGHTLY, page } from './support/sweep-harness.ts';

let messages: string;
let sweeps: string;
let budgets: string;
let settings: string;
before(async () => {
  const read = (name: string) => readFile(`docs/${name}.md`, 'utf8');
  [messages, sweeps, budgets, settings] = await Promise.all([
    read('messages'),
    read('sweeps'),
    read('budgets'),
    read('settings'),
  ]);
});

/** The fields that a parser names when it refuses an unknown one. */
function knownFields(parse: () => unknown): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    return (/known are (.*)$/.exec((error as Error).message)?.[1] ?? '').split(', ');
  }
}

/** The path of every value, in the order in which they are written; labels are the sender's own. */
const pathsOf = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null && path !== '.labels'
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, `${path}.${key}`))
    : [path];

describe('the page on local work', () => {
  it('the page on local work shows a seed that the simulated services take', async () => {
    const [seed = '', ...others] = examplesOf(await readFile('docs/local.md', 'utf8'), 'seed');
    assert.deepEqual(others, []);
    const { operations = [], jobs = [], lists = [], quotas = [] } = readImport(seed);
    assert.deepEqual([operations.length, jobs.length, lists.length, quotas.length], [2, 1, 1, 1]);
    const services = await startGoogleServices();
    services.import(readImport(seed));
    await services.close();
  });

  it('the page on local work shows a command that publishes a request that the function accepts', async () => {
    const published = publishedBy(await readFile('docs/local.md', 'utf8'));
    assert.equal(published.length, 1);
    for (const json of published) assert.ok('one' in parseRequest(JSON.parse(json), 'id'));
  });
});

describe('the page on messages', () => {
  it('the page on messages shows requests that the function accepts, of operations that npm start knows', () => {
    const requests = examplesOf(messages, 'request');
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

  it('the page on jobs shows a request that the function accepts', async () => {
    const examples = examplesOf(await readFile('docs/jobs.md', 'utf8'), 'request');
    assert.equal(examples.length, 1);
    for (const text of examples) {
      const parsed = parseRequest(JSON.parse(text), 'id');
      assert.ok(parsed.ok && 'one' in parsed);
      assert.equal(resolve(parsed.one.reference).job, 'customJobs');
    }
  });

  it('the page on messages shows a command that publishes a request that the function accepts', () => {
    const published = publishedBy(messages);
    assert.equal(published.length, 1);
    for (const json of published) assert.ok('one' in parseRequest(JSON.parse(json), 'id'));
  });

  it('the page on messages lists every field of a request', () => {
    const known = knownFields(() => {
      const parsed = parseRequest({ operation: 'o', nonsense: 1 }, 'id');
      if (!parsed.ok) throw parsed.failure;
    });
    assert.deepEqual(firstCells(messages, 'field').sort(), known.sort());
  });

  it('the page on messages shows a result with exactly the fields that results have', () => {
    const [text = ''] = examplesOf(messages, 'result');
    const cancellation = aCancellation({
      cancel: { attempts: 1, acceptedAt: 'x' },
      confirm: { checks: 1, lastCheckedAt: 'x' },
    });
    const event = resultOfCancellation(
      cancellation,
      { outcome: 'CANCELLED', detail: '', operationError: { code: 1, message: '' } },
      NOON_MS,
    );
    assert.deepEqual(pathsOf(JSON.parse(text)), pathsOf(JSON.parse(JSON.stringify(event.data))));
  });

  it('the page on messages lists every outcome', () =>
    assert.deepEqual(firstCells(messages, 'outcome'), [...OUTCOMES]));

  it('the page on messages lists every type of error that results have', async () => {
    const schema = JSON.parse(await readFile('docs/schemas/result.json', 'utf8')) as ResultSchema;
    assert.deepEqual(
      firstCells(messages, 'type').sort(),
      schema.properties.error.properties.type.enum.sort(),
    );
  });

  it('the page on messages shows the output of npm run explain', async () => {
    const [, args = '', output = ''] = /^\$ npm run -s explain -- (.*)\n([^`]*)```/m.exec(messages) ?? [];
    const run = promisify(execFile)(process.execPath, ['cli/explain.ts', ...args.split(' ')]);
    assert.equal(output, (await run).stdout);
  });
});

interface ResultSchema {
  readonly properties: { readonly error: { readonly properties: { readonly type: { enum: string[] } } } };
}

describe('the pages on sweeps and budgets', () => {
  it('the pages on sweeps and budgets show sweeps and rules that the settings accept together', () => {
    const defined = [sweeps, budgets].flatMap((text) => examplesOf(text, 'sweeps'));
    const rules = examplesOf(budgets, 'budgets').map((text) => JSON.parse(text) as unknown[]);
    assert.deepEqual([defined.length, rules.length], [3, 1]);
    const SWEEPS = JSON.stringify(Object.assign({}, ...defined.map((text) => JSON.parse(text) as object)));
    const read = settingsOf({ SWEEPS, BUDGETS: JSON.stringify(rules.flat()) });
    assert.deepEqual([...read.sweeps.keys()].sort(), ['nightly', 'stop-training']);
    assert.equal(read.budgets.length, 1);
  });

  it('the page on sweeps shows a command that starts the sweep of the example', () => {
    const published = publishedBy(sweeps).map((json) => JSON.parse(json) as unknown);
    assert.deepEqual(published, [{ sweep: 'nightly' }]);
  });

  it('the page on sweeps shows a report with exactly the fields that reports have, and sums that agree', async () => {
    const [text = ''] = examplesOf(sweeps, 'report');
    const shown = JSON.parse(text) as SweepReport;
    const app = createSweepApp({ nightly: NIGHTLY }, () => page([entry('a', undefined)]));
    await app.trigger({ sweep: 'nightly' });
    const [report] = app.reports();
    const { event, ...fields } = report ?? {};
    assert.ok(event);
    assert.deepEqual(Object.keys(shown), Object.keys(fields));
    assert.deepEqual(Object.keys(shown.skipped), [...SKIP_REASONS]);
    const skipped = Object.values(shown.skipped).reduce((sum, count) => sum + count, 0);
    assert.equal(shown.found, shown.requested + skipped);
  });

  it('the pages on sweeps and budgets list every field of a sweep and of a rule', () => {
    const target = { service: 'cloudchannel' };
    const known = knownFields(() => parseSweeps({ s: { targets: [target], nonsense: 1 } }));
    assert.deepEqual(firstCells(sweeps, 'field of a sweep').sort(), known.sort());
    const ofRule = knownFields(() => parseBudgetRules([{ budgetId: 'b', sweep: 's', nonsense: 1 }]));
    assert.deepEqual(firstCells(budgets, 'field of a rule').sort(), ofRule.sort());
  });

  it('the page on sweeps shows the table of triggers that the demo prints at its end', () => {
    for (const { id, shows, report } of [...beforeDryRunIsOff, ...afterDryRunIsOff]) {
      const row = sweeps.split('\n').find((line) => line.startsWith(`${id} `));
      assert.match(row ?? '', new RegExp(`^${id} +${report?.sweep ?? '–'} `));
      assert.ok(row?.endsWith(shows), row);
    }
  });
});

describe('the jobs of the demo', () => {
  it('the page on sweeps shows the table of jobs that the demo prints', () => {
    for (const [id, outcome] of Object.entries(jobScenes.inEarnest.outcomes)) {
      const row = sweeps.split('\n').find((line) => line.startsWith(`${id} `));
      assert.match(row ?? '', new RegExp(`^${id} +[a-z]+\\.[A-Za-z]+ +${outcome} +[A-Z_]+$`));
    }
  });
});

describe('the page on settings', () => {
  it('the page on settings lists every setting that the function reads, and no other', () => {
    const read = new Set<string>();
    readSettings(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
    assert.deepEqual(firstCells(settings, 'variable').sort(), [...read].sort());
  });
});
