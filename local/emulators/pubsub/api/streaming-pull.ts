import type { Broker } from '../broker/broker.ts';
import { checkPullable, maxResponseBytes, toReceivedMessage } from './pull.ts';
import { invalidArgument, toStatusError } from '../status-error.ts';
import type { Demand } from '../broker/delivery-queue.ts';
import type { LiveSubscription } from '../broker/subscription.ts';
import type { StreamingPullRequest } from '../wire-types.ts';

/** The server's end of one StreamingPull. */
export interface PullStream {
  /** False when the client reads too slowly; then `onDrain` says when it is ready again. */
  send(response: object): boolean;
  onRequest(callback: (request: StreamingPullRequest) => void): void;
  onDrain(callback: () => void): void;
  /** The client has no more to say (`end`), or is gone. */
  onClosed(callback: () => void): void;
  end(): void;
  fail(error: Error): void;
}

const maxMessagesPerResponse = 1_000;

/**
 * Serves one stream. Its first request names the subscription and the flow control; every request may carry
 * acks and deadline changes. Messages that a closed stream had received stay leased until their deadline, as
 * with the service.
 */
export function serveStreamingPull(broker: Broker, stream: PullStream): void {
  let serve: ((request: StreamingPullRequest) => void) | undefined;
  let stop = () => {};
  const finish = (finally_: () => void) => {
    stop();
    stop = () => {};
    finally_();
  };
  const fail = (thrown: unknown) => {
    finish(() => {
      stream.fail(toStatusError(thrown));
    });
  };

  stream.onRequest((request) => {
    try {
      if (serve === undefined) {
        const subscription = broker.subscription(request.subscription);
        checkPullable(subscription);
        const served = serveSubscription(subscription, request, stream, fail);
        serve = served.onRequest;
        stop = served.stop;
      }
      serve(request);
    } catch (error) {
      fail(error);
    }
  });
  stream.onClosed(() => {
    finish(() => {
      stream.end();
    });
  });
}

function serveSubscription(
  subscription: LiveSubscription,
  first: StreamingPullRequest,
  stream: PullStream,
  fail: (error: unknown) => void,
) {
  const { queue, ended } = subscription;
  const maxOutstandingMessages = limit(first.maxOutstandingMessages);
  const maxOutstandingBytes = limit(first.maxOutstandingBytes);
  let ackDeadlineMs = streamDeadlineMs(first.streamAckDeadlineSeconds);
  let outstandingMessages = 0;
  let outstandingBytes = 0;
  let isWritable = true;

  const onSettled: Demand['onSettled'] = ({ message }) => {
    outstandingMessages -= 1;
    outstandingBytes -= message.sizeBytes;
  };
  const leave = queue.consume(() => {
    if (!isWritable || outstandingBytes >= maxOutstandingBytes) return;
    const deliveries = queue.take({
      maxMessages: Math.min(maxOutstandingMessages - outstandingMessages, maxMessagesPerResponse),
      maxBytes: Math.min(maxOutstandingBytes - outstandingBytes, maxResponseBytes),
      ackDeadlineMs,
      onSettled,
    });
    if (deliveries.length === 0) return;
    for (const { message } of deliveries) {
      outstandingMessages += 1;
      outstandingBytes += message.sizeBytes;
    }
    isWritable = stream.send({
      receivedMessages: deliveries.map((delivery) => toReceivedMessage(delivery, subscription.settings)),
      subscriptionProperties: { exactlyOnceDeliveryEnabled: false, messageOrderingEnabled: false },
    });
  });
  stream.onDrain(() => {
    isWritable = true;
    queue.offer();
  });
  const onEnded = () => {
    fail(ended.reason);
  };
  ended.addEventListener('abort', onEnded);

  return {
    onRequest: (request: StreamingPullRequest) => {
      const { ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds } = request;
      if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length) {
        throw invalidArgument('modify_deadline_seconds and modify_deadline_ack_ids differ in length.');
      }
      if (request.streamAckDeadlineSeconds !== 0) {
        ackDeadlineMs = streamDeadlineMs(request.streamAckDeadlineSeconds);
      }
      queue.settle(ackIds, 'acked');
      modifyDeadlineAckIds.forEach((ackId, index) => {
        const seconds = modifyDeadlineSeconds[index] ?? 0;
        if (seconds === 0) queue.settle([ackId], 'nacked');
        else queue.extend([ackId], seconds * 1000);
      });
    },
    stop: () => {
      leave();
      ended.removeEventListener('abort', onEnded);
    },
  };
}

// pubsub.proto, StreamingPullRequest: 0 or less is no limit.
function limit(given: string): number {
  return Number(given) > 0 ? Number(given) : Infinity;
}

function streamDeadlineMs(seconds: number): number {
  if (seconds >= 10 && seconds <= 600) return seconds * 1000;
  throw invalidArgument(`Invalid stream_ack_deadline_seconds: ${seconds} is not within 10 and 600.`);
}
