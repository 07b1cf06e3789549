import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJobReference, parseReference } from '../../src/catalog/reference.ts';
import type { ReferenceContext } from '../../src/catalog/reference.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { parseRequest } from '../../src/messages/request.ts';
import { parseSweeps } from '../../src/sweeps/sweep.ts';
import { isPermanent } from '../../src/validation/failure.ts';

/**
 * Methods of the same shape as a cancel that end money, rights or the work of people: service, version, the path behind the
 * host, and the name. No spelling of any of them leads to a call, in either field of a request.
 */
const NEVER = [
  ['cloudchannel', 'v1', 'accounts/A1/customers/C1/entitlements/E1', ':cancel'],
  ['paymentsresellersubscription', 'v1', 'partners/p/subscriptions/s', ':cancel'],
  ['paymentsresellersubscription', 'v1', 'partners/p/subscriptions/s', ':undoCancel'],
  ['androidpublisher', 'androidpublisher/v3', 'applications/a/purchases/subscriptions/s/tokens/t', ':cancel'],
  ['androidpublisher', 'androidpublisher/v3', 'applications/a/purchases/subscriptionsv2/tokens/t', ':cancel'],
  [
    'androidpublisher',
    'androidpublisher/v3',
    'applications/a/oneTimeProducts/p/purchaseOptions/o/offers/f',
    ':cancel',
  ],
  ['androidpublisher', 'androidpublisher/v3', 'applications/a/appRecoveries/1', ':cancel'],
  ['beyondcorp', 'v1', 'organizations/1/locations/global/subscriptions/s', ':cancel'],
  ['cloudbilling', 'v1beta', 'tasks/t', ':cancel'],
  ['workspaceevents', 'v1beta', 'tasks/t', ':cancel'],
  ['compute', 'compute/alpha', 'projects/p/regions/us-central1/commitments/c', '/cancel'],
  ['compute', 'compute/v1', 'projects/p/regions/us-central1/commitments/c', '/cancel'],
  ['compute', 'compute/v1', 'projects/p/zones/us-central1-a/futureReservations/f', '/cancel'],
  ['compute', 'compute/v1', 'projects/p/global/rollouts/r', ''],
  ['compute', 'compute/v1', 'organizations/1/global/rollouts/r', ''],
  ['compute', 'compute/v1', 'projects/p/global/networks/n', '/cancelRequestRemovePeering'],
  ['aiplatform', 'v1', 'projects/p/locations/us-central1/provisionedThroughputs/t', ':cancel'],
  ['aiplatform', 'v1beta1', 'projects/p/locations/us-central1/interactions/i', '/cancel'],
  ['aiplatform', 'v1beta1', 'projects/p/locations/us-central1/interactionsHttp/i', '/cancel'],
  ['aiplatform', 'v1beta1', 'projects/p/locations/us-central1/reasoningEngines/1', ':cancelAsyncQuery'],
  ['aiplatform', 'v1beta1', 'projects/p/locations/us-central1/reasoningEngines/1/a2a/v1/tasks/t', ':cancel'],
  ['aiplatform', 'v1', 'projects/p/locations/us-central1/reasoningEngines/1/sessions/s', ':cancel'],
  ['aiplatform', 'v1', 'projects/p/locations/us-central1/metadataStores/m/executions/e', ':cancel'],
  ['aiplatform', 'v1beta1', 'interactions/i', '/cancel'],
  ['aiplatform', 'v1', 'batchPredictionJobs/1', ':cancel'],
  [
    'discoveryengine',
    'v1',
    'projects/p/locations/global/collections/c/engines/e/assistants/a/agents/g/a2a/v1/tasks/t',
    ':cancel',
  ],
  ['drive', 'drive/v3', 'files/f/approvals/a', ':cancel'],
  ['cloudidentity', 'v1', 'customers/C1/userinvitations/u', ':cancel'],
  ['cloudidentity', 'v1', 'devices/d', ':cancelWipe'],
  ['cloudidentity', 'v1', 'devices/d/deviceUsers/u', ':cancelWipe'],
  ['content', 'content/v2', '1/orders/o', '/cancel'],
  ['content', 'content/v2', '1/orders/o', '/cancelLineItem'],
  ['content', 'content/v2', '1/testorders/o', '/cancelByCustomer'],
  ['adexchangebuyer2', 'v2beta1', 'accounts/1/proposals/p', ':cancelNegotiation'],
  ['authorizedbuyersmarketplace', 'v1', 'buyers/1/proposals/p', ':cancelNegotiation'],
  ['analyticsadmin', 'v1alpha', 'properties/1/displayVideo360AdvertiserLinkProposals/p', ':cancel'],
  ['chromewebstore', 'v2', 'publishers/p/items/i', ':cancelSubmission'],
  ['dataportability', 'v1', 'archiveJobs/j', ':cancel'],
  ['deploymentmanager', 'deploymentmanager/v2', 'projects/p/global/deployments/d', '/cancelPreview'],
  ['metastore', 'v1', 'projects/p/locations/us-central1/services/s', ':cancelMigration'],
  ['cloudtasks', 'v2beta2', 'projects/p/locations/us-central1/queues/q/tasks/t', ':cancelLease'],
  ['ces', 'v1', 'projects/p/locations/us/apps/a/assistantSessions/s', ':cancelAssistantTurn'],
  ['gkehub', 'v1', 'projects/p/locations/global/rollouts/r', ':cancel'],
  ['devicerun', 'v1alpha', 'projects/p/sessions/s', ':cancel'],
  ['firebaseappdistribution', 'v1', 'projects/p/apps/a/releases/r/tests/t', ':cancel'],
] as const;

function spellingsOf(service: string, base: string, name: string, suffix: string) {
  const version = base.split('/').at(-1) ?? '';
  const hosts = [
    `${service}.googleapis.com`,
    `us-central1-${service}.googleapis.com`,
    `${service}.us-central1.rep.googleapis.com`,
    `${service}.mtls.googleapis.com`,
    `content-${service}.googleapis.com`,
    'www.googleapis.com',
  ];
  const upper = name.replace(/\/([a-z])/g, (_, letter: string) => `/${letter.toUpperCase()}`);
  const names = [...new Set([name, `${name}${suffix}`, `${name}:cancel`, `${name}/cancel`, upper])];
  const contexts: readonly ReferenceContext[] = [
    {},
    { service },
    { service, version },
    { service, version, region: 'us-central1' },
    { service: `${service}.googleapis.com`, region: 'us-central1' },
  ];
  const texts = names.flatMap((one) => [
    one,
    ...hosts.flatMap((host) => [
      `https://${host}/${base}/${one}`,
      `https://${host}/${version}/${one}`,
      `//${host}/${one}`,
    ]),
    // The forms of calls that are no POST, and of what another program may read as the same.
    `GET https://${service}.googleapis.com/${base}/${one}`,
    `PATCH https://${service}.googleapis.com/${base}/${one}?rollback=true`,
    `https://${service}.googleapis.com/${base}/${one}?rollback=true`,
    `https://${service}.googleapis.com/${base}/${one}/`,
    `https://${service}.googleapis.com/${base}/${one}%3Acancel`,
    `https://${service}.googleapis.com/${base}/${one};x=1`,
    `http://${service}.googleapis.com/${base}/${one}`,
  ]);
  return texts.flatMap((text) => contexts.map((context) => ({ text, context })));
}

describe('a resource whose cancel ends money, rights or the work of people', () => {
  for (const [service, base, name, suffix] of NEVER) {
    it(`no spelling of ${service} ${name}${suffix} leads to a call`, () => {
      const called = spellingsOf(service, base, name, suffix).flatMap(({ text, context }) =>
        [parseReference, parseJobReference].flatMap((parse) => {
          try {
            return [`${text}: ${resolve(parse(text, context)).url}`];
          } catch (error) {
            assert.ok(isPermanent(error), String(error));
            return [];
          }
        }),
      );
      assert.deepEqual(called, []);
    });

    it(`no call of the Workflows connector cancels ${service} ${name}${suffix}`, () => {
      const version = base.split('/').at(-1) ?? '';
      const collections = name.split('/').filter((_, index) => index % 2 === 0);
      const call = `googleapis.${service}.${version}.${collections.join('.')}.cancel`;
      const parsed = parseRequest({ call, args: { name } }, 'r');
      if (!parsed.ok) return;
      assert.ok('one' in parsed);
      const { reference } = parsed.one;
      assert.throws(() => resolve(reference), { name: 'Failure', retryable: false });
    });
  }

  it('no cancel of a job is a GET, a PATCH or a DELETE, and only that of Dataflow is a PUT', () => {
    const methods = Object.entries(catalog.jobs).flatMap(([service, { versions }]) =>
      Object.values(versions)
        .flat()
        .flatMap(({ cancel = 'POST :cancel' }) =>
          cancel === false || cancel.startsWith('POST ') ? [] : [`${service} ${cancel}`],
        ),
    );
    assert.deepEqual(methods, ['dataflow PUT']);
  });

  it('no sweep lists what must never be cancelled', () => {
    for (const [service, base, name] of NEVER) {
      const parent = name.split('/').slice(0, -2).join('/') || 'projects/p';
      const [collection = ''] = name.split('/').slice(-2);
      for (const version of [undefined, base.split('/').at(-1)]) {
        const target = { service, version, jobs: [collection], parents: [parent] };
        assert.throws(() => parseSweeps({ n: { targets: [target] } }), { name: 'Failure' }, name);
      }
    }
  });

  it('a name of another service is none of a service with jobs', () => {
    for (const service of ['batch', 'dataflow', 'bigquery', 'run', 'cloudbuild', 'aiplatform', 'dataproc']) {
      for (const [, , name] of NEVER) {
        assert.throws(() => resolve(parseJobReference(name, { service, region: 'us-central1' })), {
          name: 'Failure',
        });
      }
    }
  });
});
