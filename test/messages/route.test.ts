import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contextOf } from '../../src/messages/cloud-event.ts';
import { routeOf } from '../../src/messages/route.ts';
import { readEvent } from '../support/events.ts';

const TOPICS = {
  requests: 'in',
  rechecks: 'again',
  results: 'out',
  triggers: 'projects/p/topics/start',
  deadLetters: 'dead',
};
const DEAD = { CloudPubSubDeadLetterSourceSubscription: 's' };

/** The route of a message with this topic and these attributes. */
function route(topic: string | undefined, attributes: Record<string, string>) {
  const message = readEvent({
    id: 'm',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: topic === undefined ? 'null' : `//pubsub.googleapis.com/projects/p/topics/${topic}`,
    data: { message: { messageId: 'm', attributes } },
  });
  return routeOf(message, contextOf(message), TOPICS);
}

describe('the route of a message by topic and attributes', () => {
  for (const [topic, attributes, expected] of [
    ['in', {}, 'request'],
    ['in', { 'ce-type': 'lro-cancel.recheck.v1' }, 'request'],
    ['in', { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'request'],
    ['in', { 'ce-type': 'lro-cancel.trigger.v1' }, 'request'],
    ['again', {}, 'recheck'],
    ['again', { 'ce-type': 'lro-cancel.request.v1' }, 'recheck'],
    ['again', { 'ce-type': 'lro-cancel.trigger.v1' }, 'recheck'],
    ['again', { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'sweep-run'],
    ['again', { 'ce-type': 'lro-cancel.idempotency-record.v1' }, 'idempotency-record'],
    ['start', {}, 'trigger'],
    ['start', { 'ce-type': 'lro-cancel.request.v1' }, 'trigger'],
    ['dead', { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'dead-letter'],
    ['out', {}, 'own-output'],
    ['in', { 'ce-type': 'lro-cancel.result.v1', 'ce-source': 'urn:lro-cancel' }, 'own-output'],
    ['in', { 'ce-type': 'lro-cancel.sweep.v1', 'ce-source': 'urn:lro-cancel' }, 'own-output'],
    ['in', { 'ce-type': 'lro-cancel.sweep.v1', 'ce-source': '/somebody' }, 'request'],
    ['unheard-of', {}, 'request'],
    [undefined, {}, 'request'],
    [undefined, { 'ce-type': 'lro-cancel.recheck.v1' }, 'recheck'],
    [undefined, { 'ce-type': 'lro-cancel.trigger.v1' }, 'trigger'],
    [undefined, { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'sweep-run'],
    [undefined, { 'ce-type': 'lro-cancel.idempotency-record.v1' }, 'idempotency-record'],
    [undefined, { ...DEAD, 'ce-type': 'lro-cancel.recheck.v1' }, 'dead-letter'],
    // Properties that every object of JavaScript has must not be taken for listed types.
    [undefined, { 'ce-type': '__proto__' }, 'request'],
    ['again', { 'ce-type': 'constructor' }, 'recheck'],
  ] as const) {
    it(`a message on ${topic ?? 'an unknown topic'} with ${JSON.stringify(attributes)} is routed as ${expected}`, () => {
      assert.equal(route(topic, attributes), expected);
    });
  }
});
