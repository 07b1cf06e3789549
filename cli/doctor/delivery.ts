import { isObject } from '../../src/validation/schema.ts';
import type { Deployment, TopicKey } from './deployment.ts';
import type { Finding } from './finding.ts';
import { findingOf, unknown, wrong } from './finding.ts';
import type { GoogleApi } from './google-api.ts';

const PUBSUB = 'pubsub.googleapis.com';
const APPLY = 'Apply the Terraform module again, or run infra/gcloud/deploy.sh.';
const TOPICS: readonly TopicKey[] = ['requests', 'rechecks', 'triggers', 'dead-letters', 'results'];

/** A delivery takes the function up to 56 s (docs/decisions/0002). */
const MIN_ACK_DEADLINE_SECONDS = 60;

const idOf = (fullName: string) => fullName.split('/').at(-1) ?? '';
const object = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

export async function checkTopics(api: GoogleApi, { topics }: Deployment): Promise<readonly Finding[]> {
  const checks = TOPICS.map(async (key): Promise<Finding> => {
    const subject = `topic ${idOf(topics[key])}`;
    const answer = await api.get(PUBSUB, `v1/${topics[key]}`);
    if (answer.kind === 'unreadable') return unknown(subject, `It cannot be read: ${answer.why}`);
    if (answer.kind === 'missing') return wrong(subject, `There is no ${topics[key]}. ${APPLY}`);
    return findingOf(subject, []);
  });
  const results = await api.get(PUBSUB, `v1/${topics.results}/subscriptions`);
  const subject = 'subscriptions to results';
  const isRead =
    results.kind === 'found' &&
    Array.isArray(results.body.subscriptions) &&
    results.body.subscriptions.length > 0;
  return [
    ...(await Promise.all(checks)),
    results.kind === 'unreadable'
      ? unknown(subject, `They cannot be listed: ${results.why}`)
      : findingOf(subject, [
          !isRead && 'There are none, so results are lost. Add one to result_subscriptions of the module.',
        ]),
  ];
}

/** A subscription that pushes to the function, and the account of its tokens. */
export interface CheckedSubscription {
  readonly finding: Finding;
  /** Full name. */
  readonly name: string;
  readonly hasDeadLetters: boolean;
  readonly pushAccount?: string;
}

/** The subscriptions that push, each compared with what infra/subscriptions.tf makes. */
export function checkSubscriptions(
  api: GoogleApi,
  deployment: Deployment,
): Promise<readonly CheckedSubscription[]> {
  const pushed = TOPICS.filter((key) => key !== 'results');
  return Promise.all(pushed.map((key) => checkSubscription(api, deployment, key)));
}

async function checkSubscription(
  api: GoogleApi,
  { projectId, name: prefix, topics, uri }: Deployment,
  key: TopicKey,
): Promise<CheckedSubscription> {
  const name = `projects/${projectId}/subscriptions/${prefix}-${key}-push`;
  const subject = `subscription ${idOf(name)}`;
  const hasDeadLetters = key !== 'dead-letters';
  const answer = await api.get(PUBSUB, `v1/${name}`);
  if (answer.kind === 'unreadable')
    return { name, hasDeadLetters, finding: unknown(subject, `It cannot be read: ${answer.why}`) };
  if (answer.kind === 'missing')
    return {
      name,
      hasDeadLetters,
      finding: wrong(subject, `There is none, so nothing of its topic is delivered. ${APPLY}`),
    };
  const {
    topic,
    detached,
    ackDeadlineSeconds,
    pushConfig,
    deadLetterPolicy,
    expirationPolicy,
    state = 'ACTIVE',
  } = answer.body;
  const { pushEndpoint = '', oidcToken } = object(pushConfig);
  const { audience, serviceAccountEmail } = object(oidcToken);
  const endpoint = `${uri ?? ''}/${topics[key]}`;
  const deadLetterTopic = object(deadLetterPolicy).deadLetterTopic;
  const finding = findingOf(subject, [
    (topic !== topics[key] || detached === true) &&
      `Its topic is ${detached === true ? 'detached' : String(topic)}, and not ${topics[key]}. Delete it, and apply again.`,
    uri !== undefined &&
      pushEndpoint !== endpoint &&
      `It pushes to ${JSON.stringify(pushEndpoint)}, and not to ${endpoint}. ${APPLY}`,
    uri !== undefined &&
      audience !== uri &&
      `The audience of its tokens is ${JSON.stringify(audience ?? '')}, and not ${uri}: Cloud Run refuses them. ${APPLY}`,
    serviceAccountEmail === undefined && `It pushes without a token. ${APPLY}`,
    Number(ackDeadlineSeconds) < MIN_ACK_DEADLINE_SECONDS &&
      `Its ack deadline is ${String(ackDeadlineSeconds)} s: a delivery can take 56 s, so set ${MIN_ACK_DEADLINE_SECONDS}.`,
    hasDeadLetters &&
      deadLetterTopic !== topics['dead-letters'] &&
      `Its dead letters go to ${JSON.stringify(deadLetterTopic ?? '')}, and not to ${topics['dead-letters']}. ${APPLY}`,
    object(expirationPolicy).ttl !== undefined &&
      `It expires after ${String(object(expirationPolicy).ttl)} without a message. ${APPLY}`,
    state !== 'ACTIVE' && `Its state is ${String(state)}.`,
  ]);
  return {
    name,
    hasDeadLetters,
    finding,
    ...(typeof serviceAccountEmail === 'string' && { pushAccount: serviceAccountEmail }),
  };
}

/** What to do about a queue that does not run. */
export function adviceOnState(queue: string, state: unknown): string {
  const [, project = '', , location = '', , id = ''] = queue.split('/');
  return `Its state is ${String(state)}: re-checks wait. Run \`gcloud tasks queues resume ${id} --location=${location} --project=${project}\`.`;
}

export async function checkQueue(api: GoogleApi, { queue }: Deployment): Promise<readonly Finding[]> {
  if (queue === undefined) return [];
  const subject = `queue ${idOf(queue)}`;
  const answer = await api.get('cloudtasks.googleapis.com', `v2/${queue}`);
  if (answer.kind === 'unreadable') return [unknown(subject, `It cannot be read: ${answer.why}`)];
  if (answer.kind === 'missing')
    return [
      wrong(
        subject,
        `There is no ${queue}, so no cancel is confirmed. ${APPLY} A deleted name is free after some days.`,
      ),
    ];
  const { state, retryConfig } = answer.body;
  const { maxAttempts } = object(retryConfig);
  return [
    findingOf(subject, [
      state !== 'RUNNING' && adviceOnState(queue, state),
      maxAttempts !== -1 &&
        `It gives up tasks (maxAttempts ${JSON.stringify(maxAttempts)}), and their requests then have no result. ${APPLY}`,
    ]),
  ];
}
