import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolve } from '../../src/catalog/resolve.ts';
import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';

const lookUp = (text: string, context: ReferenceContext = {}) => resolve(parseReference(text, context));
const inLocation = (location: string) => `projects/p/locations/${location}/operations/o1`;

describe('the catalog refuses', () => {
  const NOTEBOOKS = { service: 'notebooks' };
  for (const [title, text, context, message] of [
    [
      'a service it does not know',
      inLocation('l'),
      { service: 'bigquery' },
      /^service: "bigquery" is not in the catalog; docs\/services.md lists what is/,
    ],
    [
      'a service called constructor',
      inLocation('l'),
      { service: 'constructor' },
      /^service: "constructor" is not in the catalog/,
    ],
    [
      'a service that is misspelled',
      inLocation('l'),
      { service: 'aiplatfrom.googleapis.com' },
      /^service: "aiplatfrom.googleapis.com" is not in the catalog; did you mean "aiplatform"\?$/,
    ],
    [
      'a URL without https:',
      `notebooks.googleapis.com/v2/${inLocation('l')}`,
      {},
      /^service: missing; begin "notebooks.*" with https:\/\/, if it is to be a URL$/,
    ],
    [
      'a zone for a region',
      'operations/o1',
      { service: 'aiplatform', region: 'us-central1-b' },
      /^region: "us-central1-b" is a zone; name its region, "us-central1"$/,
    ],
    ['a bare name without a service', inLocation('l'), {}, /^service: missing/],
    [
      'a version the service does not have',
      inLocation('l'),
      { ...NOTEBOOKS, version: 'v9' },
      /^version: notebooks has no version "v9"; it has v1, v2/,
    ],
    ['a version called toString', inLocation('l'), { ...NOTEBOOKS, version: 'toString' }, /^version: /],
    [
      'a host it does not list',
      `https://evil.example/v2/${inLocation('l')}`,
      {},
      /^operation: the host "evil.example" is not one that the catalog lists/,
    ],
    [
      'a host that ends like a listed one',
      `https://evilnotebooks.googleapis.com/v2/${inLocation('l')}`,
      {},
      /host/,
    ],
    [
      'a host that begins like a listed one',
      `https://notebooks.googleapis.com.evil.example/v2/${inLocation('l')}`,
      {},
      /host/,
    ],
    [
      'a regional host of a service without regions',
      `https://us-central1-notebooks.googleapis.com/v2/${inLocation('l')}`,
      {},
      /host/,
    ],
    [
      'a host with a location that is none',
      `https://evil-aiplatform.googleapis.com/v1/${inLocation('l')}`,
      {},
      /host/,
    ],
    ['no host at all', 'https://./v1/operations/o1', {}, /segment|host/],
    [
      'a path without a version',
      `https://notebooks.googleapis.com/${inLocation('l')}`,
      {},
      /^operation: the path "\/projects.*" does not begin as those of notebooks do: \/v1\/, \/v2\/$/,
    ],
    [
      'a version that contradicts the URL',
      `https://notebooks.googleapis.com/v2/${inLocation('l')}`,
      { version: 'v1' },
      /^version: the URL says "v2", but version says "v1"/,
    ],
    [
      'a service that contradicts the host',
      `//notebooks.googleapis.com/${inLocation('l')}`,
      { service: 'dialogflow' },
      /^service: the host says "notebooks", but service says "dialogflow"/,
    ],
    [
      'a host and a name of different regions',
      `https://us-central1-aiplatform.googleapis.com/v1/${inLocation('europe-west4')}`,
      {},
      /^region: the name says "europe-west4", but the host says "us-central1"/,
    ],
    [
      'a host and a region that differ, for a name without a location',
      'https://us-central1-aiplatform.googleapis.com/v1/operations/o1',
      { region: 'us-east4' },
      /^region: the host says "us-central1", but region says "us-east4"/,
    ],
    [
      'a multi-region that does not contain the name',
      inLocation('us-central1'),
      { service: 'translate', region: 'eu' },
      /^region: the name says "us-central1", but region says "eu"/,
    ],
    [
      'a zone of another region',
      'projects/p/zones/us-central1-a/operations/o1',
      { service: 'container', region: 'us-east1' },
      /^region: the name says "us-central1", but region says "us-east1"/,
    ],
    ['a semicolon', 'projects/p/locations/l/operations/a;b', NOTEBOOKS, /not the name/],
    [
      'a path of the older common host at another',
      'https://evil.example/storage/v1/b/x/operations/o',
      {},
      /the host "evil.example" is not one/,
    ],
    [
      'a path without the prefix that it has',
      'https://storage.googleapis.com/v1/b/x/operations/o',
      {},
      /does not begin as those of storage do: \/storage\/v1\/$/,
    ],
    [
      'a path with a prefix of its own',
      `https://us-central1-pubsublite.googleapis.com/v1/${inLocation('us-central1')}`,
      {},
      /does not begin as those of pubsublite do: \/v1\/admin\/$/,
    ],
    [
      'a region and a name that differ, of a service without regional hosts',
      inLocation('us-central1'),
      { ...NOTEBOOKS, region: 'europe-west1' },
      /^region: the name says "us-central1", but region says "europe-west1"/,
    ],
    [
      'a region that is none, of a service without regional hosts',
      inLocation('us-central1'),
      { ...NOTEBOOKS, region: '!! evil' },
      /^region: "!! evil" is not a location/,
    ],
    [
      'a region and a name that differ',
      inLocation('europe-west4'),
      { service: 'aiplatform', region: 'us-central1' },
      /^region: the name says "europe-west4", but region says "us-central1"/,
    ],
    [
      'a missing region where the host needs one',
      'agents/a/operations/o1',
      { service: 'aiplatform', version: 'v1beta1' },
      /^region: missing; aiplatform has a host for each region/,
    ],
    [
      'a location that is none',
      inLocation('evil.example'),
      { service: 'aiplatform' },
      /^operation: "evil.example" is not a location/,
    ],
    [
      'a location that would change the host',
      inLocation('x@evil'),
      { service: 'aiplatform' },
      /^operation: "x@evil" is not a location/,
    ],
    [
      'a region that is none',
      'operations/o1',
      { service: 'aiplatform', region: 'evil.example/' },
      /^region: "evil.example\/" is not a location/,
    ],
    [
      'an entitlement',
      'accounts/A/customers/C/entitlements/E',
      { service: 'cloudchannel' },
      /is not the name of an operation of cloudchannel v1/,
    ],
    [
      'an entitlement by URL',
      'https://cloudchannel.googleapis.com/v1/accounts/A/customers/C/entitlements/E:cancel',
      {},
      /not the name of an operation/,
    ],
    ['the collection itself', 'projects/p/locations/l/operations', NOTEBOOKS, /not the name/],
    ['an id of nothing', 'projects/p/locations/l/operations/', NOTEBOOKS, /not the name/],
    ['more behind the id', `${inLocation('l')}/x`, NOTEBOOKS, /not the name/],
    ['a leading slash', `/${inLocation('l')}`, NOTEBOOKS, /not the name/],
    ['another method', `${inLocation('l')}:delete`, NOTEBOOKS, /not the name/],
    ['two methods', `${inLocation('l')}:cancel:cancel`, NOTEBOOKS, /not the name/],
    [
      'a name too long for an attribute',
      inLocation('l') + 'x'.repeat(1_000),
      NOTEBOOKS,
      /^operation: too long/,
    ],
    [
      'a resource of another version',
      'projects/p/locations/us-east4/agents/a/operations/o1',
      { service: 'aiplatform', version: 'v1' },
      /not the name/,
    ],
  ] as const) {
    it(title, () => {
      assert.throws(
        () => lookUp(text, context),
        (error: Error & { code: string }) => {
          assert.equal(error.code, 'ValueError');
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
