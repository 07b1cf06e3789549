import { once } from 'node:events';
import { ALL_DRY_RUNS } from './demo-settings.ts';
import { burningJobs } from './job-scenarios.ts';
import { writeLocalAddress } from './local-address.ts';
import { ownSettingsOrExit } from './own-settings.ts';
import { readProgress } from './progress.ts';
import { exampleOperations, scenarios } from './scenarios.ts';
import { beforeDryRunIsOff, sweptOperations } from './sweep-scenarios.ts';
import { startLocalSystem } from './system.ts';
import type { LocalSystem } from './system.ts';

/** `npm start`: the system of the demo, left running for you to publish to. Ends with Ctrl-C. */
const defaults = {
  ALLOWED_SERVICES: '*,cloudchannel',
  GOOGLE_CLOUD_PROJECT: 'my-project',
  ...ALL_DRY_RUNS,
};
const system = await startLocalSystem({
  settings: { ...defaults, ...ownSettingsOrExit(defaults) },
  onLogLine: (line) => {
    const entry = readProgress(line);
    if (entry !== undefined && entry.event !== 'result.published')
      console.log(`  ${entry.id}  ${entry.text}`);
    // Log events of no request: budgets that start nothing, and messages that are not understood.
    else if (/"event":"(?:budget|trigger|idempotency|sweep\.list)/.test(line)) {
      const { severity, message } = JSON.parse(line) as { severity: string; message: string };
      console.log(`  ${severity}  ${message}`);
    }
  },
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
for (const { operation } of scenarios) {
  if (operation !== undefined) system.services.add(operation.url, operation.script);
}
// The operations of the examples in docs/messages.md.
for (const url of exampleOperations) system.services.add(url, { afterMs: 2_000 });
for (const { url, script } of sweptOperations) system.services.add(url, script);
for (const { url, script } of burningJobs) system.services.addJob(url, script);
system.onResult(
  ({ data }) => {
    console.log(`\n→ ${data.outcome}  ${data.requestId}\n${JSON.stringify(data, undefined, 2)}\n`);
  },
  ({ data }) => {
    console.log(`\n→ sweep ${data.sweep}: ${data.detail}\n${JSON.stringify(data, undefined, 2)}\n`);
  },
);
const removeLocalAddress = writeLocalAddress({
  pubsubHost: system.pubsubHost,
  projectId: system.topology.projectId,
  prefix: 'lro-cancel',
  pid: process.pid,
});
console.log(instructions(system));

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
console.log('\nStopping …');
removeLocalAddress();
await system.close();

function instructions({ restUrl, pubsubHost, topology, services, fn }: LocalSystem): string {
  const [first] = scenarios;
  const { projectId, topics } = topology;
  const idOf = (topic: string) => topic.split('/').at(-1) ?? '';
  const mine =
    'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/mine';
  // Without an id, each is a new request, however often a line is used.
  const request = (operation: string | undefined, reason: string) => JSON.stringify({ operation, reason });
  const curl = (topic: string, json: string) =>
    `curl -s ${restUrl}/v1/${topic}:publish -H 'content-type: application/json' ` +
    `-d "{\\"messages\\":[{\\"data\\":\\"$(printf '%s' '${json}' | base64 | tr -d '\\n')\\"}]}"`;
  const gcloud = (topic: string) =>
    `CLOUDSDK_AUTH_DISABLE_CREDENTIALS=1 CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB=${restUrl}/ ` +
    `gcloud pubsub topics publish ${idOf(topic)} --project ${projectId}`;
  const [, alert] = beforeDryRunIsOff;
  const attributes = Object.entries(alert?.attributes ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const add = JSON.stringify({ url: mine, onCancel: 'cancelled', afterMs: 3_000 });
  return `
Running: Pub/Sub ${restUrl}, Google services ${services.url}, function ${fn.url}

Publish a cancel request with gcloud:

${gcloud(topics.requests)} --message '${request(first?.operation?.url, 'with gcloud')}'

or with curl:

${curl(topics.requests, request(first?.operation?.url, 'with curl'))}

Add an operation of your own, which ends 3 s after its cancel, and cancel it:

curl -s -X PUT ${services.url}/_control/operations -H 'content-type: application/json' -d '${add}'
${curl(topics.requests, request(mine, 'my own'))}

Start a sweep, as a scheduler does, or as a budget alert does (a dry run, here):

${gcloud(topics.triggers)} --message '{"sweep": "nightly"}'
${curl(topics.triggers, '{"sweep": "nightly"}')}
${gcloud(topics.triggers)} --attribute ${attributes} --message '${JSON.stringify(alert?.message)}'

Client libraries find this Pub/Sub by PUBSUB_EMULATOR_HOST=${pubsubHost}. SWEEPS, BUDGETS, PROTECTED_OPERATIONS,
ALLOWED_PROJECTS, ALLOWED_SERVICES and CONFIRM_WITHIN of your environment are used in place of the settings here.

The examples of docs/messages.md work too. Results appear below as they come; Ctrl-C ends it.
`;
}
