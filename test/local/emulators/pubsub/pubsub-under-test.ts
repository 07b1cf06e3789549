import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PubSub, v1, type CreateSubscriptionOptions, type protos } from '@google-cloud/pubsub';
import { credentials, type status } from '@grpc/grpc-js';
import { startEmbeddedPubSub } from '../../../../local/emulators/pubsub/embedded-pubsub.ts';
import { patienceMs } from './eventually.ts';

/** A push as the endpoint got it. */
interface Pushed {
  readonly body: {
    message: { data?: string; attributes?: Record<string, string>; messageId: string; publishTime: string };
    subscription: string;
  };
  readonly contentType: string | undefined;
  readonly atMs: number;
}

/** The text a push carries. */
export function textOf({ message }: Pushed['body']): string {
  return Buffer.from(message.data ?? '', 'base64').toString();
}

/**
 * Whether PUBSUB_EMULATOR_HOST names Google's own emulator, to be tested in place of the embedded Pub/Sub.
 */
export const isGooglesEmulator = process.env.PUBSUB_EMULATOR_HOST !== undefined;

/** A retry policy that a test has the time for. */
export const shortBackOff = {
  minimumBackoff: { nanos: 200_000_000 },
  maximumBackoff: { nanos: 400_000_000 },
};

/** The names of what a List method of the client library found. */
export async function namesIn(listed: Promise<[{ name: string }[], ...unknown[]]>): Promise<string[]> {
  const [resources] = await listed;
  return resources.map(({ name }) => name);
}

/** The ids of pulled messages. */
export function idsOf(received: protos.google.pubsub.v1.IReceivedMessage[]) {
  return received.map(({ message }) => message?.messageId);
}

/** Fails, naming the call, unless each is refused with this code. */
export async function assertRefused(refused: Record<string, () => Promise<unknown>>, code: status) {
  for (const [what, call] of Object.entries(refused)) {
    await assert.rejects(call, (error: Error & { code?: unknown }) => {
      assert.equal(error.code, code, `${what}: ${error.message}`);
      return true;
    });
  }
}

/** A Pub/Sub with its clients, in a project of this run's own. */
export type PubSubUnderTest = Awaited<ReturnType<typeof startPubSubUnderTest>>;

/** Connects to the emulator that PUBSUB_EMULATOR_HOST names, or starts an embedded Pub/Sub. */
export async function startPubSubUnderTest() {
  // The client looks for a metadata server, which a local machine has not; it warns, and takes a second.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  const projectId = `conformance-${Date.now().toString(36)}`;
  const embedded = isGooglesEmulator ? undefined : await startEmbeddedPubSub();
  process.env.PUBSUB_EMULATOR_HOST ??= embedded?.emulatorHost;
  const [servicePath = '', port] = (process.env.PUBSUB_EMULATOR_HOST ?? '').split(':');
  const pubsub = new PubSub({ projectId });
  const subscriber = new v1.SubscriberClient({
    servicePath,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    projectId,
  });
  const endpoints: Server[] = [];

  return {
    projectId,
    pubsub,
    subscriber,
    /** A topic with this id, and a subscription to it. */
    createPair: async (id: string, options: CreateSubscriptionOptions = {}) => {
      const [topic] = await pubsub.createTopic(id);
      const [subscription] = await topic.createSubscription(`${id}-subscription`, options);
      return { topic, subscription };
    },
    /** Pulls `count` messages, in as many calls as it takes. */
    pull: async (subscription: string, count: number) => {
      const received: protos.google.pubsub.v1.IReceivedMessage[] = [];
      const deadlineMs = Date.now() + patienceMs;
      while (received.length < count) {
        assert.ok(Date.now() < deadlineMs, `${received.length} of ${count} messages came to ${subscription}`);
        const [response] = await subscriber.pull({ subscription, maxMessages: count - received.length });
        received.push(...(response.receivedMessages ?? []));
      }
      return received;
    },
    nack: async (subscription: string, ackId: string) => {
      await subscriber.modifyAckDeadline({ subscription, ackIds: [ackId], ackDeadlineSeconds: 0 });
    },
    /** A push endpoint that answers with these statuses. */
    startEndpoint: async (answer: (push: Pushed) => number | Promise<number>) => {
      const pushed: Pushed[] = [];
      const server = createServer((request, response) => {
        void (async () => {
          const chunks: Buffer[] = [];
          for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
          const body = JSON.parse(Buffer.concat(chunks).toString()) as Pushed['body'];
          const push = { body, contentType: request.headers['content-type'], atMs: Date.now() };
          pushed.push(push);
          response.writeHead(await answer(push)).end();
        })();
      });
      endpoints.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port: endpointPort } = server.address() as AddressInfo;
      return { server, pushed, url: `http://127.0.0.1:${endpointPort}/projects/p/topics/t` };
    },
    close: async () => {
      await pubsub.close();
      await subscriber.close();
      for (const endpoint of endpoints) endpoint.close().closeAllConnections();
      await embedded?.close();
    },
  };
}
