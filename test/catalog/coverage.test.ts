import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { generatedFiles, readSources } from '../../tools/catalog/files.ts';
import { additions, aiplatformKinds, regional, scopes as ownScopes } from '../../tools/catalog/overlay.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import { Failure } from '../../src/validation/failure.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';

const sources = await readSources();
const { apis } = sources;
const lookUp = (text: string, context: ReferenceContext = {}) => resolve(parseReference(text, context));

/** Every method of the extract that cancels an operation, with a name that it accepts. */
const methods = apis.flatMap(({ api, version, host, resources }) =>
  resources
    .filter(({ resource, methods: { cancel } }) => /operations$/i.test(resource) && cancel !== undefined)
    .map(({ resource, methods: { cancel = '', get }, sample = 'placeholder-value', scopes }) => {
      const [method = '', path = ''] = cancel.split(' ');
      const name = path.includes('{+name}')
        ? sample === 'placeholder-value'
          ? `${resource.split('.').join('/x/')}/x`
          : sample.replaceAll('[^/]+', 'x').replaceAll('.*', 'a/b')
        : path.replace(/^.*?v\d\w*\//, '').replace(/[:/]cancel$/, '');
      const inRegion = name.replace('locations/my-location', 'locations/us-central1');
      const fill = (template: string) => template.replace('{+name}', inRegion).replace(/\{\w+\}/g, 'x');
      return {
        id: `${api} ${version} ${resource}`,
        api,
        version,
        method,
        cancelPath: fill(path),
        getPath: get === undefined ? undefined : fill(get.split(' ')[1] ?? ''),
        name: fill(inRegion),
        scopes:
          ownScopes[api] ?? (sample === 'placeholder-value' && scopes.length === 0 ? undefined : scopes),
        host: regionalHost(api) ?? host,
      };
    }),
);

function regionalHost(service: string): string | undefined {
  const { [service]: rule } = regional;
  if (rule === undefined || rule.only !== undefined) return undefined;
  return rule.host.replace('{location}', 'us-central1');
}

describe('every operations.cancel of the discovery documents', () => {
  it('the extract has more than 365 operations.cancel methods of more than 110 APIs', () => {
    assert.ok(methods.length > 365, `only ${methods.length}`);
    assert.ok(new Set(methods.map(({ api }) => api)).size > 110);
  });

  for (const { id, api, version, method, cancelPath, getPath, name, scopes, host } of methods) {
    it(`the catalog calls ${id} as documented`, () => {
      const inProject = name.includes('locations/') || name.startsWith('projects/');
      const regionOfName = regionalHost(api) !== undefined && !name.includes('locations/');
      const context = { service: api, version, ...(regionOfName && { region: 'us-central1' }) };
      const byUrl = lookUp(`https://${host}/${cancelPath}`);
      assert.equal(byUrl.host, host);
      assert.deepEqual(byUrl.calls.cancel, { method, path: cancelPath });
      assert.deepEqual(byUrl.calls.get?.path, getPath);
      if (scopes !== undefined) {
        assert.deepEqual(
          byUrl.auth.scopes,
          scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`),
        );
      }
      // A prefix of the path belongs to the URL; the name alone resolves to the same operation.
      const byName = lookUp(byUrl.name, context);
      assert.deepEqual(byName, byUrl);
      assert.equal(inProject && byUrl.project === undefined && name.startsWith('projects/'), false);
    });
  }
});

describe('the additions of the overlay', () => {
  for (const { service, version, names } of additions) {
    it(`the overlay makes operations of ${service} ${version} cancellable`, () => {
      for (const pattern of names) {
        const name = pattern.replace('locations/*', 'locations/us-central1').replaceAll('*', 'x');
        const host = regionalHost(service) ?? `${service}.googleapis.com`;
        assert.equal(lookUp(name, { service, version }).url, `https://${host}/${version}/${name}`);
      }
    });
  }

  for (const [version, kinds] of Object.entries(aiplatformKinds)) {
    it(`the overlay adds every later kind of aiplatform ${version}, with and without project and location`, () => {
      const host = 'us-central1-aiplatform.googleapis.com';
      for (const kind of kinds) {
        const name = `${kind.replaceAll('*', 'x')}/operations/o`;
        const inLocation = `projects/p/locations/us-central1/${name}`;
        const context = { service: 'aiplatform', version };
        assert.equal(lookUp(inLocation, context).url, `https://${host}/${version}/${inLocation}`);
        const region = 'us-central1';
        assert.equal(lookUp(name, { ...context, region }).url, `https://${host}/${version}/${name}`);
      }
    });
  }

  it('the catalog has 130 names of aiplatform v1beta1 and 110 of v1, as the discovery documents have', () => {
    const count = (version: string) =>
      (catalog.services.aiplatform?.versions[version] ?? [])
        .filter(({ cancel, source }) => cancel !== false && source !== 'configuration')
        .flatMap(({ names = [] }) => names).length * 2;
    assert.deepEqual([count('v1beta1'), count('v1')], [130, 110]);
  });
});

describe('operations without a method to cancel them', () => {
  const refusal = (text: string, context: ReferenceContext = {}) => {
    try {
      return lookUp(text, context);
    } catch (error) {
      return error;
    }
  };
  const name = 'projects/p/locations/us-central1/operations/o';

  for (const service of catalog.uncancellable) {
    it(`every reference to an operation of ${service} fails as Unsupported`, () => {
      for (const error of [
        refusal(name, { service }),
        refusal(`//${service}.googleapis.com/${name}`),
        refusal(`https://${service}.googleapis.com/v1/${name}:cancel`),
      ]) {
        assert.ok(error instanceof Failure);
        assert.deepEqual(
          [error.code, error.message],
          ['Unsupported', `${service} has no method to cancel its operations`],
        );
      }
    });
  }

  for (const service of ['compute', 'cloudfunctions', 'run', 'appengine', 'cloudkms']) {
    it(`the catalog lists ${service} as a service that cannot cancel its operations`, () =>
      assert.ok(catalog.uncancellable.includes(service)));
  }

  for (const [title, text, context] of [
    [
      'of a kind of resource that has no cancel',
      'projects/p/locations/us-central1/featureGroups/f/operations/o',
      { service: 'aiplatform', version: 'v1' },
    ],
    ['of a version that has no cancel', name, { service: 'artifactregistry', version: 'v1beta2' }],
    [
      'with the older common host',
      'https://www.googleapis.com/compute/v1/projects/p/zones/z/operations/o',
      {},
    ],
  ] as const) {
    it(`a reference to an operation ${title} fails as Unsupported`, () => {
      const error = refusal(text, context);
      assert.ok(error instanceof Failure && error.code === 'Unsupported', String(error));
    });
  }
});

describe('the committed catalog', () => {
  it('the committed catalog is the one that the committed extracts and overlay generate', async () => {
    for (const [path, content] of Object.entries(generatedFiles(sources))) {
      assert.ok(
        (await readFile(path, 'utf8')) === content,
        `${path} differs: run npm run catalog -- --offline`,
      );
    }
  });

  it('the catalog is generated the same each time', () => {
    assert.deepEqual(generatedFiles(structuredClone(sources)), generatedFiles(sources));
  });

  it('the committed catalog is no larger than 80 KB', async () => {
    assert.ok((await readFile('src/catalog/catalog.json')).length <= 80_000);
  });

  it('every rule of the overlay names its source', () => {
    for (const rule of [...additions, ...Object.values(regional)]) assert.match(rule.source, /\S{5}/);
  });
});
