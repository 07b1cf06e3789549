import * as http from 'node:http';
import * as https from 'node:https';
import type { Delivery } from '../broker/delivery-queue.ts';
import { pushBody } from './push-body.ts';
import type { LiveSubscription } from '../broker/subscription.ts';

// cloud.google.com/pubsub/docs/push#receive_push. 102 is informational, and comes before the response.
const acknowledging = new Set([200, 201, 202, 204]);
const processing = 102;

/** Default number of messages of one subscription that are pushed at the same time. */
export const maxOutstandingPushes = 64;

/** POSTs messages to the endpoints of subscriptions. */
export interface Push {
  /** Pushes the subscription's messages whenever it has an endpoint, until it ends. */
  readonly start: (subscription: LiveSubscription) => void;
  /** Closes the connections. */
  readonly close: () => void;
}

/**
 * The push, over kept-alive connections. The endpoint is read at each delivery, so a change holds for
 * redeliveries. Not simulated: the backoff of the service for a whole subscription whose endpoint nacks
 * (cloud.google.com/pubsub/docs/push#push_backoff: 100 ms to 60 s, on top of the retry policy), its slow
 * start, and the OIDC token of an authenticated push.
 */
export function createPush({ outstanding: most = maxOutstandingPushes } = {}): Push {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true }),
  };

  const post = (endpoint: string, body: string, settle: (isAck: boolean) => void) => {
    const url = new URL(endpoint);
    const isHttps = url.protocol === 'https:';
    const request = (isHttps ? https : http).request(url, {
      method: 'POST',
      agent: agents[isHttps ? 'https:' : 'http:'],
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    request.on('information', ({ statusCode }) => {
      if (statusCode === processing) settle(true);
    });
    request.on('response', (response) => {
      response.on('end', () => settle(acknowledging.has(response.statusCode ?? 0)));
      response.on('error', () => settle(false));
      response.resume();
    });
    request.on('error', () => settle(false));
    request.end(body);
    return request;
  };

  return {
    start: (subscription) => {
      const { queue, ended } = subscription;
      const outstanding = new Map<string, http.ClientRequest>();

      const deliver = (delivery: Delivery, endpoint: string) => {
        const request = post(endpoint, pushBody(delivery, subscription.settings), (isAck) => {
          queue.settle([delivery.ackId], isAck ? 'acked' : 'nacked');
        });
        outstanding.set(delivery.ackId, request);
      };

      queue.consume(() => {
        const { pushConfig, ackDeadlineSeconds } = subscription.settings;
        if (pushConfig === null || pushConfig.pushEndpoint === '') return;
        const deliveries = queue.take({
          maxMessages: most - outstanding.size,
          maxBytes: Infinity,
          ackDeadlineMs: ackDeadlineSeconds * 1000,
          onSettled: ({ ackId }, settlement) => {
            // No answer within the ack deadline is a nack; the connection is given up.
            if (settlement === 'expired') outstanding.get(ackId)?.destroy();
            outstanding.delete(ackId);
          },
        });
        for (const delivery of deliveries) deliver(delivery, pushConfig.pushEndpoint);
      });
      ended.addEventListener('abort', () => {
        for (const request of outstanding.values()) request.destroy();
      });
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
