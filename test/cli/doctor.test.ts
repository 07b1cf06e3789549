import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, it } from 'node:test';
import { checkQueue, checkSubscriptions, checkTopics } from '../../cli/doctor/delivery.ts';
import { readDeployment } from '../../cli/doctor/deployment.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { createGoogleApi } from '../../cli/doctor/google-api.ts';
import { checkGrants, grantsOf } from '../../cli/doctor/grants.ts';
import {
  FUNCTION,
  ofSubscription,
  ofTopic,
  QUEUE,
  startGoogleApis,
  wholeDeployment,
} from './google-apis-stand-in.ts';
import type { GoogleApisStandIn } from './google-apis-stand-in.ts';
import { runCli } from './run-cli.ts';

let apis: GoogleApisStandIn;
before(async () => {
  apis = await startGoogleApis();
});
beforeEach(() => {
  apis.resources.clear();
  for (const [path, resource] of wholeDeployment()) apis.resources.set(path, resource);
});
after(() => apis.close());

const doctor = (...args: string[]) =>
  runCli(['doctor', '--project', 'my-project', ...args], { env: { GOOGLE_API_ENDPOINT: apis.endpoint } });

/** What the command does, in this process. */
async function examine(): Promise<readonly Finding[]> {
  const api = await createGoogleApi(apis.endpoint);
  const { deployment, findings } = await readDeployment(api, 'my-project', 'lro-cancel');
  const subscriptions = await checkSubscriptions(api, deployment);
  return [
    ...findings,
    ...(await checkTopics(api, deployment)),
    ...subscriptions.map(({ finding }) => finding),
    ...(await checkQueue(api, deployment)),
    ...(await checkGrants(api, deployment, grantsOf(deployment, subscriptions))),
  ];
}

/** Replaces fields of a resource. */
const change = (path: string, changes: object) => {
  const before = apis.resources.get(path);
  assert.ok(typeof before === 'object', path);
  apis.resources.set(path, { ...before, ...changes });
};
const functions = (changes: object) => {
  const { functions: all } = wholeDeployment().get(FUNCTION) as { functions: object[] };
  change(FUNCTION, { functions: all.map((one) => ({ ...one, ...changes })) });
};

const CASES: readonly (readonly [
  title: string,
  damage: () => unknown,
  subject: RegExp,
  advice: RegExp,
  state?: 'unknown',
])[] = [
  [
    'no function',
    () => change(FUNCTION, { functions: [] }),
    /^function lro-cancel$/,
    /There is none in my-project\. Deploy it .*--prefix/,
  ],
  [
    'a function that failed',
    () => functions({ state: 'FAILED', stateMessages: [{ message: 'Build failed.' }] }),
    /^function/,
    /FAILED, and not ACTIVE: Build failed\. Deploy it again/,
  ],
  [
    'a topic that is missing',
    () => apis.resources.delete(ofTopic('rechecks')),
    /^topic lro-cancel-rechecks$/,
    /There is no .*Apply the Terraform module again/,
  ],
  [
    'a topic that may not be read',
    () => apis.resources.set(ofTopic('triggers'), 403),
    /^topic lro-cancel-triggers$/,
    /cannot be read: HTTP 403 not for you/,
    'unknown',
  ],
  [
    'no subscription to results',
    () => apis.resources.set(`${ofTopic('results')}/subscriptions`, {}),
    /^subscriptions to results$/,
    /results are lost.*result_subscriptions/,
  ],
  [
    'a subscription that is missing',
    () => apis.resources.delete(ofSubscription('requests')),
    /^subscription lro-cancel-requests-push$/,
    /nothing of its topic is delivered/,
  ],
  [
    'an endpoint of an earlier function',
    () =>
      change(ofSubscription('requests'), {
        pushConfig: {
          pushEndpoint: 'https://old.a.run.app/projects/my-project/topics/lro-cancel-requests',
          oidcToken: {
            serviceAccountEmail: 'lro-cancel-push@my-project.iam.gserviceaccount.com',
            audience: 'https://lro-cancel-abc-ew.a.run.app',
          },
        },
      }),
    /^subscription lro-cancel-requests-push$/,
    /pushes to "https:\/\/old\.a\.run\.app\S+", and not to https:\/\/lro-cancel-abc-ew\.a\.run\.app\/projects\/my-project\/topics\/lro-cancel-requests/,
  ],
  [
    'another audience',
    () =>
      change(ofSubscription('triggers'), {
        pushConfig: {
          pushEndpoint: 'https://lro-cancel-abc-ew.a.run.app/projects/my-project/topics/lro-cancel-triggers',
          oidcToken: { serviceAccountEmail: 'lro-cancel-push@my-project.iam.gserviceaccount.com' },
        },
      }),
    /^subscription lro-cancel-triggers-push$/,
    /The audience of its tokens is "", and not https:\/\/lro-cancel-abc-ew\.a\.run\.app: Cloud Run refuses them/,
  ],
  [
    'no token',
    () => change(ofSubscription('rechecks'), { pushConfig: { pushEndpoint: '' } }),
    /^subscription lro-cancel-rechecks-push$/,
    /pushes without a token/,
  ],
  [
    'no dead letter topic',
    () => change(ofSubscription('rechecks'), { deadLetterPolicy: undefined }),
    /^subscription lro-cancel-rechecks-push$/,
    /dead letters go to "", and not to .*-dead-letters/,
  ],
  [
    'a deleted topic',
    () => change(ofSubscription('requests'), { topic: '_deleted-topic_' }),
    /^subscription lro-cancel-requests-push$/,
    /Its topic is _deleted-topic_/,
  ],
  [
    'a short ack deadline',
    () => change(ofSubscription('requests'), { ackDeadlineSeconds: 10 }),
    /^subscription lro-cancel-requests-push$/,
    /ack deadline is 10 s.*set 60/,
  ],
  [
    'a subscription that expires',
    () => change(ofSubscription('triggers'), { expirationPolicy: { ttl: '2678400s' } }),
    /^subscription lro-cancel-triggers-push$/,
    /expires after 2678400s/,
  ],
  [
    'a paused queue',
    () => change(QUEUE, { state: 'PAUSED' }),
    /^queue lro-cancel-rechecks$/,
    /PAUSED: re-checks wait\. Run `gcloud tasks queues resume lro-cancel-rechecks --location=europe-west1 --project=my-project`/,
  ],
  [
    'a queue that gives up',
    () => change(QUEUE, { retryConfig: { maxAttempts: 100 } }),
    /^queue/,
    /gives up tasks \(maxAttempts 100\)/,
  ],
  ['no queue', () => apis.resources.delete(QUEUE), /^queue/, /no cancel is confirmed/],
  [
    'a grant that is missing',
    () => apis.resources.set(`${ofTopic('results')}:getIamPolicy`, {}),
    /^roles\/pubsub\.publisher for the function on lro-cancel-results$/,
    /without it no result is published\. Grant it to serviceAccount:lro-cancel@my-project\.iam\.gserviceaccount\.com/,
  ],
  [
    'a policy that may not be read',
    () => apis.resources.set(`${QUEUE}:getIamPolicy`, 403),
    /^roles\/cloudtasks\.enqueuer for the function on lro-cancel-rechecks$/,
    /cannot be read: HTTP 403/,
    'unknown',
  ],
];

describe('lro-cancel doctor', () => {
  it('doctor finds nothing wrong in a whole deployment, and looks at every piece', async () => {
    const findings = await examine();
    assert.deepEqual(
      findings.filter(({ state }) => state !== 'ok'),
      [],
    );
    // Project, function, 5 topics, results, 4 subscriptions, queue, and 12 grants.
    assert.equal(findings.length, 25);
    assert.deepEqual(
      apis.calls.filter((call) => !/^(?:GET|POST \S+:getIamPolicy$)/.test(call)),
      [],
    );
  });

  for (const [title, damage, subject, advice, state = 'wrong'] of CASES) {
    it(`doctor reports ${title}, and what to do`, async () => {
      damage();
      const findings = (await examine()).filter((finding) => finding.state !== 'ok');
      const finding = findings.find((one) => subject.test(one.subject));
      assert.equal(finding?.state, state, JSON.stringify(findings));
      assert.match(finding.advice ?? '', advice);
    });
  }

  it('doctor accepts a grant on the project, and a role that contains the one that is needed', async () => {
    apis.resources.set(`${ofTopic('results')}:getIamPolicy`, {});
    apis.resources.set('cloudresourcemanager.googleapis.com/v3/projects/my-project:getIamPolicy', {
      bindings: [
        {
          role: 'roles/pubsub.editor',
          members: ['serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com'],
        },
      ],
    });
    assert.deepEqual(
      (await examine()).filter(({ state }) => state !== 'ok'),
      [],
    );
  });

  it('doctor prints a line for each piece, and exits with 0 where all is well and 1 where something is wrong', async () => {
    const whole = await doctor();
    assert.equal(whole.stdout.split('\n').filter((line) => line.startsWith('✔ ')).length, 25);
    change(QUEUE, { state: 'PAUSED' });
    const paused = await doctor('--output', 'json');
    const wrong = (JSON.parse(paused.stdout) as Finding[]).filter(({ state }) => state !== 'ok');
    assert.deepEqual(
      wrong.map(({ subject }) => subject),
      ['queue lro-cancel-rechecks'],
    );
    assert.deepEqual([whole.exitCode, paused.exitCode, whole.stderr], [0, 1, '']);
  });

  it('doctor says that a local system needs none, and exits with 2', async () => {
    const { stdout, stderr, exitCode } = await runCli(['doctor', '--local']);
    assert.equal(stderr, 'doctor checks a deployment; a local system needs none. Leave out --local.\n');
    assert.deepEqual([stdout, exitCode], ['', 2]);
  });

  it('doctor exits with 2 without a project, and without credentials', async () => {
    const nameless = await runCli(['doctor']);
    assert.match(nameless.stderr, /^Name the project of the deployment with --project/);
    const anonymous = await runCli(['doctor', '--project', 'p']);
    assert.match(anonymous.stderr, /^There are no credentials that Google accepts/);
    assert.deepEqual([nameless.exitCode, anonymous.exitCode], [2, 2]);
  });

  it('doctor checks the roles, names and settings that the Terraform module gives', async () => {
    const [iam, subscriptions, queue, topics] = await Promise.all(
      ['iam', 'subscriptions', 'queue', 'topics'].map((name) => readFile(`infra/${name}.tf`, 'utf8')),
    );
    const api = await createGoogleApi(apis.endpoint);
    const { deployment } = await readDeployment(api, 'my-project', 'lro-cancel');
    const roles = grantsOf(deployment, await checkSubscriptions(api, deployment)).map(({ role }) => role);
    for (const role of roles) assert.ok(iam?.includes(`"${role}"`), role);
    assert.match(subscriptions ?? '', /name {5}= "\$\{local\.name\}-\$\{each\.key\}-push"/);
    assert.match(subscriptions ?? '', /ack_deadline_seconds {7}= 60/);
    assert.match(
      subscriptions ?? '',
      /audience = google_cloudfunctions2_function\.this\.service_config\[0\]\.uri/,
    );
    assert.match(queue ?? '', /max_attempts {2}= -1/);
    assert.match(topics ?? '', /\["requests", "rechecks", "triggers", "dead_letters", "results"\]/);
  });
});
