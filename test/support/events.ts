import { EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { readMessage } from '../../src/messages/message.ts';

/** The message of an event. Without an id of its own it has always the same. */
export const readEvent = (event: unknown) => readMessage(event, () => 'unidentified');

export const base64 = (data: unknown) =>
  Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64');

/** An event as the framework builds it from a push to `/projects/p/topics/{topic}`. */
export const pushed = (
  data: string | undefined,
  attributes: Record<string, string> = {},
  topic = 'lro-cancel-requests',
) => ({
  specversion: '1.0',
  id: '77',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source: `//pubsub.googleapis.com/projects/p/topics/${topic}`,
  time: '2026-11-20T12:00:00.000Z',
  data: { message: { data, attributes, messageId: '77', publishTime: '2026-11-20T12:00:00.000Z' } },
});

export const structured = (event: unknown, contentType = 'application/cloudevents+json; charset=utf-8') =>
  pushed(base64(event), { 'content-type': contentType });

export const REQUEST = { operation: 'x' };
export const EVENT = {
  specversion: '1.0',
  id: 'e1',
  source: '/me',
  type: EVENT_TYPE.request,
  time: '2026-11-20T11:00:00Z',
};
