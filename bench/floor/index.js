import { cloudEvent } from '@google-cloud/functions-framework';

/**
 * The least that there can be: `noop` does nothing; `floor` does the same I/O as the function and nothing else,
 * one call through a pool of undici and one publish by Google's client library.
 */
cloudEvent('noop', () => undefined);

let parts;
async function connect() {
  const [{ PubSub }, { Pool }] = await Promise.all([import('@google-cloud/pubsub'), import('undici')]);
  const { PassThroughClient } = await import('google-auth-library');
  const [, origin, prefix] = /^(https?:\/\/[^/]+)(.*)\/\{host\}$/.exec(process.env.GOOGLE_API_ENDPOINT);
  const pubsub = new PubSub({ projectId: 'my-project', authClient: new PassThroughClient() });
  return {
    pool: new Pool(origin, { connections: 128 }),
    prefix,
    topic: pubsub.topic('projects/my-project/topics/lro-cancel-rechecks', {
      batching: { maxMessages: 100, maxMilliseconds: 2 },
    }),
  };
}

async function call(method, suffix, event) {
  const { pool, prefix, topic } = await (parts ??= connect());
  const { operation } = JSON.parse(Buffer.from(event.data.message.data, 'base64').toString());
  const path = `${prefix}/${operation.replace('https://', '')}${suffix}`;
  const { body } = await pool.request({ method, path });
  await body.text();
  await topic.publishMessage({ json: { operation } });
}

cloudEvent('floor', (event) => call('POST', ':cancel', event));
cloudEvent('floorLook', (event) => call('GET', '', event));
