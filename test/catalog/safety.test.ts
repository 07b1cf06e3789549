import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readConfigurations, readExtract } from '../../tools/catalog/files.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import { findHost, canonicalHostOf } from '../../src/catalog/host.ts';
import { Failure } from '../../src/validation/failure.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { listed, nameOfPattern } from '../support/name-patterns.ts';

const apis = await readExtract();
const { otherCancels } = await readConfigurations();

describe('a resource that is not an operation and has a cancel method', () => {
  const methods = apis.flatMap(({ api, version, host, resources }) =>
    resources
      .filter(({ resource }) => !/operations$/i.test(resource))
      .flatMap(({ resource, methods: { cancel }, sample }) =>
        cancel === undefined
          ? []
          : [{ api, version, host, resource, path: cancel.split(' ')[1] ?? '', sample }],
      ),
  );

  it('the extract lists the methods that cancel something other than an operation', () => {
    assert.ok(methods.length >= 85, `only ${methods.length} methods`);
    const resources = methods.map(({ api, resource }) => `${api} ${resource}`);
    for (const one of [
      'cloudchannel accounts.customers.entitlements',
      'cloudbilling tasks',
      'paymentsresellersubscription partners.subscriptions',
      'batch projects.locations.jobs',
    ]) {
      assert.ok(resources.includes(one), one);
    }
  });

  for (const { api, version, host, resource, path, sample } of methods) {
    it(`the catalog refuses ${api} ${version} ${resource}, which is not an operation`, () => {
      const name = (sample ?? '').replaceAll('my-', '');
      const called = path.replace(/\{\+?name\}/, name).replace(/\{[^}]+\}/g, 'x');
      const withoutCancel = called.replace(/[:/]cancel$/, '');
      const attempts: readonly (readonly [string, ReferenceContext])[] = [
        [`https://${host}/${called}`, {}],
        [`https://${host}/${withoutCancel}`, {}],
        [`//${host}/${name}`, { version }],
        [name, { service: api, version }],
        [withoutCancel.replace(/^[^/]+\//, ''), { service: api, version }],
      ];
      for (const [text, context] of attempts) {
        assert.throws(
          () => resolve(parseReference(text, context)),
          { name: 'Failure', code: 'ValueError' },
          text,
        );
      }
    });
  }
});

describe('a cancel method of googleapis/googleapis outside of google.longrunning.Operations', () => {
  const others = otherCancels.flatMap(({ service, rules }) => rules.map((rule) => ({ service, rule })));

  /** Whether a rule cancels an operation of its service's own kind. Discovery documents have the same method. */
  const isOperation = ({ rule }: (typeof others)[number]) =>
    /operations\/(?:\*\}?|\{\w+\})[:/]cancel$/.test(rule);

  it('every form of a reference to a resource that is not an operation is refused, with every alias of its host', () => {
    const accepted = others
      .filter((other) => !isOperation(other))
      .flatMap(({ service, rule }) => {
        const called = rule
          .replace(/^[A-Z]+ \//, '')
          .replace(/\{\w+=([^}]*)\}/g, '$1')
          .replace(/\*|\{\w+\}/g, 'x');
        const path = called.replace(/[:/]cancel$/, '');
        const [, version = '', name = ''] = /^(?:[a-z]+\/)?(v[^/]+)\/(.*)$/.exec(path) ?? [];
        const attempts: readonly (readonly [string, ReferenceContext])[] = [
          ...['', 'us-central1-', 'content-'].flatMap((prefix) => [
            [`https://${prefix}${service}.googleapis.com/${called}`, {}] as const,
            [`https://${prefix}${service}.googleapis.com/${path}`, {}] as const,
          ]),
          [`https://${service}.mtls.googleapis.com/${called}`, {}],
          [`//${service}.googleapis.com/${name}`, { version }],
          [name, { service, version }],
          [name, { service }],
          [`${name}:cancel`, { service, version, region: 'us-central1' }],
        ];
        return attempts.flatMap(([text, context]) => {
          try {
            return [`${service} ${rule}: ${resolve(parseReference(text, context)).url}`];
          } catch (error) {
            return error instanceof Failure && error.code === 'ValueError'
              ? []
              : [`${rule}: ${String(error)}`];
          }
        });
      });
    assert.deepEqual(accepted, []);
    assert.ok(others.length > 50, `only ${others.length}`);
  });

  it('only Kubernetes Engine and Cloud SQL have cancel methods of operations outside of google.longrunning.Operations', () => {
    const services = others.filter(isOperation).map(({ service }) => service);
    assert.deepEqual([...new Set(services)], ['sqladmin', 'container']);
  });
});

describe('any reference', () => {
  const hosts = Object.keys(catalog.services).map((service) => `${service}.googleapis.com`);
  const pieces = fc.constantFrom(
    ...[
      'https://',
      'http://',
      '//',
      '/',
      ':',
      '@',
      '..',
      '.',
      '%2F',
      '%',
      '?',
      '#',
      '\\',
      ' ',
      '\n',
      '\0',
      'é',
    ],
    ...['us-central1-aiplatform.googleapis.com', 'aiplatform.eu.rep.googleapis.com', 'www.googleapis.com'],
    ...[
      'spanner.us-east1.rep.googleapis.com',
      'translate-eu.googleapis.com',
      'us-central1-dataproc.googleapis.com',
      'notebooks.mtls.googleapis.com',
      'content-batch.googleapis.com',
      'eu-vision.googleapis.com',
      'evil.example',
      ...hosts.slice(0, 20),
    ],
    ...['v1', 'v2', 'v1beta1', 'storage/v1', 'dns/v1', 'sql/v1beta4', 'v1/admin', 'compute/v1'],
    ...['projects', 'p', '_', 'example.com:p', 'locations', 'us-central1', 'global', 'zones', 'b', 'buckets'],
    ...['operations', 'transferOperations', 'o1', ':cancel', '/cancel', 'datasets/d', 'ragEngineConfig'],
    ...['batches', 'ui', 'publishers/google/models/m', 'instances/i', 'mtls'],
    ...['accounts/A/customers/C/entitlements/E', 'tasks/t', 'jobs/j', 'entitlements'],
  );
  /** Valid references with up to two random edits. */
  const nearlyRight = fc
    .tuple(
      fc.constantFrom(...listed),
      fc.constantFrom('url', 'full', 'bare'),
      fc.array(
        fc.record({
          at: fc.nat(120),
          remove: fc.nat(3),
          insert: fc.oneof(pieces, fc.string({ maxLength: 3 })),
        }),
        { maxLength: 2 },
      ),
    )
    .map(([{ service, version, pattern, base }, form, edits]) => {
      const name = nameOfPattern(pattern);
      const host = `${service === 'aiplatform' ? 'us-central1-' : ''}${service}.googleapis.com`;
      const texts = { url: `https://${host}/${base}${name}`, full: `//${host}/${name}`, bare: name };
      const text = edits.reduce(
        (before, { at, remove, insert }) => before.slice(0, at) + insert + before.slice(at + remove),
        texts[form],
      );
      return { text, context: form === 'url' ? {} : { service, version } };
    });
  const anyContext: fc.Arbitrary<ReferenceContext> = fc.oneof(
    { arbitrary: fc.constant({}), weight: 3 },
    fc.record(
      {
        service: fc.oneof(fc.constantFrom(...Object.keys(catalog.services), 'compute'), fc.string()),
        version: fc.oneof(fc.constantFrom('v1', 'v2', 'v1beta1', 'v3', 'toString'), fc.string()),
        region: fc.oneof(fc.constantFrom('us-central1', 'eu', 'global', 'ca'), fc.string()),
      },
      { requiredKeys: [] },
    ),
  );
  const anyText = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('/')),
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
  );
  const anyReference = fc.oneof(
    fc.record({ text: anyText, context: anyContext }),
    { arbitrary: nearlyRight, weight: 4 },
    { arbitrary: fc.record({ text: nearlyRight.map(({ text }) => text), context: anyContext }), weight: 1 },
  );

  const maybe = fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, fc.boolean());

  it('any string is refused, or resolves to a URL with a host of the catalog and exactly the path of a listed pattern', () => {
    let resolved = 0;
    fc.assert(
      fc.property(anyReference, maybe, ({ text, context }, regionalEndpoint) => {
        let operation;
        try {
          operation = resolve({ ...parseReference(text, context), regionalEndpoint });
        } catch (error) {
          assert.ok(error instanceof Failure && !error.retryable, String(error));
          return;
        }
        resolved += 1;
        const { host, version, name, service, url, calls } = operation;
        const { cancel, get } = calls;
        assert.equal(findHost(host)?.service, service);
        // An alias of a host is accepted in references, and never called.
        assert.equal(canonicalHostOf(host), host);
        assert.notEqual(host, `${findHost(host)?.location}-dataproc.googleapis.com`);
        const pattern = listed.find(
          (one) => one.service === service && one.version === version && one.expression.test(name),
        );
        assert.ok(pattern !== undefined, `${service} ${version} lists no pattern for ${name}`);
        const path = pattern.base + name.replace('projects/_/buckets/', 'b/');
        const [method, suffix = ''] = pattern.cancel.split(' ');
        assert.equal(url, `https://${host}/${path}`);
        assert.deepEqual(cancel, { method, path: path + suffix });
        if (get !== undefined) assert.deepEqual(get, { method: 'GET', path });
        // A URL parser reads the same parts that were checked: no character has another meaning.
        const parsed = new URL(`https://${host}/${cancel.path}`);
        assert.deepEqual(
          [parsed.host, parsed.pathname, parsed.search, parsed.hash],
          [host, `/${path}${suffix}`, '', ''],
        );
        assert.match(host, /^[a-z0-9.-]+\.googleapis\.com$/);
      }),
      { numRuns: 20_000 },
    );
    assert.ok(resolved > 2_000, `only ${resolved} references resolved: the property says too little`);
  });
});
