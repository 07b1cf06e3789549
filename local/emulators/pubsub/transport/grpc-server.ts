import {
  Server,
  ServerCredentials,
  type handleUnaryCall,
  status,
  type ServerDuplexStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import type { Broker } from '../broker/broker.ts';
import type { Operation, Operations } from '../api/operations.ts';
import { serviceDefinition } from './service-definition.ts';
import { toStatusError } from '../status-error.ts';
import { serveStreamingPull } from '../api/streaming-pull.ts';
import type { StreamingPullRequest } from '../wire-types.ts';

// More than a publish request may have, so that the operation can report the error. Beyond it, grpc-js
// answers RESOURCE_EXHAUSTED.
const maxRequestBytes = 32 * 1024 * 1024;

/** A server that listens, and how to stop it at once. */
export interface ListeningServer {
  readonly port: number;
  close(): void;
}

/** Serves google.pubsub.v1 on 127.0.0.1. Methods without an operation answer UNIMPLEMENTED. */
export async function startGrpcServer({
  broker,
  operations,
  port,
}: {
  broker: Broker;
  operations: Operations;
  port: number;
}): Promise<ListeningServer> {
  const server = new Server({ 'grpc.max_receive_message_length': maxRequestBytes });
  const { publisher, subscriber } = operations;
  server.addService(service('google.pubsub.v1.Publisher'), unaryHandlers(publisher));
  server.addService(service('google.pubsub.v1.Subscriber'), {
    ...unaryHandlers(subscriber),
    StreamingPull: (call: ServerDuplexStream<StreamingPullRequest, object>) => {
      streamingPull(broker, call);
    },
  });
  const boundPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port: boundPort,
    close: () => {
      server.forceShutdown();
    },
  };
}

function service(name: string): ServiceDefinition {
  return serviceDefinition[name] as ServiceDefinition;
}

function unaryHandlers(operations: Readonly<Record<string, Operation>>) {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, unary(operation)]));
}

function unary(operation: Operation): handleUnaryCall<object, object> {
  return (call, callback) => {
    const cancelled = new AbortController();
    call.on('cancelled', () => {
      cancelled.abort();
    });
    const answer = async () => operation(call.request, cancelled.signal);
    answer().then(
      (response) => callback(null, response),
      (thrown: unknown) => {
        callback(grpcError(thrown));
      },
    );
  };
}

function streamingPull(broker: Broker, call: ServerDuplexStream<StreamingPullRequest, object>) {
  serveStreamingPull(broker, {
    send: (response) => call.write(response),
    onRequest: (callback) => call.on('data', callback),
    onDrain: (callback) => call.on('drain', callback),
    onClosed: (callback) => {
      call.on('end', callback);
      call.on('cancelled', callback);
    },
    end: () => {
      call.end();
    },
    fail: (error) => {
      call.emit('error', grpcError(error));
    },
  });
}

function grpcError(thrown: unknown) {
  const { status: name, message } = toStatusError(thrown);
  return { code: status[name], details: message };
}
