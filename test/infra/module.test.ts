import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { DEPLOYED_NODE_OPTIONS } from '../../local/platform.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import { isKnownService, resolve } from '../../src/catalog/resolve.ts';
import { resolveCollection } from '../../src/catalog/resolve-collection.ts';
import { sweepRequestId } from '../../src/messages/event-ids.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { LOG_EVENTS } from '../../src/telemetry/log.ts';
import { blocksOf } from './hcl.ts';
import type { Block } from './hcl.ts';

/** Checks the text of the module, without Terraform; `npm run test:infra` runs the module's own tests. */

/** Settings for a developer's machine. On Google Cloud they would send requests and credentials elsewhere. */
const LOCAL_SETTINGS = ['GOOGLE_API_ENDPOINT', 'PUBSUB_EMULATOR_HOST'];

/** Settings of Google's runtime, which the function itself does not read. */
const PLATFORM_SETTINGS = ['LOG_EXECUTION_ID', 'NODE_OPTIONS'];

let files: ReadonlyMap<string, string>;
let all: string;
let readme: string;
let variables: readonly Block[];
let outputs: readonly Block[];
before(async () => {
  const names = (await readdir('infra')).filter((name) => name.endsWith('.tf'));
  files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(`infra/${name}`, 'utf8')] as const)),
  );
  all = [...files.values()].join('\n');
  readme = await readFile('infra/README.md', 'utf8');
  variables = blocksOf(file('variables.tf'), 'variable');
  outputs = blocksOf(file('outputs.tf'), 'output');
});

const file = (name: string) => files.get(name) ?? assert.fail(`there is no infra/${name}`);
const matches = (text: string, expression: RegExp) =>
  [...text.matchAll(expression)].map(([, found = '']) => found);

describe('the Terraform module', () => {
  it('the function runs here with the options of Node that the module and the script set', async () => {
    const script = await readFile('infra/gcloud/deploy.sh', 'utf8');
    const tests = await readFile('infra/tests/settings.tftest.hcl', 'utf8');
    assert.deepEqual(matches(script, /^ +NODE_OPTIONS (.*) \\$/gm), [DEPLOYED_NODE_OPTIONS]);
    assert.deepEqual(matches(tests, /^ +NODE_OPTIONS += "(.*)"$/gm), [DEPLOYED_NODE_OPTIONS]);
  });

  it('the module sets every setting of the function except those for a developer’s machine, and no other', () => {
    const read = new Set<string>();
    readSettings(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
    const set = matches(file('function.tf'), /\b([A-Z][A-Z_]+) *= /g);
    assert.ok(LOCAL_SETTINGS.every((name) => read.has(name)));
    assert.ok(PLATFORM_SETTINGS.every((name) => set.includes(name)));
    assert.deepEqual([...set, ...LOCAL_SETTINGS].sort(), [...read, ...PLATFORM_SETTINGS].sort());
  });

  it('the module uses only events that the function logs', () => {
    const logged: ReadonlySet<string> = new Set(LOG_EVENTS);
    const used = [
      ...matches(file('metrics.tf'), /^ *events += \[(.*)\]$/gm).flatMap((list) =>
        matches(list, /"([^"]+)"/g),
      ),
      ...matches(all, /jsonPayload\.event=\\"([^"\\]+)/g),
      ...matches(all, /jsonPayload\.event=\((.*?)\)/g).flatMap((list) => matches(list, /\\"([a-z.-]+)\\"/g)),
    ];
    assert.ok(used.length > 10);
    for (const event of used) assert.ok(logged.has(event), `${event} is not a LogEvent`);
  });

  it('the module grants access to named members only', () => {
    const lines = all.split('\n').filter((line) => /allUsers|allAuthenticatedUsers/.test(line));
    for (const line of lines) assert.match(line, / Everybody \(.*\) is refused\."$/);
    assert.equal(matches(all, /(roles\/run\.invoker)/g).length, 1);
    assert.deepEqual(matches(all, /^ *ingress_settings += "(\w+)"/gm), ['ALLOW_INTERNAL_ONLY']);
  });

  it('the module adds IAM members, and replaces no grants of others', () => {
    const resources = matches(all, /^resource "(\w+)"/gm);
    assert.ok(resources.length > 30);
    assert.deepEqual(
      resources.filter((type) => /_iam_(binding|policy)$/.test(type)),
      [],
    );
  });

  it('the module lists exceptions of permissions only for services of the catalog', () => {
    const text = file('services.tf');
    const [, undocumented = ''] = /undocumented_services = \[(.*?)\]/s.exec(text) ?? [];
    const [, known = ''] = /known_permissions = \{(.*?)\n {2}\}/s.exec(text) ?? [];
    const services = [...matches(undocumented, /"(\w+)"/g), ...matches(known, /^ {4}(\w+) *= /gm)];
    assert.ok(services.length > 40);
    assert.deepEqual(new Set(services).size, services.length);
    assert.deepEqual(
      services.filter((service) => !isKnownService(service)),
      [],
    );
  });

  it('the module accepts exactly the fields that the comments of its inputs list', () => {
    const lists = new Map(
      [...file('fields.tf').matchAll(/^ {2}(\w+)_fields += \[(.*?)\]/gms)].map(([, name = '', list = '']) => [
        name,
        matches(list, /"(\w+)"/g),
      ]),
    );
    const described = (variable: string, indent: number) => {
      const [, body = ''] =
        new RegExp(`^variable "${variable}" \\{\n(.*?)^\\}`, 'ms').exec(file('variables.tf')) ?? [];
      return matches(body, new RegExp(`^ {2}#(?: {${indent}})(\\w+) += `, 'gm'));
    };
    assert.equal(lists.size, 21);
    for (const [list, variable, indent] of [
      ['alert', 'alerts', 3],
      ['allowed_project', 'allowed_projects', 3],
      ['custom_role', 'custom_role', 3],
      ['service_account', 'service_accounts', 3],
      ['topic', 'topics', 3],
      ['budget', 'budgets', 3],
      ['budget_rule', 'budget_rules', 3],
      ['bundle', 'bundle', 3],
      ['bundle_object', 'bundle', 5],
      ['function_config', 'function_config', 3],
      ['max_delivery_attempts', 'max_delivery_attempts', 3],
      ['message_keys', 'message_keys', 3],
      ['queue_config', 'queue_config', 3],
      ['slo', 'slo', 3],
      ['vpc', 'vpc', 3],
      ['push', 'result_subscriptions', 5],
      ['result_subscription', 'result_subscriptions', 3],
      ['scheduler_job', 'scheduler_jobs', 3],
      ['service', 'services', 3],
      ['sweep', 'sweeps', 3],
      ['target', 'sweeps', 5],
    ] as const) {
      assert.deepEqual(described(variable, indent), lists.get(list), list);
    }
  });

  it('no input of the module is an object of which Terraform would drop unknown fields', () =>
    assert.doesNotMatch(file('variables.tf'), /^ {2}type += .*object\(/m));

  it('the module shows an operation in its command for each service that has such names, and for no other', () => {
    const [, others = ''] = /services_of_other_names = \[(.*?)\]/s.exec(file('outputs.tf')) ?? [];
    const resolves = (service: string) => {
      try {
        const name = 'projects/my-project/locations/europe-west1/operations/OPERATION';
        return resolve({ service, name }).service === service;
      } catch {
        return false;
      }
    };
    assert.deepEqual(
      matches(others, /"(\w+)"/g),
      Object.keys(catalog.services).filter((service) => !resolves(service)),
    );
  });

  it('the module knows each service that has a host for each location', () => {
    const [, listed = ''] = /services_of_one_location = \[(.*?)\]/s.exec(file('sweeps.tf')) ?? [];
    assert.deepEqual(
      matches(listed, /"(\w+)"/g),
      Object.entries(catalog.services)
        .filter(([, { regional }]) => regional !== undefined)
        .map(([service]) => service)
        .sort(),
    );
  });

  it('the module knows each service whose operations are listed without a parent', () => {
    const [, listed = ''] = /services_without_parents = \[(.*?)\]/s.exec(file('sweeps.tf')) ?? [];
    const hasList = (service: string) => {
      try {
        return resolveCollection({ service, parent: '' }).service === service;
      } catch {
        return false;
      }
    };
    assert.deepEqual(matches(listed, /"(\w+)"/g), Object.keys(catalog.services).filter(hasList).sort());
  });

  it('the page on operations has each event of the log once, with its severity and meaning', async () => {
    const [, table = ''] = (await readFile('docs/operations.md', 'utf8')).split(
      '| event | severity | meaning |\n',
    );
    const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(1);
    const severities = new Map(
      rows.map((line) => {
        const [, event = '', severity = ''] = /^\| `([a-z.-]+)` \| ([^|]+) \| \S/.exec(line) ?? [];
        return [event, severity];
      }),
    );
    assert.deepEqual([...severities.keys()], [...LOG_EVENTS]);
    // The severities that the source has before each event.
    const written = new Map<string, Set<string>>();
    for (const name of await readdir('src', { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const text = await readFile(`src/${name}`, 'utf8');
      for (const [, before = '', event = ''] of text.matchAll(
        /\b(?:log|write)\(([^;]*?)'([a-z]+\.[a-z-]+)'/g,
      )) {
        const found = matches(before, /'([A-Z]+)'/g);
        written.set(event, new Set([...(written.get(event) ?? []), ...found]));
      }
    }
    assert.ok(written.size > 20);
    for (const [event, found] of written) {
      const documented = new Set(matches(severities.get(event) ?? '', /\b([A-Z]+)\b/g));
      assert.deepEqual(
        [...found].filter((severity) => !documented.has(severity)),
        [],
        event,
      );
    }
  });

  it('the requests of a sweep have ids by which its alert finds them', () =>
    assert.match(sweepRequestId('run', 'operation', false), /^sweep-/));

  it('the module has its variables and outputs in order, each with a description, and each variable with a type', () => {
    for (const blocks of [variables, outputs]) {
      const names = blocks.map(({ name }) => name);
      assert.ok(names.length > 5);
      assert.deepEqual(names, names.toSorted());
      for (const { name, description } of blocks) assert.ok(description !== undefined, name);
    }
    for (const { name, type } of variables) assert.ok(type !== undefined, name);
  });

  it('the alerts of the module link to sections of docs/operations.md that exist', async () => {
    const headings = matches(await readFile('docs/operations.md', 'utf8'), /^#+ (.*)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const sections = [
      ...matches(all, /docs\/operations\.md#([a-z-]+)/g),
      ...matches(all, /^ *section += "([a-z-]+)"/gm),
    ];
    assert.ok(sections.length >= 14);
    for (const section of sections) assert.ok(headings.includes(section), `#${section}`);
  });
});

describe('the README of the Terraform module', () => {
  it('the README of the module lists the inputs', () =>
    assert.deepEqual(
      rowsOf('| input | type | default | meaning |'),
      variables.map(({ name, type = '', default: value, description = '' }) =>
        row(`\`${name}\``, `\`${type}\``, value === undefined ? '' : `\`${value}\``, description),
      ),
    ));

  it('the README of the module lists the outputs', () =>
    assert.deepEqual(
      rowsOf('| output | meaning |'),
      outputs.map(({ name, description = '' }) => row(`\`${name}\``, description)),
    ));

  it('the README of the module shows the module as an example uses it', async () => {
    const [shown = ''] = matches(readme, /```hcl\n(.*?)```/gs);
    const example = await readFile('infra/examples/minimal/main.tf', 'utf8');
    assert.ok(shown.startsWith('module "lro_cancel" {') && example.includes(shown), shown);
  });

  it('the README of the module links to files that exist', () => {
    const links = matches(readme, /\]\((?!https?:|#)([^)#]+)/g);
    assert.ok(links.length > 3);
    for (const link of links) assert.ok(existsSync(`infra/${link}`), link);
  });
});

const row = (...cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

/** The lines of the table under a header. */
function rowsOf(header: string): readonly string[] {
  const [, table = ''] = readme.split(`${header}\n`);
  return (table.split('\n\n')[0] ?? '').split('\n').slice(1);
}
