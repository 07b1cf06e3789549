import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEvent } from '../support/events.ts';

describe('the project of a message', () => {
  const pushed = (source: string) => ({
    id: '1',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source,
    data: {
      message: { data: 'e30=', messageId: '1' },
      subscription: 'projects/of-subscription/subscriptions/s',
    },
  });
  for (const [title, event, project] of [
    ['is that of its topic', pushed('//pubsub.googleapis.com/projects/of-topic/topics/t'), 'of-topic'],
    [
      'is that of its subscription if the topic is unknown',
      pushed('//pubsub.googleapis.com/null'),
      'of-subscription',
    ],
    [
      'is that of its subscription if the framework passes on the bare push body',
      {
        message: { attributes: { a: 'b' }, messageId: '1' },
        subscription: 'projects/of-subscription/subscriptions/s',
      },
      'of-subscription',
    ],
    ['is unknown if it has neither', { message: { messageId: '1' }, subscription: 5 }, undefined],
  ] as const) {
    it(`the project of a message ${title}`, () => assert.equal(readEvent(event).project, project));
  }
});
