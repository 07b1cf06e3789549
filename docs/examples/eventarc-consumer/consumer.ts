import { cloudEvent } from '@google-cloud/functions-framework';
import type { CloudEvent } from '@google-cloud/functions-framework';

/**
 * A function of one's own that Eventarc starts for each result:
 *
 * gcloud functions deploy on-result --gen2 --runtime=nodejs24 --entry-point=onResult --trigger-topic=lro-cancel-results
 *
 * Eventarc wraps the message of Pub/Sub in an event of its own. The result is the data of that message, and its context
 * (`ce-id`, `ce-type`) are the attributes. An error is thrown where the result should be delivered again.
 */
cloudEvent('onResult', (event: CloudEvent<MessagePublished>) => {
  const { data = '', attributes = {} } = event.data?.message ?? {};
  // The topic has reports of sweeps, too.
  if (attributes['ce-type'] !== 'lro-cancel.result.v1') return;
  const result = JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as Result;
  act(attributes['ce-id'] ?? '', result);
});

/** Replace it by your own action. A result comes at least once, under the same id. */
function act(id: string, { outcome, requestId, detail }: Result): void {
  console.log(JSON.stringify({ id, outcome, requestId, detail }));
}

/** https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/pubsub/v1/data.proto */
interface MessagePublished {
  readonly message: { readonly data: string; readonly attributes?: Readonly<Record<string, string>> };
}

interface Result {
  readonly outcome: string;
  readonly requestId: string;
  readonly detail: string;
}
