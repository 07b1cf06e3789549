import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Readonly<Record<string, unknown>>;

/** A stand-in of Google's APIs that has resources by `{host}/{path}`, and records every call. */
export interface GoogleApisStandIn {
  /** For GOOGLE_API_ENDPOINT. */
  readonly endpoint: string;
  /** Resources by `{host}/{path}`; a number is the status of a refusal. Others are not found. */
  readonly resources: Map<string, Json | number>;
  /** The calls, such as `GET pubsub.googleapis.com/v1/…`. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

export async function startGoogleApis(): Promise<GoogleApisStandIn> {
  const resources = new Map<string, Json | number>();
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const target = (request.url ?? '').slice(1);
    calls.push(`${request.method ?? ''} ${target}`);
    const resource = resources.get(target.replace(/\?.*$/, '')) ?? 404;
    const isRefused = typeof resource === 'number';
    response.writeHead(isRefused ? resource : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(isRefused ? { error: { code: resource, message: 'not for you' } } : resource),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{host}`,
    resources,
    calls,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const P = 'projects/my-project';
const URI = 'https://lro-cancel-abc-ew.a.run.app';
const ACCOUNT = (id: string) => `${id}@my-project.iam.gserviceaccount.com`;
const AGENT = 'service-42@gcp-sa-pubsub.iam.gserviceaccount.com';
const KEYS = ['requests', 'rechecks', 'triggers', 'dead-letters'];

export const FUNCTION = `cloudfunctions.googleapis.com/v2/${P}/locations/-/functions`;
export const QUEUE = `cloudtasks.googleapis.com/v2/${P}/locations/europe-west1/queues/lro-cancel-rechecks`;
export const ofTopic = (key: string) => `pubsub.googleapis.com/v1/${P}/topics/lro-cancel-${key}`;
export const ofSubscription = (key: string) =>
  `pubsub.googleapis.com/v1/${P}/subscriptions/lro-cancel-${key}-push`;

const granted = (...grants: (readonly [role: string, account: string])[]): Json => ({
  bindings: grants.map(([role, account]) => ({ role, members: [`serviceAccount:${account}`] })),
});

/** The resources of a whole deployment, as infra/ makes them. */
export function wholeDeployment(): Map<string, Json> {
  const resources = new Map<string, Json>([
    [`cloudresourcemanager.googleapis.com/v3/${P}`, { name: 'projects/42', state: 'ACTIVE' }],
    [`cloudresourcemanager.googleapis.com/v3/${P}:getIamPolicy`, {}],
    [
      FUNCTION,
      {
        functions: [
          { name: `${P}/locations/europe-west1/functions/other`, state: 'FAILED' },
          {
            name: `${P}/locations/europe-west1/functions/lro-cancel`,
            state: 'ACTIVE',
            serviceConfig: {
              uri: URI,
              serviceAccountEmail: ACCOUNT('lro-cancel'),
              environmentVariables: {
                RECHECK_DELAY: 'cloud-tasks',
                RECHECK_QUEUE: `${P}/locations/europe-west1/queues/lro-cancel-rechecks`,
                TASKS_SERVICE_ACCOUNT: ACCOUNT('lro-cancel-tasks'),
                RESULTS_TOPIC: `${P}/topics/lro-cancel-results`,
              },
            },
          },
        ],
      },
    ],
    [QUEUE, { state: 'RUNNING', retryConfig: { maxAttempts: -1 } }],
    [`${QUEUE}:getIamPolicy`, granted(['roles/cloudtasks.enqueuer', ACCOUNT('lro-cancel')])],
    [
      `iam.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT('lro-cancel-tasks')}:getIamPolicy`,
      granted(['roles/iam.serviceAccountUser', ACCOUNT('lro-cancel')]),
    ],
    [
      `iam.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT('lro-cancel-push')}:getIamPolicy`,
      granted(['roles/iam.serviceAccountOpenIdTokenCreator', AGENT]),
    ],
    [
      `run.googleapis.com/v2/${P}/locations/europe-west1/services/lro-cancel:getIamPolicy`,
      granted(['roles/run.invoker', ACCOUNT('lro-cancel-push')]),
    ],
    [
      `${ofTopic('results')}/subscriptions`,
      { subscriptions: [`${P}/subscriptions/lro-cancel-results-pull`] },
    ],
  ]);
  const publishers: Readonly<Record<string, readonly string[]>> = {
    requests: [ACCOUNT('lro-cancel')],
    rechecks: [ACCOUNT('lro-cancel'), ACCOUNT('lro-cancel-tasks')],
    results: [ACCOUNT('lro-cancel')],
    'dead-letters': [AGENT],
  };
  for (const key of [...KEYS, 'results']) {
    const grants = (publishers[key] ?? []).map((account) => ['roles/pubsub.publisher', account] as const);
    resources.set(ofTopic(key), { name: `${P}/topics/lro-cancel-${key}` });
    resources.set(`${ofTopic(key)}:getIamPolicy`, granted(...grants));
  }
  for (const key of KEYS) {
    resources.set(ofSubscription(key), {
      name: `${P}/subscriptions/lro-cancel-${key}-push`,
      topic: `${P}/topics/lro-cancel-${key}`,
      ackDeadlineSeconds: 60,
      pushConfig: {
        pushEndpoint: `${URI}/${P}/topics/lro-cancel-${key}`,
        oidcToken: { serviceAccountEmail: ACCOUNT('lro-cancel-push'), audience: URI },
      },
      expirationPolicy: {},
      ...(key !== 'dead-letters' && {
        deadLetterPolicy: { deadLetterTopic: `${P}/topics/lro-cancel-dead-letters`, maxDeliveryAttempts: 20 },
      }),
    });
    resources.set(`${ofSubscription(key)}:getIamPolicy`, granted(['roles/pubsub.subscriber', AGENT]));
  }
  return resources;
}
