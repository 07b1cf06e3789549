import { createBroker } from './broker/broker.ts';
import { systemClock } from './broker/clock.ts';
import { startGrpcServer } from './transport/grpc-server.ts';
import { createOperations } from './api/operations.ts';
import { createPush, maxOutstandingPushes } from './push/push.ts';
import { startRestServer } from './transport/rest-server.ts';

/**
 * A Pub/Sub inside this process, for development and tests: nothing to install, nothing kept after it is
 * closed. A message goes: operation (validates) → broker (stores, fans out) → subscription (filters) →
 * delivery queue (leases, redelivers, forwards to the dead letter topic) → pull, streaming pull or push.
 *
 * Features that it refuses with UNIMPLEMENTED: message ordering, exactly-once delivery, exports, schemas,
 * snapshots and seek, transforms, unwrapped push. Settings that it accepts without effect: it drops no
 * messages after the retention, expires no subscriptions, sends no tokens, asks for no credentials, and does
 * not slow down a push whose endpoint nacks (`push/push.ts`).
 */
export interface EmbeddedPubSub {
  /** For PUBSUB_EMULATOR_HOST: "127.0.0.1:PORT", the gRPC API. */
  readonly emulatorHost: string;
  /** "http://127.0.0.1:PORT", the REST API that gcloud and curl use. */
  readonly restUrl: string;
  close(): Promise<void>;
}

/**
 * Starts one on 127.0.0.1; a port that is 0 or absent is any free one. Rejects when a port is taken.
 *
 * `outstandingPushes` is how many messages of each pushed subscription may be under way at once, 64 by default.
 */
export async function startEmbeddedPubSub({
  grpcPort = 0,
  restPort = 0,
  outstandingPushes = maxOutstandingPushes,
}: { grpcPort?: number; restPort?: number; outstandingPushes?: number } = {}): Promise<EmbeddedPubSub> {
  const clock = systemClock;
  const push = createPush({ outstanding: outstandingPushes });
  const broker = createBroker({ clock, onSubscription: push.start });
  const operations = createOperations(broker, clock);
  const grpcServer = await startGrpcServer({ broker, operations, port: grpcPort });
  const restServer = await startRestServer({ operations, port: restPort }).catch((error: unknown) => {
    grpcServer.close();
    throw error;
  });
  return {
    emulatorHost: `127.0.0.1:${grpcServer.port}`,
    restUrl: `http://127.0.0.1:${restServer.port}`,
    close: () => {
      broker.close();
      push.close();
      grpcServer.close();
      restServer.close();
      return Promise.resolve();
    },
  };
}
