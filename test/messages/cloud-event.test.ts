import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributesOf, contextOf, dataOf, EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { readMessage } from '../../src/messages/message.ts';
import { routeOf } from '../../src/messages/route.ts';
import { base64, EVENT, pushed, REQUEST, structured, readEvent } from '../support/events.ts';
import { itRefuses } from '../support/refusals.ts';
import { UNREADABLE_MESSAGES } from './data.refusals.ts';

describe('a request', () => {
  for (const [title, event, expected] of [
    ['as plain JSON', pushed(base64(REQUEST)), { id: '77', time: '2026-11-20T12:00:00.000Z' }],
    [
      'as a binary CloudEvent',
      pushed(base64(REQUEST), {
        'ce-specversion': '1.0',
        'ce-id': 'e1',
        'ce-source': '/me',
        'ce-type': EVENT_TYPE.request,
        'ce-time': '2026-11-20T11:00:00Z',
        'content-type': 'application/json; charset=utf-8',
      }),
      { id: 'e1 /me', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
    [
      'as a structured CloudEvent',
      structured({ ...EVENT, data: REQUEST }),
      { id: 'e1 /me', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
    [
      'as a structured CloudEvent with binary data',
      structured({ ...EVENT, data_base64: base64(REQUEST) }),
      { id: 'e1 /me', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
    [
      'as a CloudEvent posted as it is',
      { ...EVENT, datacontenttype: 'application/json', data: REQUEST },
      { id: 'e1 /me', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
  ] as const) {
    it(`a request can come ${title}`, () => {
      const message = readEvent(event);
      assert.deepEqual(dataOf(message), REQUEST);
      assert.deepEqual(contextOf(message), expected);
    });
  }

  for (const [time, expected] of [
    ['2026-11-20T12:00:00+02:00', '2026-11-20T10:00:00.000Z'],
    ['+020000-01-01T00:00:00Z', '2026-11-20T12:00:00.000Z'],
    ['-000001-01-01T00:00:00Z', '2026-11-20T12:00:00.000Z'],
    ['Jan 1 20000', '2026-11-20T12:00:00.000Z'],
    ['5', '2026-11-20T12:00:00.000Z'],
    ['9999-12-31T23:59:59-14:00', '2026-11-20T12:00:00.000Z'],
  ] as const) {
    it(`the time of a request with ce-time ${time} is ${expected}: the publish time replaces a time that is not RFC 3339`, () => {
      const event = pushed(base64(REQUEST), { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-time': time });
      assert.equal(contextOf(readEvent(event)).time, expected);
    });
  }

  itRefuses(UNREADABLE_MESSAGES, (title) => `the data of a message cannot be read: ${title}`);
});

describe('the id of a message', () => {
  for (const event of [
    null,
    undefined,
    5,
    '',
    'text',
    [],
    {},
    Buffer.from('bytes'),
    { message: null },
    { id: 5, type: 'x' },
    { data: { message: 'x' } },
  ]) {
    it(`an event without an id gets the id that is made for it: ${JSON.stringify(event)}`, () => {
      assert.equal(readMessage(event, () => 'made').id, 'made');
    });
  }

  it('an event without an id gets one, however deeply it is nested', () => {
    const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    assert.equal(readMessage(deep(200_000), () => 'made').id, 'made');
    assert.equal(readMessage({ message: { attributes: deep(200_000) } }, () => 'made').id, 'made');
  });

  it('the id of a message is read in either spelling of a push body', () => {
    assert.equal(readEvent({ message: { message_id: '9' } }).id, '9');
  });
});

describe('the route of a message', () => {
  const topics = {
    requests: 'lro-cancel-requests',
    rechecks: 'projects/p/topics/again',
    results: 'lro-cancel-results',
    triggers: 'lro-cancel-triggers',
    deadLetters: 'lro-cancel-dead-letters',
  };
  const route = (event: unknown) => {
    const message = readEvent(event);
    return routeOf(message, contextOf(message), topics);
  };
  const OWN_SOURCE = { 'ce-source': 'urn:lro-cancel' };
  const DEAD = { CloudPubSubDeadLetterSourceSubscription: 's' };
  const typed = (type: string, topic?: string, others = {}) =>
    pushed(base64({}), { 'ce-specversion': '1.0', 'ce-id': 'i', 'ce-type': type, ...others }, topic);

  for (const [title, event, expected] of [
    ['by its topic', pushed(base64({})), 'request'],
    ['by a topic that the settings name in full', pushed(base64({}), {}, 'again'), 'recheck'],
    ['by its topic, whatever another system calls it', typed('com.example.done', 'again'), 'recheck'],
    ['to the triggers by their topic', pushed(base64({}), {}, 'lro-cancel-triggers'), 'trigger'],
    [
      'to the dead letters by their topic',
      typed(EVENT_TYPE.request, 'lro-cancel-dead-letters', DEAD),
      'dead-letter',
    ],
    ['by its type if the topic is not one of the settings', typed(EVENT_TYPE.recheck, 'other'), 'recheck'],
    [
      'by its type if the framework does not know the topic',
      { ...typed(EVENT_TYPE.recheck), source: '//pubsub.googleapis.com/null' },
      'recheck',
    ],
    [
      'by the attributes of a dead letter if the topic is unknown',
      typed(EVENT_TYPE.recheck, 'other', DEAD),
      'dead-letter',
    ],
    ['as a request if neither its topic nor its type is known', pushed(base64({}), {}, 'other'), 'request'],
    [
      'nowhere if it came from the topic of results',
      pushed(base64({}), {}, 'lro-cancel-results'),
      'own-output',
    ],
    [
      'to the dead letters if it only has the type of a result',
      typed(EVENT_TYPE.result, 'lro-cancel-dead-letters', { ...DEAD, ...OWN_SOURCE }),
      'dead-letter',
    ],
    [
      'to its answer if it only has the type of a report',
      typed(EVENT_TYPE.sweepReport, undefined, OWN_SOURCE),
      'misplaced',
    ],
    ['to its answer if it has the type of a result', typed(EVENT_TYPE.result), 'misplaced'],
  ] as const) {
    it(`a message is routed ${title}`, () => assert.equal(route(event), expected));
  }
});

describe('a published event', () => {
  it('a published event has its whole context in its attributes', () => {
    const attributes = attributesOf({
      id: 'i',
      type: EVENT_TYPE.result,
      subject: '//s/n',
      time: '2026-11-20T12:00:00.000Z',
      data: {},
      attributes: { outcome: 'CANCELLED' },
    });
    assert.deepEqual(attributes, {
      outcome: 'CANCELLED',
      'ce-specversion': '1.0',
      'ce-id': 'i',
      'ce-source': 'urn:lro-cancel',
      'ce-type': 'lro-cancel.result.v1',
      'ce-subject': '//s/n',
      'ce-time': '2026-11-20T12:00:00.000Z',
      'content-type': 'application/json',
    });
  });
});
