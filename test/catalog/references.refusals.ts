import { parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { lookUp } from '../../src/catalog/resolve.ts';
import { NAME } from '../support/fakes.ts';
import { refusalsOf } from '../support/refusals.ts';

const url = (host: string, path = `v2/${NAME}`) => `https://${host}/${path}`;

/** Texts that are not references, whatever the catalog contains. */
export const MALFORMED_REFERENCES = refusalsOf(
  (text: string) => parseReference(text),
  [
    ['nothing', '', 'ValueError', ['operation']],
    ['http:', `http://notebooks.googleapis.com/v2/${NAME}`, 'ValueError', ['operation']],
    ['another scheme', `file:///etc/passwd`, 'ValueError', ['operation']],
    ['user information', url('me:secret@notebooks.googleapis.com'), 'ValueError', ['operation']],
    ['a port', url('notebooks.googleapis.com:8443'), 'ValueError', ['operation']],
    ['a query', `${url('notebooks.googleapis.com')}?alt=json`, 'ValueError', ['operation']],
    [
      'a page of the Cloud console',
      'https://console.cloud.google.com/dataflow/jobs/us-central1/j1?project=my-project',
      'ValueError',
      ['operation'],
    ],
    ['a fragment', `${url('notebooks.googleapis.com')}#x`, 'ValueError', ['operation']],
    ['no host', `https:///v2/${NAME}`, 'ValueError', ['operation']],
    ['..', url('notebooks.googleapis.com', `v2/projects/../${NAME}`), 'ValueError', ['operation']],
    ['.. at the end', `${NAME}/..`, 'ValueError', ['operation']],
    ['//', url('notebooks.googleapis.com', `v2//${NAME}`), 'ValueError', ['operation']],
    ['%2F', NAME.replace('/o1', '%2Fo1'), 'ValueError', ['operation']],
    ['a space', `${NAME} x`, 'ValueError', ['operation']],
    ['a line break', `${NAME}\n`, 'ValueError', ['operation']],
    ['a NUL', `${NAME}\0`, 'ValueError', ['operation']],
    ['non-ASCII', NAME.replace('projects', 'рrojects'), 'ValueError', ['operation']],
    ['a full-width slash', NAME.replace('/', '／'), 'ValueError', ['operation']],
    ['a backslash', url('notebooks.googleapis.com', `v2\\${NAME}`), 'ValueError', ['operation']],
    ['10,000 characters', `${NAME}${'x'.repeat(10_000)}`, 'ValueError', ['operation']],
  ],
);

const inLocation = (location: string) => `projects/p/locations/${location}/operations/o1`;
const NOTEBOOKS = { service: 'notebooks' };
const ENDPOINT = 'rep.googleapis.com';

/** References that the catalog does not resolve. */
export const UNKNOWN_REFERENCES = refusalsOf(
  (text: string, context: ReferenceContext) => lookUp(parseReference(text, context)),
  [
    ['a service it does not know', inLocation('l'), { service: 'bigtables' }, 'ValueError', ['service']],
    ['a service that has jobs alone', inLocation('l'), { service: 'bigquery' }, 'ValueError', ['operation']],
    ['a service called constructor', inLocation('l'), { service: 'constructor' }, 'ValueError', ['service']],
    [
      'a service that is misspelled',
      inLocation('l'),
      { service: 'aiplatfrom.googleapis.com' },
      'ValueError',
      ['service'],
    ],
    [
      'a regional host for a service',
      inLocation('us-central1'),
      { service: 'us-central1-aiplatform.googleapis.com' },
      'ValueError',
      ['service'],
    ],
    [
      'a regional endpoint for a service',
      'projects/p/instances/i/operations/o',
      { service: 'spanner.us-east1.rep.googleapis.com' },
      'ValueError',
      ['service'],
    ],
    [
      'an alias of a host for a service',
      inLocation('l'),
      { service: 'notebooks.mtls.googleapis.com' },
      'ValueError',
      ['service'],
    ],
    ['a URL without https:', `notebooks.googleapis.com/v2/${inLocation('l')}`, {}, 'ValueError', ['service']],
    [
      'a zone for a region',
      'operations/o1',
      { service: 'aiplatform', region: 'us-central1-b' },
      'ValueError',
      ['region'],
    ],
    ['a bare name without a service', inLocation('l'), {}, 'ValueError', ['service']],
    [
      'a version the service does not have',
      inLocation('l'),
      { ...NOTEBOOKS, version: 'v9' },
      'ValueError',
      ['version'],
    ],
    [
      'a version called toString',
      inLocation('l'),
      { ...NOTEBOOKS, version: 'toString' },
      'ValueError',
      ['version'],
    ],
    [
      'a host it does not list',
      `https://evil.example/v2/${inLocation('l')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a host that is misspelled',
      `https://notebooks.googlapis.com/v2/${inLocation('l')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a host that ends like a listed one',
      `https://evilnotebooks.googleapis.com/v2/${inLocation('l')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a host that begins like a listed one',
      `https://notebooks.googleapis.com.evil.example/v2/${inLocation('l')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a regional host of a service without regions',
      `https://us-central1-notebooks.googleapis.com/v2/${inLocation('l')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a host with a location that is none',
      `https://evil-aiplatform.googleapis.com/v1/${inLocation('l')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    ['no host at all', 'https://./v1/operations/o1', {}, 'ValueError', ['operation']],
    [
      'a path without a version',
      `https://notebooks.googleapis.com/${inLocation('l')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a version that contradicts the URL',
      `https://notebooks.googleapis.com/v2/${inLocation('l')}`,
      { version: 'v1' },
      'ValueError',
      ['version'],
    ],
    [
      'a service that contradicts the host',
      `//notebooks.googleapis.com/${inLocation('l')}`,
      { service: 'dialogflow' },
      'ValueError',
      ['service'],
    ],
    [
      'a host and a name of different regions',
      `https://us-central1-aiplatform.googleapis.com/v1/${inLocation('europe-west4')}`,
      {},
      'ValueError',
      ['region'],
    ],
    [
      'a host and a region that differ, for a name without a location',
      'https://us-central1-aiplatform.googleapis.com/v1/operations/o1',
      { region: 'us-east4' },
      'ValueError',
      ['region'],
    ],
    [
      'a multi-region that does not contain the name',
      inLocation('us-central1'),
      { service: 'translate', region: 'eu' },
      'ValueError',
      ['region'],
    ],
    [
      'a zone of another region',
      'projects/p/zones/us-central1-a/operations/o1',
      { service: 'container', region: 'us-east1' },
      'ValueError',
      ['region'],
    ],
    ['a semicolon', 'projects/p/locations/l/operations/a;b', NOTEBOOKS, 'ValueError', ['operation']],
    [
      'a path of the older common host at another',
      'https://evil.example/storage/v1/b/x/operations/o',
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a path without the prefix that it has',
      'https://storage.googleapis.com/v1/b/x/operations/o',
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a path with a prefix of its own',
      `https://us-central1-pubsublite.googleapis.com/v1/${inLocation('us-central1')}`,
      {},
      'ValueError',
      ['operation'],
    ],
    [
      'a region and a name that differ, of a service without regional hosts',
      inLocation('us-central1'),
      { ...NOTEBOOKS, region: 'europe-west1' },
      'ValueError',
      ['region'],
    ],
    [
      'a region that is none, of a service without regional hosts',
      inLocation('us-central1'),
      { ...NOTEBOOKS, region: '!! evil' },
      'ValueError',
      ['region'],
    ],
    [
      'a region and a name that differ',
      inLocation('europe-west4'),
      { service: 'aiplatform', region: 'us-central1' },
      'ValueError',
      ['region'],
    ],
    [
      'a missing region where the host needs one',
      'agents/a/operations/o1',
      { service: 'aiplatform', version: 'v1beta1' },
      'ValueError',
      ['region'],
    ],
    [
      'a location that is none',
      inLocation('evil.example'),
      { service: 'aiplatform' },
      'ValueError',
      ['operation'],
    ],
    [
      'a location that would change the host',
      inLocation('x@evil'),
      { service: 'aiplatform' },
      'ValueError',
      ['operation'],
    ],
    [
      'a region that is none',
      'operations/o1',
      { service: 'aiplatform', region: 'evil.example/' },
      'ValueError',
      ['region'],
    ],
    [
      'an entitlement',
      'accounts/A/customers/C/entitlements/E',
      { service: 'cloudchannel' },
      'ValueError',
      ['operation'],
    ],
    [
      'an entitlement by URL',
      'https://cloudchannel.googleapis.com/v1/accounts/A/customers/C/entitlements/E:cancel',
      {},
      'ValueError',
      ['operation'],
    ],
    ['the collection itself', 'projects/p/locations/l/operations', NOTEBOOKS, 'ValueError', ['operation']],
    ['an id of nothing', 'projects/p/locations/l/operations/', NOTEBOOKS, 'ValueError', ['operation']],
    ['more behind the id', `${inLocation('l')}/x`, NOTEBOOKS, 'ValueError', ['operation']],
    ['a leading slash', `/${inLocation('l')}`, NOTEBOOKS, 'ValueError', ['operation']],
    ['another method', `${inLocation('l')}:delete`, NOTEBOOKS, 'ValueError', ['operation']],
    ['two methods', `${inLocation('l')}:cancel:cancel`, NOTEBOOKS, 'ValueError', ['operation']],
    [
      'a name too long for an attribute',
      inLocation('l') + 'x'.repeat(1_000),
      NOTEBOOKS,
      'ValueError',
      ['operation'],
    ],
    [
      'a resource of another version',
      'projects/p/locations/us-east4/agents/a/operations/o1',
      { service: 'aiplatform', version: 'v1' },
      'ValueError',
      ['operation'],
    ],
  ],
);

/** Regional endpoints that a re-check can ask for. */
export const UNKNOWN_ENDPOINTS = refusalsOf(
  (service: string, name: string, region: string | undefined) =>
    lookUp({ service, name, region, regionalEndpoint: true }),
  [
    ['notebooks in no region', 'notebooks', inLocation('us-central1'), undefined, 'ValueError', ['region']],
    [
      'spanner in no region',
      'spanner',
      'projects/p/instances/i/operations/o',
      undefined,
      'ValueError',
      ['region'],
    ],
    [
      'spanner in evil.example/',
      'spanner',
      'projects/p/instances/i/operations/o',
      'evil.example/',
      'ValueError',
      ['region'],
    ],
  ],
);

/** Regional endpoints in URLs that the service does not have, by the lists of the discovery documents. */
export const UNKNOWN_ENDPOINT_HOSTS = refusalsOf(
  (host: string) => lookUp(parseReference(`https://${host}.${ENDPOINT}/v1/projects/p/operations/o`)),
  [
    ['datastore.us-west8', 'datastore.us-west8', 'ValueError', ['operation']],
    ['datastore.moon-west9', 'datastore.moon-west9', 'ValueError', ['operation']],
    ['datastore.ca', 'datastore.ca', 'ValueError', ['operation']],
    ['notebooks.us-east1', 'notebooks.us-east1', 'ValueError', ['operation']],
  ],
);

/** References that contradict themselves, or lack a field that has no safe default. */
export const AMBIGUOUS_REFERENCES = refusalsOf(
  (text: string, context: ReferenceContext) => lookUp(parseReference(text, context)),
  [
    [
      'an endpoint of another location than the name',
      `https://dataproc.us-east1.${ENDPOINT}/v1/projects/p/regions/us-central1/operations/o`,
      {},
      'ValueError',
      ['region'],
    ],
    [
      'an alias of a host with another location than the name',
      'https://us-east1-dataproc.googleapis.com/v1/projects/p/regions/us-central1/operations/o',
      {},
      'ValueError',
      ['region'],
    ],
    [
      'a version of dialogflow, whose v2 and v3 are different products',
      inLocation('global'),
      { service: 'dialogflow' },
      'ValueError',
      ['version'],
    ],
  ],
);

const VEO = 'projects/p/locations/us-central1/publishers/google/models/veo-3.0/operations/o';

/** References to operations that their services cannot cancel. */
export const UNCANCELLABLE_REFERENCES = refusalsOf(
  (text: string, context: ReferenceContext) => lookUp(parseReference(text, context)),
  [
    ["a publisher's model", VEO, { service: 'aiplatform' }, 'Unsupported', []],
    [
      "a publisher's model, by its URL",
      `https://us-central1-aiplatform.googleapis.com/v1beta1/${VEO}`,
      {},
      'Unsupported',
      [],
    ],
    [
      "one of Gemini's models",
      'models/veo-3.0/operations/o',
      { service: 'generativelanguage', version: 'v1beta' },
      'Unsupported',
      [],
    ],
    [
      'a kind of resource that only another version than the default has',
      'policies/p/x/y/operations/o',
      { service: 'iam' },
      'Unsupported',
      [],
    ],
    [
      'a service with a regional host that cannot cancel',
      `https://us-central1-run.googleapis.com/v2/${inLocation('us-central1')}`,
      {},
      'Unsupported',
      [],
    ],
  ],
);

/** A text that is not a name: each refusal suggests the usual form of a name. */
export const WITHOUT_A_NAME = refusalsOf(
  (service: string, version: string) => lookUp(parseReference('nothing', { service, version })),
  [
    ['aiplatform v1', 'aiplatform', 'v1', 'ValueError', ['operation']],
    ['aiplatform v1beta1', 'aiplatform', 'v1beta1', 'ValueError', ['operation']],
    ['contactcenterinsights', 'contactcenterinsights', 'v1', 'ValueError', ['operation']],
    ['dataplex', 'dataplex', 'v1', 'ValueError', ['operation']],
    ['dataproc', 'dataproc', 'v1', 'ValueError', ['operation']],
    ['generativelanguage', 'generativelanguage', 'v1', 'ValueError', ['operation']],
    ['logging', 'logging', 'v2', 'ValueError', ['operation']],
    ['networkmanagement', 'networkmanagement', 'v1', 'ValueError', ['operation']],
    ['osconfig', 'osconfig', 'v1', 'ValueError', ['operation']],
    ['spanner', 'spanner', 'v1', 'ValueError', ['operation']],
    ['storage', 'storage', 'v1', 'ValueError', ['operation']],
    ['videointelligence', 'videointelligence', 'v1', 'ValueError', ['operation']],
  ],
);

/** References in another spelling than the canonical one, which some services take for the same name. */
export const ODD_SPELLINGS = refusalsOf(
  (text: string, context: ReferenceContext) => lookUp(parseReference(text, context)),
  (
    [
      ['PROJECTS', `PROJECTS/p/locations/us-central1/operations/o1`, NOTEBOOKS],
      ['Locations', 'projects/p/Locations/us-central1/operations/o1', NOTEBOOKS],
      ['Operations', 'projects/p/locations/us-central1/Operations/o1', NOTEBOOKS],
      ['a project in upper case', 'projects/My-Project/locations/us-central1/operations/o1', NOTEBOOKS],
      ['a domain in upper case', 'projects/Example.com:p/locations/us-central1/operations/o1', NOTEBOOKS],
      ['a location in upper case', inLocation('US-CENTRAL1'), NOTEBOOKS],
      ['a zone in upper case', 'projects/p/zones/US-CENTRAL1-A/operations/o1', { service: 'container' }],
      ['a URL in upper case', `https://notebooks.googleapis.com/v2/PROJECTS/p/locations/l/operations/o1`, {}],
      ['zeros in front of a number', 'projects/0123456/locations/us-central1/operations/o1', NOTEBOOKS],
      ['zeros in front of an id', `${inLocation('us-central1').slice(0, -2)}01`, { service: 'aiplatform' }],
      ['any project', 'projects/-/locations/us-central1/operations/o1', NOTEBOOKS],
      ['no project', 'projects/_/locations/us-central1/operations/o1', NOTEBOOKS],
      ['no project of logging', 'projects/_/locations/us-central1/operations/o1', { service: 'logging' }],
      ['Projects of logging', 'Projects/p/locations/us-central1/operations/o1', { service: 'logging' }],
      ['any location', inLocation('-'), NOTEBOOKS],
      ['any location of aiplatform', inLocation('-'), { service: 'aiplatform' }],
      ['any parent', 'projects/p/locations/us-central1/models/-/operations/1', { service: 'aiplatform' }],
      ['any bucket', 'b/-/operations/o1', { service: 'storage' }],
      ['any operation', 'projects/p/locations/us-central1/operations/-', NOTEBOOKS],
      ['a project in an id in upper case', 'operations/Projects/P/x', { service: 'serviceusage' }],
      ['a double encoded slash', inLocation('us-central1').replace('/o1', '%252Fo1'), NOTEBOOKS],
      ['an encoded hyphen', inLocation('us%2Dcentral1'), NOTEBOOKS],
      ['a trailing slash', `${inLocation('us-central1')}/`, NOTEBOOKS],
      ['a dot segment', `projects/p/./locations/us-central1/operations/o1`, NOTEBOOKS],
      ['a look-alike letter', inLocation('us-central1').replace('p/', 'р/'), NOTEBOOKS],
      ['a star', 'projects/*/locations/us-central1/operations/o1', NOTEBOOKS],
    ] as const
  ).map(([title, text, context]) => [title, text, context, 'ValueError', ['operation']] as const),
);
