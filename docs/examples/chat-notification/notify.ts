import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';

/**
 * Posts each result that needs a person to a channel of Slack or a space of Google Chat. Both take `{"text": …}` at the
 * address of an incoming webhook.
 *
 * WEBHOOK_URL=https://hooks.slack.com/services/… PORT=8080 node notify.ts
 *
 * It is a service, such as one of Cloud Run, to which a subscription of the results pushes. The filter of the
 * subscription decides what is posted, so that nothing else is delivered:
 *
 * gcloud pubsub subscriptions create lro-cancel-chat --topic=lro-cancel-results --push-endpoint=https://SERVICE/ \
 *   --push-auth-service-account=ACCOUNT --message-filter='attributes:outcome AND attributes.outcome != "CANCELLED"'
 *
 * Only that account may call the service: it checks no token itself, which Cloud Run does.
 */
const webhook = process.env.WEBHOOK_URL ?? '';
const MAX_REMEMBERED = 1_000;

/** Ids of the results that were posted: a result can be delivered again. */
const posted = new Set<string>();

const server = createServer((request, response) => {
  post(request).then(
    () => response.writeHead(204).end(),
    (error: unknown) => {
      console.error(error);
      // Pub/Sub delivers it again.
      response.writeHead(500).end();
    },
  );
});
server.listen(Number(process.env.PORT ?? '8080'));

async function post(request: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const { message } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Push;
  const id = `${message.attributes['ce-id'] ?? ''} ${message.attributes.outcome ?? ''}`;
  if (posted.has(id)) return;
  const result = JSON.parse(Buffer.from(message.data, 'base64').toString('utf8')) as Result;
  // Before the call, because a second delivery can come during it.
  posted.add(id);
  const [oldest = ''] = posted;
  if (posted.size > MAX_REMEMBERED) posted.delete(oldest);
  try {
    await postText(textOf(result));
  } catch (error) {
    posted.delete(id);
    throw error;
  }
}

async function postText(text: string): Promise<void> {
  const response = await fetch(webhook, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
}

function textOf({ outcome, detail, requestId, requestedBy, operation, job }: Result): string {
  const { url, reference = '' } = operation ?? job ?? {};
  const asked = requestedBy === undefined ? requestId : `${requestId}, requested by ${requestedBy}`;
  return `${outcome}: ${url ?? reference}\n${detail} (${asked})`;
}

interface Push {
  readonly message: { readonly data: string; readonly attributes: Readonly<Record<string, string>> };
}

interface Result {
  readonly requestId: string;
  readonly outcome: string;
  readonly detail: string;
  readonly requestedBy?: string;
  readonly operation?: Named;
  readonly job?: Named;
}

interface Named {
  readonly url?: string;
  readonly reference?: string;
}
