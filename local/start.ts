import { once } from 'node:events';
import { readProgress } from './progress.ts';
import { scenes } from './scenes.ts';
import { startLocalSystem } from './system.ts';
import type { LocalSystem } from './system.ts';

/** `npm start`: the system of the demo, left running for you to publish to. Ends with Ctrl-C. */
const system = await startLocalSystem({
  settings: { ALLOWED_SERVICES: '*,cloudchannel' },
  onLogLine: (line) => {
    const entry = readProgress(line);
    if (entry === undefined) {
      if (!line.startsWith('{')) console.log(`  ${line}`);
    } else if (entry.event !== 'result.published') {
      console.log(`  ${entry.id}  ${entry.text}`);
    }
  },
});
for (const { operation } of scenes) {
  if (operation !== undefined) system.services.add(operation.url, operation.script);
}
system.onResult(({ data }) => {
  console.log(`\n→ ${data.outcome}  ${data.requestId}\n${JSON.stringify(data, undefined, 2)}\n`);
});
console.log(instructions(system));

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
console.log('\nStopping …');
await system.close();

function instructions({ restUrl, topology, services, fn }: LocalSystem): string {
  const [first] = scenes;
  const request = JSON.stringify({ operation: first?.operation?.url, reason: 'trying it out' });
  const { projectId, topics } = topology;
  const topicId = topics.requests.split('/').at(-1) ?? '';
  const operation = {
    url: 'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/mine',
  };
  return `
Running: Pub/Sub ${restUrl}, Google services ${services.url}, function ${fn.url}

Publish a cancel request with gcloud:

CLOUDSDK_AUTH_DISABLE_CREDENTIALS=1 CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB=${restUrl}/ gcloud pubsub topics publish ${topicId} --project ${projectId} --message '${request}'

or with curl:

curl -s ${restUrl}/v1/${topics.requests}:publish -H 'content-type: application/json' -d "{\\"messages\\":[{\\"data\\":\\"$(printf '%s' '${request}' | base64 | tr -d '\\n')\\"}]}"

Add an operation of your own, which ends 3 s after its cancel:

curl -s -X PUT ${services.url}/_control/operations -H 'content-type: application/json' -d '${JSON.stringify({ ...operation, onCancel: 'cancelled', afterMs: 3_000 })}'

Results appear below as they come; Ctrl-C ends it.
`;
}
