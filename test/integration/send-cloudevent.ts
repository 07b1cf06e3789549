import { CloudEvent, emitterFor, HTTP, httpTransport, Mode } from 'cloudevents';
import { parseArgs } from 'node:util';

/**
 * Another program, which knows CloudEvents and nothing of this project. Sends one event in the format of the
 * CloudEvents library: by HTTP to a function, or to a topic of Pub/Sub, where HTTP headers become attributes
 * (https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md).
 */
const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'binary' },
    event: { type: 'string', default: '{}' },
    function: { type: 'string' },
    topic: { type: 'string' },
  },
});
const event = new CloudEvent(JSON.parse(values.event) as Record<string, unknown>);
const mode = values.mode === 'structured' ? Mode.STRUCTURED : Mode.BINARY;

if (values.function !== undefined) {
  await emitterFor(httpTransport(values.function), { mode })(event);
}
if (values.topic !== undefined) {
  const { headers, body } = mode === Mode.STRUCTURED ? HTTP.structured(event) : HTTP.binary(event);
  const data = Buffer.from(String(body)).toString('base64');
  const response = await fetch(`${values.topic}:publish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ data, attributes: headers }] }),
  });
  if (!response.ok) throw new Error(await response.text());
}
