import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolve } from '../../src/catalog/resolve.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { itRefuses } from '../support/refusals.ts';
import { AMBIGUOUS_REFERENCES, UNKNOWN_ENDPOINT_HOSTS, UNKNOWN_ENDPOINTS } from './references.refusals.ts';

const lookUp = (text: string, context: ReferenceContext = {}) => resolve(parseReference(text, context));
const inLocation = (location: string) => `projects/p/locations/${location}/operations/o1`;

describe('the regional endpoint of a re-check', () => {
  itRefuses(UNKNOWN_ENDPOINTS, (title) => `the regional endpoint of a re-check is refused: ${title}`);

  it('the regional endpoint of a re-check is the one that the URL of its request named', () => {
    const url = 'https://spanner.us-east1.rep.googleapis.com/v1/projects/p/instances/i/operations/o';
    const { service, version, name, region, regionalEndpoint } = lookUp(url);
    assert.equal(resolve({ service, version, name, region, regionalEndpoint }).url, url);
  });
});

describe('a regional endpoint in a URL', () => {
  const at = (host: string) => lookUp(`https://${host}.rep.googleapis.com/v1/projects/p/operations/o`);
  for (const host of ['datastore.us-east1', 'datastore.eu', 'datastore.europe-west12']) {
    it(`a regional endpoint in a URL is used if the service has it: ${host}`, () => {
      assert.equal(at(host).host, `${host}.rep.googleapis.com`);
    });
  }
  itRefuses(
    UNKNOWN_ENDPOINT_HOSTS,
    (host) => `a regional endpoint in a URL is refused if the service does not have it: ${host}`,
  );

  it('a regional endpoint in a URL is used for zones of its region', () => {
    const name = 'projects/p/locations/us-central1-a/operations/o';
    const host = 'netapp.us-central1.rep.googleapis.com';
    assert.equal(lookUp(`https://${host}/v1/${name}`).host, host);
  });
});

describe('an ambiguous reference', () => {
  itRefuses(AMBIGUOUS_REFERENCES, (title) => `an ambiguous reference is refused: ${title}`);
});

describe('the host of a service', () => {
  for (const [service, location, region, host] of [
    ['translate', 'us-central1', undefined, 'translation.googleapis.com'],
    ['translate', 'eu', undefined, 'translate-eu.googleapis.com'],
    ['translate', 'europe-west1', 'eu', 'translate-eu.googleapis.com'],
    ['translate', 'us-west1', 'us', 'translate-us.googleapis.com'],
    ['automl', 'eu', undefined, 'eu-automl.googleapis.com'],
    ['automl', 'us-central1', undefined, 'automl.googleapis.com'],
    ['documentai', 'eu', undefined, 'eu-documentai.googleapis.com'],
    ['discoveryengine', 'us', undefined, 'us-discoveryengine.googleapis.com'],
    ['contactcenterinsights', 'us-central1', undefined, 'us-central1-contactcenterinsights.googleapis.com'],
    ['speech', 'europe-west4', undefined, 'europe-west4-speech.googleapis.com'],
    ['gkemulticloud', 'us-west1', undefined, 'us-west1-gkemulticloud.googleapis.com'],
    ['pubsublite', 'us-east1-b', undefined, 'us-east1-pubsublite.googleapis.com'],
  ] as const) {
    it(`the host of ${service} in ${location}${region === undefined ? '' : `, requested in ${region},`} is ${host}`, () => {
      const name =
        service === 'discoveryengine'
          ? `projects/p/locations/${location}/dataStores/d/branches/b/operations/o`
          : inLocation(location);
      const operation = lookUp(name, { service, region, version: undefined });
      assert.equal(operation.host, host);
      // The region that the re-check carries resolves to the same URL.
      const { version, region: carried } = operation;
      assert.equal(resolve({ service, version, name, region: carried }).url, operation.url);
      assert.equal(lookUp(operation.url).url, operation.url);
    });
  }

  it("the catalog also resolves translate by the host of the service's own name", () => {
    const url = `https://translate.googleapis.com/v3/${inLocation('global')}`;
    assert.equal(lookUp(url).host, 'translation.googleapis.com');
  });
});

describe('the project of an operation', () => {
  for (const [service, name, project] of [
    ['notebooks', 'projects/p/locations/l/operations/o', 'p'],
    ['notebooks', 'projects/locations/locations/l/operations/o', 'locations'],
    ['cloudbuild', 'operations/build/victim/AAA=', 'victim'],
    ['cloudbuild', 'operations/build/example.com:p/AAA', 'example.com:p'],
    ['cloudbuild', 'operations/other/p/AAA', undefined],
    ['videointelligence', 'operations/projects/p/locations/l/operations/o', 'p'],
    // The part after operations/ is opaque: it does not prove a project.
    ['cloudchannel', 'operations/projects/p/x', undefined],
    ['storage', 'projects/_/buckets/b/operations/o', undefined],
    ['logging', 'organizations/1/locations/l/operations/o', undefined],
  ] as const) {
    it(`the project of ${service} ${name} is ${project ?? 'unknown'}`, () => {
      const version = service === 'cloudbuild' ? 'v1' : undefined;
      assert.equal(lookUp(name, { service, version }).project, project);
    });
  }
});

describe('the location of a name', () => {
  it('the location of a name is where its pattern has one, whatever its ids are', () => {
    const name = 'projects/locations/locations/us-central1/operations/o';
    assert.equal(lookUp(name, { service: 'aiplatform' }).host, 'us-central1-aiplatform.googleapis.com');
    const other = lookUp('datasets/zones/operations/o', { service: 'aiplatform', region: 'us-east4' });
    assert.equal(other.host, 'us-east4-aiplatform.googleapis.com');
  });

  it('a URL of Cloud SQL with the path that its pages show is called at the documented path', () => {
    const { url } = lookUp('https://sqladmin.googleapis.com/v1beta4/projects/p/operations/o/cancel');
    assert.equal(url, 'https://sqladmin.googleapis.com/sql/v1beta4/projects/p/operations/o');
  });
});

describe('an alias of a host', () => {
  const regional = 'projects/p/regions/us-central1/operations/o';
  for (const [host, path, called] of [
    ['us-central1-dataproc.googleapis.com', `v1/${regional}`, 'dataproc.googleapis.com'],
    ['us-west1-storage.googleapis.com', 'storage/v1/b/x/operations/o', 'storage.googleapis.com'],
    ['notebooks.mtls.googleapis.com', `v2/${inLocation('us-central1')}`, 'notebooks.googleapis.com'],
    [
      'us-central1-aiplatform.mtls.googleapis.com',
      `v1/${inLocation('us-central1')}`,
      'us-central1-aiplatform.googleapis.com',
    ],
    [
      'dataproc.us-central1.rep.mtls.googleapis.com',
      `v1/${regional}`,
      'dataproc.us-central1.rep.googleapis.com',
    ],
    ['content-dataproc.googleapis.com', `v1/${regional}`, 'dataproc.googleapis.com'],
    ['www.mtls.googleapis.com', 'storage/v1/b/x/operations/o', 'storage.googleapis.com'],
    ['content.googleapis.com', 'storage/v1/b/x/operations/o', 'storage.googleapis.com'],
  ] as const) {
    it(`a reference with the alias ${host} resolves to the host ${called}`, () => {
      const operation = lookUp(`https://${host}/${path}:cancel`);
      assert.equal(operation.url, `https://${called}/${path}`);
      const { service, version, name, region, regionalEndpoint } = operation;
      assert.equal(resolve({ service, version, name, region, regionalEndpoint }).url, operation.url);
      const fullName = path.startsWith('v') ? `//${host}/${path.replace(/^v\d\//, '')}` : undefined;
      if (fullName !== undefined) assert.equal(lookUp(fullName, { version }).host, called);
    });
  }
});
