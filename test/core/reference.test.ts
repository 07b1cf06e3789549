import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { resolve } from '../../src/catalog/catalog.ts';
import { findHost } from '../../src/catalog/host.ts';
import { parseConnectorCall } from '../../src/core/connector-call.ts';
import { Failure } from '../../src/core/failure.ts';
import { parseReference } from '../../src/core/reference.ts';
import { NAME } from '../fakes.ts';

describe('a reference', () => {
  for (const [title, text, expected] of [
    [
      'a URL',
      `https://notebooks.googleapis.com/v2/${NAME}`,
      { host: 'notebooks.googleapis.com', version: 'v2', name: NAME },
    ],
    [
      'a URL with :cancel',
      `https://notebooks.googleapis.com/v2/${NAME}:cancel`,
      { host: 'notebooks.googleapis.com', version: 'v2', name: NAME },
    ],
    [
      'a URL in capitals where they mean nothing',
      `HTTPS://Notebooks.GoogleAPIs.com/v2/${NAME}`,
      { host: 'notebooks.googleapis.com', version: 'v2', name: NAME },
    ],
    [
      'a full resource name',
      `//notebooks.googleapis.com/${NAME}`,
      { host: 'notebooks.googleapis.com', name: NAME },
    ],
    ['a bare name', NAME, { name: NAME }],
    ['a bare name with :cancel', `${NAME}:cancel`, { name: NAME }],
  ] as const) {
    it(`can be ${title}`, () => assert.deepEqual(parseReference(text), expected));
  }

  it('carries service, version and region along', () => {
    const context = { service: 'notebooks', version: 'v1', region: 'us-east1' };
    assert.deepEqual(parseReference(NAME, context), { ...context, name: NAME });
  });

  const url = (host: string, path = `v2/${NAME}`) => `https://${host}/${path}`;
  for (const [title, text, problem] of [
    ['nothing', '', /must not be empty/],
    ['http:', `http://notebooks.googleapis.com/v2/${NAME}`, /must begin with https:/],
    ['another scheme', `file:///etc/passwd`, /must begin with https:/],
    ['user information', url('me:secret@notebooks.googleapis.com'), /user information/],
    ['a port', url('notebooks.googleapis.com:8443'), /port/],
    ['a query', `${url('notebooks.googleapis.com')}?alt=json`, /query/],
    ['a fragment', `${url('notebooks.googleapis.com')}#x`, /fragment/],
    ['no host', `https:///v2/${NAME}`, /no host/],
    ['no version', `https://notebooks.googleapis.com/${NAME}`, /no version/],
    ['..', url('notebooks.googleapis.com', `v2/projects/../${NAME}`), /"\." or "\.\." segment/],
    ['.. at the end', `${NAME}/..`, /segment/],
    ['//', url('notebooks.googleapis.com', `v2//${NAME}`), /empty segment/],
    ['%2F', NAME.replace('/o1', '%2Fo1'), /percent-encoded/],
    ['a space', `${NAME} x`, /printable ASCII/],
    ['a line break', `${NAME}\n`, /printable ASCII/],
    ['a NUL', `${NAME}\0`, /printable ASCII/],
    ['non-ASCII', NAME.replace('projects', 'рrojects'), /printable ASCII/],
    ['a full-width slash', NAME.replace('/', '／'), /printable ASCII/],
    ['a backslash', url('notebooks.googleapis.com', `v2\\${NAME}`), /backslash/],
    ['10,000 characters', `${NAME}${'x'.repeat(10_000)}`, /has \d+ characters, at most 2048/],
  ] as const) {
    it(`must not have ${title}`, () => {
      assert.throws(
        () => parseReference(text),
        (error: Failure) => {
          assert.equal(error.code, 'ValueError');
          assert.match(error.message, /^operation: /);
          assert.match(error.message, problem);
          assert.ok(error.message.length < 400, 'a message stays short');
          return true;
        },
      );
    });
  }

  it('must not contradict the version that goes with it', () => {
    assert.throws(() => parseReference(url('notebooks.googleapis.com'), { version: 'v1' }), {
      message: 'version: the URL says "v2", but version says "v1"',
    });
  });
});

describe("a connector's call", () => {
  const call = 'googleapis.aiplatform.v1beta1.projects.locations.operations.cancel';

  it('names service and version', () => {
    assert.deepEqual(parseConnectorCall({ call, args: { name: NAME, region: 'us-central1' } }), {
      service: 'aiplatform',
      version: 'v1beta1',
      name: NAME,
      region: 'us-central1',
    });
  });

  for (const [collections, name] of [
    ['operations', 'operations/o1'],
    ['projects.operations', 'projects/p/operations/o1'],
    ['projects.locations.datasets.operations', 'projects/p/locations/l/datasets/d/operations/o1'],
    ['projects.locations.ragEngineConfig.operations', 'projects/p/locations/l/ragEngineConfig/operations/o1'],
  ] as const) {
    it(`of ${collections} takes ${name}`, () => {
      const { name: taken } = parseConnectorCall({
        call: `googleapis.aiplatform.v1.${collections}.cancel`,
        args: { name },
      });
      assert.equal(taken, name);
    });
  }

  for (const [title, changed, field] of [
    ['another method', { call: call.replace('cancel', 'delete'), args: { name: NAME } }, 'call'],
    [
      'a method of another resource',
      { call: 'googleapis.cloudchannel.v1.accounts.customers.entitlements.cancel', args: { name: NAME } },
      'call',
    ],
    ['no service', { call: 'projects.locations.operations.cancel', args: { name: NAME } }, 'call'],
    [
      'a name of another collection',
      { call, args: { name: 'projects/p/locations/l/datasets/d/operations/o1' } },
      'args.name',
    ],
    ['a name that is a URL', { call, args: { name: `https://evil.example/v1/${NAME}` } }, 'args.name'],
    ['an empty name', { call, args: { name: '' } }, 'args.name'],
  ] as const) {
    it(`must not have ${title}`, () => {
      assert.throws(
        () => parseConnectorCall(changed),
        (error: Failure) => error.message.startsWith(`${field}: `),
      );
    });
  }
});

describe('any string whatever', () => {
  const pieces = fc.constantFrom(
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
    'notebooks.googleapis.com',
    'us-central1-aiplatform.googleapis.com',
    'aiplatform.eu.rep.googleapis.com',
    'cloudchannel.googleapis.com',
    'evil.example',
    'v2',
    'v1',
    'v1beta1',
    'projects',
    'p',
    'example.com:p',
    'locations',
    'us-central1',
    'global',
    'operations',
    'o1',
    'accounts/A/customers/C/entitlements/E',
    ':cancel',
    'datasets/d',
  );
  /** References that are right, but for an edit here and there. */
  const nearlyRight = fc
    .tuple(
      fc.constantFrom(
        'https://notebooks.googleapis.com/v2/',
        '//notebooks.googleapis.com/',
        'https://us-central1-aiplatform.googleapis.com/v1/',
        '',
      ),
      fc.constantFrom(NAME, 'projects/example.com:p/locations/global/operations/o1', 'operations/a/b'),
      fc.array(
        fc.record({
          at: fc.nat(120),
          remove: fc.nat(3),
          insert: fc.oneof(pieces, fc.string({ maxLength: 3 })),
        }),
        { maxLength: 2 },
      ),
    )
    .map(([prefix, name, edits]) =>
      edits.reduce(
        (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
        prefix + name,
      ),
    );
  const anyReference = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('/')),
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
    { arbitrary: nearlyRight, weight: 4 },
  );
  const fullContext = fc.record(
    {
      service: fc.oneof(
        fc.constantFrom('notebooks', 'cloudchannel', 'aiplatform', 'dialogflow.googleapis.com'),
        fc.string(),
      ),
      version: fc.oneof(fc.constantFrom('v1', 'v2', 'v1beta1', 'v3'), fc.string()),
      region: fc.oneof(fc.constantFrom('us-central1', 'eu', 'global'), fc.string()),
    },
    { requiredKeys: [] },
  );

  const anyContext = fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, fullContext);

  it('is refused, or becomes a URL of a catalogued host whose path is version and name of an operation', () => {
    let resolved = 0;
    fc.assert(
      fc.property(anyReference, anyContext, (text, context) => {
        let operation;
        try {
          operation = resolve(parseReference(text, context));
        } catch (error) {
          assert.ok(error instanceof Failure && error.code === 'ValueError', String(error));
          return;
        }
        resolved += 1;
        const { host, version, name, service, url } = operation;
        assert.equal(findHost(host)?.service, service);
        assert.equal(url, `https://${host}/${version}/${name}`);
        // What a URL parser makes of it is what was checked: nothing in it means anything else.
        const parsed = new URL(`${url}:cancel`);
        assert.deepEqual(
          [parsed.host, parsed.pathname, parsed.search, parsed.hash],
          [host, `/${version}/${name}:cancel`, '', ''],
        );
        assert.match(name, /^(?:[A-Za-z]+\/[^/]+\/)*(?:ragEngineConfig\/)?operations\/.+$/);
      }),
      { numRuns: 20_000 },
    );
    assert.ok(resolved > 500, `only ${resolved} references resolved: the property says too little`);
  });
});
