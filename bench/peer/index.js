import { cloudEvent } from '@google-cloud/functions-framework';
import { PubSub } from '@google-cloud/pubsub';
import { GoogleAuth, PassThroughClient } from 'google-auth-library';

/**
 * What a good engineer writes in an afternoon: Google's libraries as their samples use them. Cancels, retries,
 * and publishes a message to look later.
 */
const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
const local = process.env.PUBSUB_EMULATOR_HOST !== undefined;
const pubsub = new PubSub({ projectId: 'my-project', ...(local && { authClient: new PassThroughClient() }) });
const topic = pubsub.topic('lro-cancel-rechecks');
const client = local ? new PassThroughClient() : await auth.getClient();

const urlOf = (operation) => {
  const { host, pathname } = new URL(operation);
  return (process.env.GOOGLE_API_ENDPOINT ?? 'https://{host}').replace('{host}', host) + pathname;
};

cloudEvent('peer', async (event) => {
  const request = JSON.parse(Buffer.from(event.data.message.data, 'base64').toString());
  await client.request({
    url: `${urlOf(request.operation)}:cancel`,
    method: 'POST',
    retryConfig: {
      retry: 5,
      httpMethodsToRetry: ['POST'],
      statusCodesToRetry: [
        [429, 429],
        [503, 503],
      ],
    },
  });
  await topic.publishMessage({ json: { ...request, attempt: 1 } });
});

cloudEvent('peerLook', async (event) => {
  const request = JSON.parse(Buffer.from(event.data.message.data, 'base64').toString());
  const { data } = await client.request({ url: urlOf(request.operation) });
  if (!data.done) await topic.publishMessage({ json: { ...request, attempt: request.attempt + 1 } });
});
