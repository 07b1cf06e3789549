import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readConfigurations, readExtract } from '../../tools/catalog/files.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import { findHost, usualHostOf } from '../../src/catalog/host.ts';
import { Failure } from '../../src/validation/failure.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { listed, nameOfPattern } from '../support/name-patterns.ts';

const apis = await readExtract();
const { otherCancels } = await readConfigurations();

describe('what has the same shape and is no operation', () => {
  const methods = apis.flatMap(({ api, version, host, resources }) =>
    resources
      .filter(({ resource }) => !/operations$/i.test(resource))
      .flatMap(({ resource, methods: { cancel }, sample }) =>
        cancel === undefined
          ? []
          : [{ api, version, host, resource, path: cancel.split(' ')[1] ?? '', sample }],
      ),
  );

  it('is known in full: every method of the APIs that cancels something else', () => {
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
    it(`is refused: ${api} ${version} ${resource}`, () => {
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

describe('a cancel in googleapis/googleapis that is not of google.longrunning.Operations', () => {
  const others = otherCancels.flatMap(({ service, rules }) => rules.map((rule) => ({ service, rule })));

  /** Operations of their own kind, whose discovery documents have the same method. */
  const isOperation = ({ rule }: (typeof others)[number]) =>
    /operations\/(?:\*\}?|\{\w+\})[:/]cancel$/.test(rule);

  it('is refused, in every form and with every host', () => {
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

  it('is of an operation only in Kubernetes Engine and Cloud SQL', () => {
    const services = others.filter(isOperation).map(({ service }) => service);
    assert.deepEqual([...new Set(services)], ['sqladmin', 'container']);
  });
});

describe('any string whatever', () => {
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
  /** References that are right, but for an edit here and there. */
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

  it('is refused, or becomes a URL of a host of the catalog whose path is just that of a listed pattern', () => {
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
        // Another name of a host is understood, and never called.
        assert.equal(usualHostOf(host), host);
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
        // What a URL parser makes of it is what was checked: nothing in it means anything else.
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
