import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkMessages } from '../../../../local/emulators/pubsub/api/message-limits.ts';
import { checkedSubscription } from '../../../../local/emulators/pubsub/api/subscription-settings.ts';
import { withUpdates } from '../../../../local/emulators/pubsub/api/subscription-update.ts';
import { parseResourceName } from '../../../../local/emulators/pubsub/resource-names.ts';
import {
  fromMs,
  type PubsubMessage,
  type Subscription,
} from '../../../../local/emulators/pubsub/wire-types.ts';
import { samplePublished, sampleSubscription } from './wire-samples.ts';

function attributes(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'v']));
}

function withData(sizeBytes: number) {
  return samplePublished({ data: Buffer.alloc(sizeBytes) });
}

describe('a publish request', () => {
  const mebibyte = 1024 * 1024;
  const cases: [string, PubsubMessage[], boolean][] = [
    ['one message with data', [withData(1)], true],
    ['one with attributes alone', [samplePublished({ attributes: { key: '' } })], true],
    ['an empty message among others', [withData(1), withData(0)], false],
    ['no message', [], false],
    ['a thousand messages', Array.from({ length: 1_000 }, () => withData(1)), true],
    ['a thousand and one messages', Array.from({ length: 1_001 }, () => withData(1)), false],
    ['a message of 10 MiB', [withData(10 * mebibyte)], true],
    ['a message of 10 MiB and a byte', [withData(10 * mebibyte + 1)], false],
    ['two messages of 6 MiB', [withData(6 * mebibyte), withData(6 * mebibyte)], false],
    ['100 attributes', [samplePublished({ attributes: attributes(100) })], true],
    ['101 attributes', [samplePublished({ attributes: attributes(101) })], false],
    ['a key of 256 bytes', [samplePublished({ attributes: { ['ü'.repeat(128)]: '' } })], true],
    ['a key of 258 bytes', [samplePublished({ attributes: { ['ü'.repeat(129)]: '' } })], false],
    ['an empty key', [samplePublished({ attributes: { '': 'v' } })], false],
    ['a reserved key', [samplePublished({ attributes: { google: 'v' } })], false],
    ['a key of the client library', [samplePublished({ attributes: { googclient_x: 'v' } })], true],
    ['a value of 1,024 bytes', [samplePublished({ attributes: { key: 'ü'.repeat(512) } })], true],
    ['a value of 1,026 bytes', [samplePublished({ attributes: { key: 'ü'.repeat(513) } })], false],
  ];
  for (const [what, messages, isAccepted] of cases) {
    it(`a publish request with ${what} is ${isAccepted ? 'accepted' : 'refused'}`, () => {
      if (isAccepted) checkMessages(messages);
      else assert.throws(() => checkMessages(messages), { status: 'INVALID_ARGUMENT' });
    });
  }
});

describe('the name of a topic', () => {
  for (const name of [
    'projects/p/topics/abc',
    'projects/d.com:p-1/topics/A-_.~+%9',
    `projects/p/topics/${'a'.repeat(255)}`,
  ]) {
    it(`the name of a topic may be ${name.slice(0, 50)}`, () => {
      assert.equal(parseResourceName(name, 'topics').shortName, name.split('/')[3]);
    });
  }
  const refused = [
    '',
    'abc',
    'projects/p/topics/ab',
    'projects/p/topics/1abc',
    'projects/p/topics/googly',
    'projects/p/topics/a b c',
    'projects/p/topics/abc/d',
    'projects//topics/abc',
    'projects/p/subscriptions/abc',
    `projects/p/topics/${'a'.repeat(256)}`,
  ];
  for (const name of refused) {
    it(`the name of a topic may not be ${name === '' ? 'empty' : name.slice(0, 50)}`, () => {
      assert.throws(() => parseResourceName(name, 'topics'), { status: 'INVALID_ARGUMENT' });
    });
  }
});

describe('the settings of a subscription', () => {
  const endpoint = (pushEndpoint: string) => ({ pushConfig: { pushEndpoint, attributes: {} } });
  const backOff = (minimumMs: number, maximumMs: number) => ({
    retryPolicy: { minimumBackoff: fromMs(minimumMs), maximumBackoff: fromMs(maximumMs) },
  });
  const deadLetter = (maxDeliveryAttempts: number) => ({
    deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/dead', maxDeliveryAttempts },
  });
  const cases: [string, Partial<Subscription>, 'accepted' | 'INVALID_ARGUMENT' | 'UNIMPLEMENTED'][] = [
    ['an ack deadline of 10 s', { ackDeadlineSeconds: 10 }, 'accepted'],
    ['an ack deadline of 600 s', { ackDeadlineSeconds: 600 }, 'accepted'],
    ['an ack deadline of 9 s', { ackDeadlineSeconds: 9 }, 'INVALID_ARGUMENT'],
    ['an ack deadline of 601 s', { ackDeadlineSeconds: 601 }, 'INVALID_ARGUMENT'],
    ['a backoff of fractions of a second', backOff(200, 1_500), 'accepted'],
    ['a backoff of 600 s', backOff(600_000, 600_000), 'accepted'],
    ['a backoff above 600 s', backOff(0, 600_001), 'INVALID_ARGUMENT'],
    ['a negative backoff', backOff(-1, 10_000), 'INVALID_ARGUMENT'],
    ['a minimum above the maximum', backOff(20_000, 10_000), 'INVALID_ARGUMENT'],
    ['5 attempts', deadLetter(5), 'accepted'],
    ['100 attempts', deadLetter(100), 'accepted'],
    ['4 attempts', deadLetter(4), 'INVALID_ARGUMENT'],
    ['101 attempts', deadLetter(101), 'INVALID_ARGUMENT'],
    ['an https endpoint', endpoint('https://example.com/push'), 'accepted'],
    ['an endpoint that is no URL', endpoint('example.com/push'), 'INVALID_ARGUMENT'],
    ['an endpoint of another scheme', endpoint('ftp://example.com/push'), 'INVALID_ARGUMENT'],
    ['a retention of 9 minutes', { messageRetentionDuration: fromMs(540_000) }, 'INVALID_ARGUMENT'],
    ['an expiration within the day', { expirationPolicy: { ttl: fromMs(3_600_000) } }, 'INVALID_ARGUMENT'],
    ['ordering', { enableMessageOrdering: true }, 'UNIMPLEMENTED'],
    ['exactly-once delivery', { enableExactlyOnceDelivery: true }, 'UNIMPLEMENTED'],
    ['an export', { bigqueryConfig: {} }, 'UNIMPLEMENTED'],
    [
      'an unwrapped push',
      { pushConfig: { pushEndpoint: '', attributes: {}, noWrapper: {} } },
      'UNIMPLEMENTED',
    ],
  ];
  for (const [what, settings, expected] of cases) {
    it(`a subscription with ${what} is ${expected === 'accepted' ? expected : `refused with ${expected}`}`, () => {
      const check = () => checkedSubscription(sampleSubscription(settings));
      if (expected === 'accepted') assert.deepEqual({ ...check(), ...settings }, check());
      else assert.throws(check, { status: expected });
    });
  }

  it('a subscription without settings gets the defaults of the service', () => {
    const checked = checkedSubscription(
      sampleSubscription({
        ackDeadlineSeconds: 0,
        retryPolicy: { minimumBackoff: null, maximumBackoff: null },
        ...deadLetter(0),
      }),
    );
    assert.equal(checked.ackDeadlineSeconds, 10);
    assert.deepEqual(checked.retryPolicy, backOff(10_000, 600_000).retryPolicy);
    assert.equal(checked.deadLetterPolicy?.maxDeliveryAttempts, 5);
    assert.deepEqual(checked.messageRetentionDuration, fromMs(7 * 86_400_000));
    assert.equal(checked.pushConfig?.pushEndpoint, '');
  });

  it('an update changes the settings that its mask names, and no others', () => {
    const given = sampleSubscription({ ackDeadlineSeconds: 60, labels: { a: 'b' }, ...deadLetter(7) });
    const updated = withUpdates(sampleSubscription(), given, ['ack_deadline_seconds', 'dead_letter_policy']);
    assert.deepEqual(updated, sampleSubscription({ ackDeadlineSeconds: 60, ...deadLetter(7) }));
  });

  for (const path of ['filter', 'topic', 'name', 'enable_message_ordering', 'constructor', 'pushConfig']) {
    it(`an update whose mask names "${path}" is refused`, () => {
      const update = () => withUpdates(sampleSubscription(), sampleSubscription(), [path]);
      assert.throws(update, { status: 'INVALID_ARGUMENT', message: new RegExp(path) });
    });
  }
});
