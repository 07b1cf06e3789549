import { ClientError } from './client-error.ts';
import type { ClientErrorCode } from './client-error.ts';

/** What was attempted, for the advice of an error. */
export interface Attempt {
  readonly action: 'subscribe' | 'publish' | 'receive' | 'connect';
  /** Full name of the topic. */
  readonly topic?: string;
  readonly projectId?: string;
  readonly emulatorHost?: string | undefined;
}

/** Codes of gRPC: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
const GRPC = { deadlineExceeded: 4, notFound: 5, permissionDenied: 7, unavailable: 14, unauthenticated: 16 };

const ROLES = {
  subscribe:
    'It needs pubsub.subscriptions.create, .consume and .delete in the project and pubsub.topics.attachSubscription on the topic: roles/pubsub.editor has them.',
  receive: 'It needs pubsub.subscriptions.consume in the project: roles/pubsub.subscriber has it.',
  publish:
    'It needs roles/pubsub.publisher on the topic: request_publishers or trigger_publishers of the Terraform module grants it.',
  connect: '',
};

/** The error of a person's words and a closed set of codes, made of an error of Pub/Sub or of the credentials. */
export function toClientError(thrown: unknown, attempt: Attempt): ClientError {
  if (thrown instanceof ClientError) return thrown;
  const { code, message } = thrown as { code?: unknown; message?: string };
  const { action, topic = '', emulatorHost } = attempt;
  const because = (kind: ClientErrorCode, text: string) => new ClientError(kind, text, { cause: thrown });
  const text = message ?? String(thrown);
  if (
    code === GRPC.unauthenticated ||
    /default credentials|invalid_grant|invalid_rapt|refresh access token/i.test(text)
  )
    return because(
      'NoCredentials',
      'There are no credentials that Google accepts. Run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS.',
    );
  if (/Unable to detect a Project Id/i.test(text))
    return because('NoProject', 'No project is named. Name it with --project, or set GOOGLE_CLOUD_PROJECT.');
  if (code === GRPC.notFound && action !== 'receive')
    return because(
      'NoTopic',
      `There is no topic ${topic}. Is lro-cancel deployed in this project, and under this prefix (--project, --prefix)?`,
    );
  if (code === GRPC.permissionDenied)
    return because(
      'NoPermission',
      `You may not ${action === 'publish' ? 'publish to' : 'subscribe to'} ${topic}. ${ROLES[action]}`,
    );
  if (code === GRPC.unavailable || code === GRPC.deadlineExceeded)
    return because(
      'Unreachable',
      emulatorHost === undefined
        ? 'Pub/Sub cannot be reached. Is this machine connected?'
        : `There is no Pub/Sub at ${emulatorHost}. Start it with \`npm start\`, or unset PUBSUB_EMULATOR_HOST.`,
    );
  return because('PubSub', `Pub/Sub refused to ${action}: ${text}`);
}
