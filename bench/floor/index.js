import { cloudEvent } from '@google-cloud/functions-framework';
import domain from 'node:domain';

/**
 * The least that there can be: `noop` does nothing; the others do the I/O of the function and nothing else.
 *
 * - `floor`: one call through a pool of undici, and one publish by Google's client library.
 * - `calls`: two calls, as the function has them with Cloud Tasks, by the leanest means: undici's dispatch.
 * - With FLOOR_DOMAINS=none the framework makes no domains, as for the function.
 */
if (process.env.FLOOR_DOMAINS === 'none') {
  const none = { on: () => none, run: (start) => start(), bind: (callback) => callback };
  domain.create = () => none;
  process.domain = none;
}

cloudEvent('noop', () => undefined);

let endpoint;
async function connect() {
  const { Pool } = await import('undici');
  const [, origin, prefix] = /^(https?:\/\/[^/]+)(.*)\/\{host\}$/.exec(process.env.GOOGLE_API_ENDPOINT);
  return { pool: new Pool(origin, { connections: 128 }), prefix };
}

let topic;
async function openTopic() {
  const [{ PubSub }, { PassThroughClient }] = await Promise.all([
    import('@google-cloud/pubsub'),
    import('google-auth-library'),
  ]);
  const pubsub = new PubSub({ projectId: 'my-project', authClient: new PassThroughClient() });
  return pubsub.topic('projects/my-project/topics/lro-cancel-rechecks', {
    batching: { maxMessages: 100, maxMilliseconds: 2 },
  });
}

const operationOf = (event) =>
  JSON.parse(Buffer.from(event.data.message.data, 'base64').toString()).operation;

async function callAndPublish(method, suffix, event) {
  const { pool, prefix } = await (endpoint ??= connect());
  const operation = operationOf(event);
  const path = `${prefix}/${operation.replace('https://', '')}${suffix}`;
  const { body } = await pool.request({ method, path });
  await body.text();
  await (await (topic ??= openTopic())).publishMessage({ json: { operation } });
}

cloudEvent('floor', (event) => callAndPublish('POST', ':cancel', event));
cloudEvent('floorLook', (event) => callAndPublish('GET', '', event));

/** As large as the function's. */
const TASK = JSON.stringify({ task: { body: 'x'.repeat(1_500) } });
const TASKS = 'cloudtasks.googleapis.com/v2/projects/my-project/locations/us-central1/queues/q/tasks';

const dispatch = (pool, request) =>
  new Promise((resolve, reject) => {
    const chunks = [];
    pool.dispatch(request, {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: (_, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve(JSON.parse(Buffer.concat(chunks).toString())),
      onResponseError: (_, error) => reject(error),
    });
  });

async function callTwice(method, suffix, event) {
  const { pool, prefix } = await (endpoint ??= connect());
  const path = `${prefix}/${operationOf(event).replace('https://', '')}${suffix}`;
  await dispatch(pool, { method, path });
  const headers = { 'content-type': 'application/json' };
  await dispatch(pool, { method: 'POST', path: `${prefix}/${TASKS}`, headers, body: TASK });
}

cloudEvent('calls', (event) => callTwice('POST', ':cancel', event));
cloudEvent('callsLook', (event) => callTwice('GET', '', event));
