import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributesOf, contextOf, dataOf, EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import { readMessage } from '../../src/messages/message.ts';
import { routeOf } from '../../src/messages/route.ts';

const base64 = (data: unknown) =>
  Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64');

/** An event as the framework makes it of a push to `/projects/p/topics/{topic}`. */
const pushed = (
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

const structured = (event: unknown, contentType = 'application/cloudevents+json; charset=utf-8') =>
  pushed(base64(event), { 'content-type': contentType });

const REQUEST = { operation: 'x' };
const EVENT = {
  specversion: '1.0',
  id: 'e1',
  source: '/me',
  type: EVENT_TYPE.request,
  time: '2026-11-20T11:00:00Z',
};

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
      { id: 'e1', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
    [
      'as a structured CloudEvent',
      structured({ ...EVENT, data: REQUEST }),
      { id: 'e1', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
    [
      'as a structured CloudEvent with binary data',
      structured({ ...EVENT, data_base64: base64(REQUEST) }),
      { id: 'e1', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
    [
      'as a CloudEvent posted as it is',
      { ...EVENT, datacontenttype: 'application/json', data: REQUEST },
      { id: 'e1', source: '/me', type: EVENT_TYPE.request, time: '2026-11-20T11:00:00.000Z' },
    ],
  ] as const) {
    it(`can come ${title}`, () => {
      const message = readMessage(event);
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
    it(`made at ${time} was made at ${expected}: what is no RFC 3339 gives way to the time of publishing`, () => {
      const event = pushed(base64(REQUEST), { 'ce-specversion': '1.0', 'ce-id': 'e1', 'ce-time': time });
      assert.equal(contextOf(readMessage(event)).time, expected);
    });
  }

  for (const [title, event, code, message] of [
    [
      'text that is no JSON',
      pushed(base64('cancel it')),
      'ValueError',
      'data: is not JSON: it should be an object such as {"operation": "https://…"} or {"sweep": "…"}',
    ],
    [
      'JSON that is cut off',
      pushed(base64('{"operation":')),
      'ValueError',
      'data: is not JSON: it should be an object such as {"operation": "https://…"} or {"sweep": "…"}',
    ],
    ['white space', pushed(base64('  ')), 'ValueError', 'data: is not JSON: it is empty'],
    [
      'bytes that are not UTF-8',
      pushed(Buffer.from([0x22, 0xff, 0x22]).toString('base64')),
      'ValueError',
      'data: is not JSON: it is not UTF-8',
    ],
    ['nothing', pushed(''), 'ValueError', 'data: missing; the message has no data'],
    [
      'attributes only, as the framework passes them on',
      { message: { attributes: { a: 'b' }, messageId: '77' }, subscription: 's' },
      'ValueError',
      'data: missing; the message has no data',
    ],
    [
      'another content type',
      pushed(base64('<x/>'), { 'ce-specversion': '1.0', 'content-type': 'text/xml' }),
      'ValueError',
      'content-type: must be application/json, not "text/xml"',
    ],
    [
      'another version of CloudEvents',
      structured({ ...EVENT, specversion: '0.3', data: REQUEST }),
      'ValueError',
      'specversion: must be 1.0, the version of CloudEvents that is read here',
    ],
    [
      'a structured CloudEvent without data',
      structured(EVENT),
      'ValueError',
      'data: missing; the CloudEvent carries no data',
    ],
    [
      'a structured CloudEvent that is an array',
      structured([]),
      'TypeError',
      'data: must be a CloudEvent, as its content-type says',
    ],
  ] as const) {
    it(`must not be ${title}`, () => {
      const read = readMessage(event);
      assert.equal(read.id, '77');
      assert.throws(() => dataOf(read), { code, message });
    });
  }
});

describe('whatever reaches the function', () => {
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
    it(`becomes a message with an id of its own, always the same: ${JSON.stringify(event)}`, () => {
      const { id } = readMessage(event);
      assert.match(id, /^unidentified-[0-9a-f]{32}$/);
      assert.equal(readMessage(event).id, id);
    });
  }

  it('has the same id however deep it is', () => {
    const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    assert.match(readMessage(deep(200_000)).id, /^unidentified-/);
    assert.match(readMessage({ message: { attributes: deep(200_000) } }).id, /^unidentified-/);
  });

  it('takes the id in either spelling of push bodies', () => {
    assert.equal(readMessage({ message: { message_id: '9' } }).id, '9');
  });
});

describe('a message is routed', () => {
  const topics = {
    requests: 'lro-cancel-requests',
    rechecks: 'projects/p/topics/again',
    results: 'lro-cancel-results',
    triggers: 'lro-cancel-triggers',
    deadLetters: 'lro-cancel-dead-letters',
  };
  const route = (event: unknown) => {
    const message = readMessage(event);
    return routeOf(message, contextOf(message), topics);
  };
  const OURS = { 'ce-source': 'urn:lro-cancel' };
  const DEAD = { CloudPubSubDeadLetterSourceSubscription: 's' };
  const typed = (type: string, topic?: string, others = {}) =>
    pushed(base64({}), { 'ce-specversion': '1.0', 'ce-id': 'i', 'ce-type': type, ...others }, topic);

  for (const [title, event, expected] of [
    ['by its topic', pushed(base64({})), 'request'],
    ['by a topic of a full name', pushed(base64({}), {}, 'again'), 'recheck'],
    ['by its topic, whatever its type', typed(EVENT_TYPE.request, 'again'), 'recheck'],
    ['to the triggers', pushed(base64({}), {}, 'lro-cancel-triggers'), 'trigger'],
    ['to the dead letters', typed(EVENT_TYPE.request, 'lro-cancel-dead-letters', DEAD), 'dead-letter'],
    ['by its type where the topic is not one of ours', typed(EVENT_TYPE.recheck, 'other'), 'recheck'],
    [
      'by its type where the framework does not know the topic',
      { ...typed(EVENT_TYPE.recheck), source: '//pubsub.googleapis.com/null' },
      'recheck',
    ],
    [
      'by the mark of a dead letter where the topic is unknown',
      typed(EVENT_TYPE.recheck, 'other', DEAD),
      'dead-letter',
    ],
    ['as a request where nothing says what it is', pushed(base64({}), {}, 'other'), 'request'],
    ['nowhere, if it came from the results', pushed(base64({}), {}, 'lro-cancel-results'), 'own-output'],
    [
      'nowhere, if it is a result, even as a dead letter',
      typed(EVENT_TYPE.result, 'lro-cancel-dead-letters', { ...DEAD, ...OURS }),
      'own-output',
    ],
    ['nowhere, if it is a report', typed(EVENT_TYPE.sweepReport, undefined, OURS), 'own-output'],
    ['by its topic, if somebody else gave it the type of a result', typed(EVENT_TYPE.result), 'request'],
  ] as const) {
    it(title, () => assert.equal(route(event), expected));
  }
});

describe('an event that is published', () => {
  it('has the whole context in its attributes', () => {
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
