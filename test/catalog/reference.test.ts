import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConnectorCall } from '../../src/messages/connector-call.ts';
import type { Failure } from '../../src/validation/failure.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import { NAME } from '../support/fakes.ts';

describe('a reference', () => {
  for (const [title, text, expected] of [
    [
      'a URL',
      `https://notebooks.googleapis.com/v2/${NAME}`,
      { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
    ],
    [
      'a URL with :cancel',
      `https://notebooks.googleapis.com/v2/${NAME}:cancel`,
      { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
    ],
    [
      'a URL in capitals where they mean nothing',
      `HTTPS://Notebooks.GoogleAPIs.com/v2/${NAME}`,
      { host: 'notebooks.googleapis.com', path: `v2/${NAME}` },
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
});

describe("a connector's call", () => {
  const call = 'googleapis.aiplatform.v1beta1.projects.locations.operations.cancel';

  const zonal = 'googleapis.container.v1.projects.zones.operations.cancel';
  const parts = { projectId: 'p', zone: 'us-central1-a', operationId: 'o1' };

  it('of Kubernetes Engine may name an operation in parts, and again in its body', () => {
    const name = 'projects/p/zones/us-central1-a/operations/o1';
    for (const body of [undefined, {}, parts, { name }]) {
      const { fields, ...reference } = parseConnectorCall({ call: zonal, args: { ...parts, body } });
      assert.deepEqual(reference, { service: 'container', version: 'v1', name });
      assert.equal(fields?.operation, 'args.name');
    }
  });

  it('names service and version', () => {
    const { fields, ...reference } = parseConnectorCall({
      call,
      args: { name: NAME, region: 'us-central1' },
    });
    assert.equal(fields?.region, 'args.region');
    assert.deepEqual(reference, {
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
      const call = `googleapis.aiplatform.v1.${collections}.cancel`;
      const reference = parseConnectorCall({ call, args: { name } });
      assert.equal('name' in reference && reference.name, name);
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
    ['no name', { call, args: {} }, 'args.name'],
    ['a name twice', { call, args: { name: NAME, projectId: 'p' } }, 'args.name'],
    ['half of the parts', { call: zonal, args: { projectId: 'p', operationId: 'o' } }, 'args.zone'],
    ['a part of dots', { call: zonal, args: { ...parts, zone: '..' } }, 'args.zone'],
    ['a part with a query', { call: zonal, args: { ...parts, zone: 'a?b' } }, 'args.zone'],
    [
      'a body that names what the call does not have',
      {
        call: 'googleapis.cloudbuild.v1.operations.cancel',
        args: { name: 'operations/o', body: { projectId: 'operations' } },
      },
      'args.body.projectId',
    ],
    ['a part of two segments', { call: zonal, args: { ...parts, zone: 'z/operations/x' } }, 'args.zone'],
    ['a body that names another', { call: zonal, args: { ...parts, body: { zone: 'y' } } }, 'args.body.zone'],
    [
      'a body with another name',
      { call, args: { name: NAME, body: { name: `${NAME}2` } } },
      'args.body.name',
    ],
  ] as const) {
    it(`must not have ${title}`, () => {
      assert.throws(
        () => parseConnectorCall(changed),
        (error: Failure) => error.message.startsWith(`${field}: `),
      );
    });
  }
});
