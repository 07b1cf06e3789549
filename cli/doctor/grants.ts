import { isObject } from '../../src/validation/schema.ts';
import type { CheckedSubscription } from './delivery.ts';
import type { Deployment } from './deployment.ts';
import type { Finding } from './finding.ts';
import { ok, unknown, wrong } from './finding.ts';
import type { Answer, GoogleApi } from './google-api.ts';

/** A grant of infra/iam.tf. */
export interface Grant {
  readonly role: string;
  /** Email address of the service account. */
  readonly account: string;
  /** For a person. */
  readonly who: string;
  readonly on: string;
  /** What fails without it. */
  readonly without: string;
  readonly policy: (api: GoogleApi) => Promise<Answer>;
}

/** Predefined roles that contain others: whoever has one of these needs no grant of the other. */
const CONTAINED_IN: Readonly<Record<string, readonly string[]>> = {
  'roles/pubsub.publisher': ['roles/pubsub.editor', 'roles/pubsub.admin'],
  'roles/pubsub.subscriber': ['roles/pubsub.editor', 'roles/pubsub.admin'],
  'roles/cloudtasks.enqueuer': ['roles/cloudtasks.admin'],
  'roles/iam.serviceAccountUser': [],
  'roles/iam.serviceAccountOpenIdTokenCreator': ['roles/iam.serviceAccountTokenCreator'],
  'roles/run.invoker': ['roles/run.admin', 'roles/run.developer', 'roles/run.servicesInvoker'],
};
const BASIC = ['roles/owner', 'roles/editor'];
/** Basic roles can neither act as a service account, nor make tokens of one, nor invoke a function. */
const NOT_IN_BASIC = ['roles/iam.serviceAccountOpenIdTokenCreator', 'roles/run.invoker'];

const idOf = (fullName: string) => fullName.split('/').at(-1) ?? '';

/** The grants without which a message is not delivered or a result not published. */
export function grantsOf(
  { projectId, name, region, topics, queue, functionAccount, tasksAccount, pubsubAgent }: Deployment,
  subscriptions: readonly CheckedSubscription[],
): readonly Grant[] {
  const ofPubSub = (resource: string) => (api: GoogleApi) =>
    api.get('pubsub.googleapis.com', `v1/${resource}:getIamPolicy`);
  const ofAccount = (email: string) => (api: GoogleApi) =>
    api.post('iam.googleapis.com', `v1/projects/-/serviceAccounts/${email}:getIamPolicy`);
  const theFunction = { account: functionAccount, who: 'the function' };
  const publishes = (['requests', 'rechecks', 'results'] as const).map((key): Grant => ({
    role: 'roles/pubsub.publisher',
    ...theFunction,
    on: idOf(topics[key]),
    without: key === 'results' ? 'no result is published' : 'messages cannot continue',
    policy: ofPubSub(topics[key]),
  }));
  const ofQueue: readonly Grant[] =
    queue === undefined
      ? []
      : [
          {
            role: 'roles/cloudtasks.enqueuer',
            ...theFunction,
            on: idOf(queue),
            without: 'no cancel is confirmed',
            policy: (api) => api.post('cloudtasks.googleapis.com', `v2/${queue}:getIamPolicy`),
          },
          {
            role: 'roles/iam.serviceAccountUser',
            ...theFunction,
            on: tasksAccount,
            without: 'Cloud Tasks refuses the re-checks',
            policy: ofAccount(tasksAccount),
          },
          {
            role: 'roles/pubsub.publisher',
            account: tasksAccount,
            who: 'the account of the tasks',
            on: idOf(topics.rechecks),
            without: 're-checks are not published',
            policy: ofPubSub(topics.rechecks),
          },
        ];
  const pushAccount = subscriptions.find((one) => one.pushAccount !== undefined)?.pushAccount;
  const ofPush: readonly Grant[] =
    pushAccount === undefined || region === undefined
      ? []
      : [
          {
            role: 'roles/run.invoker',
            account: pushAccount,
            who: 'the account of the pushes',
            on: name,
            without: 'every push is refused with 403',
            policy: (api) =>
              api.get(
                'run.googleapis.com',
                `v2/projects/${projectId}/locations/${region}/services/${name}:getIamPolicy`,
              ),
          },
        ];
  if (pubsubAgent === undefined) return [...publishes, ...ofQueue, ...ofPush];
  const agent = { account: pubsubAgent, who: 'the service agent of Pub/Sub' };
  const ofAgent: readonly Grant[] = [
    ...(pushAccount === undefined
      ? []
      : [
          {
            role: 'roles/iam.serviceAccountOpenIdTokenCreator',
            ...agent,
            on: pushAccount,
            without: 'pushes have no token',
            policy: ofAccount(pushAccount),
          },
        ]),
    {
      role: 'roles/pubsub.publisher',
      ...agent,
      on: idOf(topics['dead-letters']),
      without: 'a message that cannot be delivered is delivered until it expires, and is not answered',
      policy: ofPubSub(topics['dead-letters']),
    },
    ...subscriptions
      .filter(({ hasDeadLetters }) => hasDeadLetters)
      .map((one): Grant => ({
        role: 'roles/pubsub.subscriber',
        ...agent,
        on: idOf(one.name),
        without: 'its dead letters are not forwarded',
        policy: ofPubSub(one.name),
      })),
  ];
  return [...publishes, ...ofQueue, ...ofPush, ...ofAgent];
}

/** Looks for each grant on its resource, and on the project. */
export async function checkGrants(
  api: GoogleApi,
  { projectId }: Deployment,
  grants: readonly Grant[],
): Promise<readonly Finding[]> {
  const ofProject = await api.post(
    'cloudresourcemanager.googleapis.com',
    `v3/projects/${projectId}:getIamPolicy`,
  );
  return Promise.all(
    grants.map(async (grant): Promise<Finding> => {
      const { role, account, who, on, without } = grant;
      const subject = `${role} for ${who} on ${on}`;
      const policy = await grant.policy(api);
      if (isGranted(policy, role, account) || isGranted(ofProject, role, account)) return ok(subject);
      if (policy.kind === 'unreadable') return unknown(subject, `The policy cannot be read: ${policy.why}`);
      return wrong(
        subject,
        `It is granted neither there nor on the project, and without it ${without}. Grant it to serviceAccount:${account}, unless a folder, a group or a role of yours does.`,
      );
    }),
  );
}

function isGranted(policy: Answer, role: string, account: string): boolean {
  if (policy.kind !== 'found' || !Array.isArray(policy.body.bindings)) return false;
  const basic = NOT_IN_BASIC.includes(role) ? [] : BASIC;
  const roles = [role, ...(CONTAINED_IN[role] ?? []), ...basic];
  return policy.body.bindings.some(
    (binding: unknown) =>
      isObject(binding) &&
      roles.includes(String(binding.role)) &&
      Array.isArray(binding.members) &&
      binding.members.includes(`serviceAccount:${account}`),
  );
}
