import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalog } from '../../src/catalog/catalog.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { Failure } from '../../src/validation/failure.ts';
import { readConfigurations } from '../../tools/catalog/files.ts';
import { GOOGLEAPIS_COMMIT } from '../../tools/catalog/googleapis.ts';

/** Checks the second source rule by rule. The tests parse the rules independently of the generator. */

const { commit, configurations } = await readConfigurations();
const lookUp = (text: string, context: ReferenceContext = {}) => resolve(parseReference(text, context));

/** A path of a rule, as `v1/projects/x/operations/x`, without a verb and a custom method. */
const pathOf = (rule: string) =>
  rule
    .replace(/^[A-Z]+ \//, '')
    .replace(/\{name=([^}]*)\}/, '$1')
    .replaceAll('locations/*', 'locations/us-central1')
    .replaceAll('**', 'a/b')
    .replaceAll('*', 'x')
    .replace(/:cancel$/, '');

function hostFor(service: string): string {
  const { host, regional } = catalog.services[service] ?? {};
  if (regional !== undefined && regional.only === undefined) {
    return regional.host.replace('{location}', 'us-central1');
  }
  return host ?? `${service}.googleapis.com`;
}

const rules = configurations.flatMap(({ file, service, cancel, get }) =>
  cancel.map((rule) => ({ file, service, rule, gets: get.map(pathOf) })),
);

/** The failed cases of a check, a line for each. */
function failuresOf<T>(cases: readonly T[], nameOf: (one: T) => string, check: (one: T) => void): string[] {
  return cases.flatMap((one) => {
    try {
      check(one);
      return [];
    } catch (error) {
      return [`${nameOf(one)}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

const outcomeOf = (text: string, context: ReferenceContext = {}) => {
  try {
    return lookUp(text, context).url;
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error.code;
  }
};

describe('the CancelOperation rules of the service configurations', () => {
  it('the extract has the 529 CancelOperation rules of 104 services, read from the pinned commit', () => {
    assert.equal(commit, GOOGLEAPIS_COMMIT);
    assert.equal(rules.length, 529);
    assert.equal(new Set(rules.map(({ service }) => service)).size, 104);
  });

  it('every CancelOperation rule resolves by URL to the call that it describes, and by service, version and name to the same', () => {
    const failures = failuresOf(
      rules,
      ({ file, rule }) => `${file} ${rule}`,
      ({ service, rule, gets }) => {
        const [method = ''] = rule.split(' ');
        const path = pathOf(rule);
        const host = hostFor(service);
        const byUrl = lookUp(`https://${host}/${path}:cancel`);
        assert.deepEqual(
          { service: byUrl.service, host: byUrl.host, cancel: byUrl.calls.cancel },
          { service, host, cancel: { method, path: `${path}:cancel` } },
        );
        assert.deepEqual(byUrl.calls.get, gets.includes(path) ? { method: 'GET', path } : undefined);
        if (/\bprojects\/x\//.test(path)) assert.equal(byUrl.project, 'x');
        const { version, name, region } = byUrl;
        assert.deepEqual(lookUp(name, { service, version, ...(region !== undefined && { region }) }), byUrl);
      },
    );
    assert.deepEqual(failures, []);
  });

  it('an operation accepts the scopes that its configuration lists, unless a discovery document lists others', () => {
    const ofConfiguration = configurations.flatMap(({ file, service, cancel, scopes }) =>
      cancel.map((rule) => ({ file, service, rule, scopes })),
    );
    const failures = failuresOf(
      ofConfiguration,
      ({ file, rule }) => `${file} ${rule}`,
      ({ service, rule, scopes = ['cloud-platform'] }) => {
        const operation = lookUp(`https://${hostFor(service)}/${pathOf(rule)}:cancel`);
        const groups = catalog.services[service]?.versions[operation.version] ?? [];
        if (!groups.every(({ source }) => source === 'configuration')) return;
        assert.deepEqual(
          [...operation.auth.scopes].sort(),
          scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`).sort(),
        );
      },
    );
    assert.deepEqual(failures, []);
  });
});

describe('an operation whose configuration has a GetOperation and no CancelOperation', () => {
  const shown = configurations.flatMap(({ service, cancel, get }) => {
    const cancels = new Set(cancel.map(pathOf));
    return get
      .map(pathOf)
      .filter((path) => !cancels.has(path))
      .map((path) => ({ service, path }));
  });

  /** Operations with a cancel in their discovery document or, for iam, in another configuration. */
  const cancelledByAnotherSource = [
    'accesscontextmanager v1/operations/a/b',
    'artifactregistry v1/projects/x/locations/us-central1/operations/x',
    'iam v1beta/projects/x/locations/us-central1/workloadIdentityPools/x/operations/x',
    'iam v1beta/projects/x/locations/us-central1/workloadIdentityPools/x/providers/x/operations/x',
    'serviceusage v1/operations/x',
    'vision v1/operations/x',
  ];

  it('an operation whose configuration has no CancelOperation fails as Unsupported, unless another source has its cancel', () => {
    const outcomes = shown.map(({ service, path }) => ({
      id: `${service} ${path}`,
      outcome: outcomeOf(`https://${hostFor(service)}/${path}`),
    }));
    assert.ok(shown.length > 170, `only ${shown.length}`);
    assert.deepEqual(
      outcomes
        .filter(({ outcome }) => outcome !== 'Unsupported')
        .map(({ id }) => id)
        .sort(),
      cancelledByAnotherSource,
    );
  });
});

describe('the sources of the catalog', () => {
  const groups = Object.entries(catalog.services).flatMap(([service, { versions }]) =>
    Object.entries(versions).flatMap(([version, ofVersion]) =>
      ofVersion.map((group) => ({ service, version, ...group })),
    ),
  );

  it('the catalog has cancels from configurations in at least 26 services', () => {
    const byService = Map.groupBy(groups, ({ service }) => service);
    const ofConfigurations = [...byService].filter(([, all]) =>
      all.filter(({ cancel }) => cancel !== false).some(({ source }) => source === 'configuration'),
    );
    assert.ok(ofConfigurations.length >= 26, `only ${ofConfigurations.length}`);
  });

  it('every name whose source is a configuration is in a configuration of its service', () => {
    const paths = new Map(
      Object.entries(Object.groupBy(configurations, ({ service }) => service)).map(([service, ofService]) => [
        service,
        new Set((ofService ?? []).flatMap(({ cancel, get }) => [...cancel, ...get]).map(pathOf)),
      ]),
    );
    const failures = failuresOf(
      groups.filter(({ source }) => source === 'configuration'),
      ({ service, version }) => `${service} ${version}`,
      ({ service, version, names = ['projects/*/locations/*/operations/*'], base = `${version}/` }) => {
        for (const name of names) assert.ok(paths.get(service)?.has(pathOf(`GET /${base}${name}`)), name);
      },
    );
    assert.deepEqual(failures, []);
  });
});
