import { readFileSync } from 'node:fs';
import { cloudEvent } from '@google-cloud/functions-framework';
import { PubSub } from '@google-cloud/pubsub';
import { GoogleAuth, PassThroughClient } from 'google-auth-library';
import gax from 'google-gax';

/** The cancel by the client of operations that all of Google's libraries share, over REST. */
const [, protocol, hostname, port] = /^(https?):\/\/([^:/]+):(\d+)/.exec(process.env.GOOGLE_API_ENDPOINT);
const pubsub = new PubSub({ projectId: 'my-project', authClient: new PassThroughClient() });
const topic = pubsub.topic('lro-cancel-rechecks');
// The package does not export it.
const protos = new URL('../../node_modules/google-gax/build/protos/operations.json', import.meta.url);
const operationsJson = JSON.parse(readFileSync(protos, 'utf8'));
const auth = new GoogleAuth({ authClient: new PassThroughClient() });
const lro = gax.fallback.lro({
  auth,
  protoJson: gax.protobuf.Root.fromJSON(operationsJson),
  httpRules: [
    {
      selector: 'google.longrunning.Operations.CancelOperation',
      post: '/notebooks.googleapis.com/v2/{name=projects/*/locations/*/operations/*}:cancel',
    },
  ],
});
const operations = lro.operationsClient({
  auth,
  fallback: true,
  protocol,
  servicePath: hostname,
  port: Number(port),
});

cloudEvent('gax', async (event) => {
  const request = JSON.parse(Buffer.from(event.data.message.data, 'base64').toString());
  await operations.cancelOperation({ name: request.operation.split('/').slice(4).join('/') });
  await topic.publishMessage({ json: { ...request, attempt: 1 } });
});
