import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createDeliveryQueue,
  type Demand,
  type RedeliveryPolicy,
} from '../../../../local/emulators/pubsub/broker/delivery-queue.ts';
import { redeliveryFloorMs } from '../../../../local/emulators/pubsub/broker/retry-backoff.ts';
import { createStoredMessage } from '../../../../local/emulators/pubsub/broker/stored-message.ts';
import { createVirtualTime } from '../../../support/virtual-time.ts';
import { sampleMessage } from './wire-samples.ts';

const demand: Demand = { maxMessages: 10, maxBytes: Infinity, ackDeadlineMs: 10_000 };
const atOnce: RedeliveryPolicy = { backOff: { minimumMs: 0, maximumMs: 0 }, maxDeliveryAttempts: undefined };

function setUp({ policy = atOnce, isForwarded = true } = {}) {
  const clock = createVirtualTime();
  const forwarded: string[] = [];
  const queue = createDeliveryQueue({
    clock,
    policy: () => policy,
    forwardDeadLetter: ({ messageId }, attempts) => {
      forwarded.push(`${messageId} after ${attempts}`);
      return isForwarded;
    },
  });
  const add = (...texts: string[]) => {
    queue.add(texts.map((text) => createStoredMessage(text, clock.now(), sampleMessage(text))));
  };
  const take = (overrides: Partial<Demand> = {}) => queue.take({ ...demand, ...overrides });
  const takeIds = (overrides?: Partial<Demand>) => take(overrides).map(({ message }) => message.messageId);
  return { clock, queue, forwarded, add, take, takeIds };
}

describe('a delivery queue', () => {
  it('the queue gives each message to one consumer, in order, and no more than it asks for', () => {
    const { add, takeIds } = setUp();
    add('a', 'b', 'c');
    assert.deepEqual(takeIds({ maxMessages: 2 }), ['a', 'b']);
    assert.deepEqual(takeIds(), ['c']);
    assert.deepEqual(takeIds(), []);
  });

  it('the queue gives no more bytes than a consumer asks for, but always one message', () => {
    const { add, takeIds } = setUp();
    add('long', 'x', 'y', 'z');
    assert.deepEqual(takeIds({ maxBytes: 2 }), ['long']);
    assert.deepEqual(takeIds({ maxBytes: 2 }), ['x', 'y']);
  });

  it('the queue forgets an acked message', () => {
    const { add, take, takeIds, queue, clock } = setUp();
    add('a');
    queue.settle([take()[0]!.ackId], 'acked');
    assert.deepEqual(clock.dueInMs(), []);
    clock.advance(60_000);
    assert.deepEqual(takeIds(), []);
  });

  it('the queue redelivers a message after its ack deadline, with a new ack id and the next attempt', () => {
    const { add, take, takeIds, clock } = setUp();
    add('a');
    const [first] = take();
    clock.advance(9_999);
    assert.deepEqual(takeIds(), []);
    clock.advance(1 + redeliveryFloorMs);
    const [second] = take();
    assert.equal(second?.message, first?.message);
    assert.notEqual(second?.ackId, first?.ackId);
    assert.deepEqual([first?.attempt, second?.attempt], [1, 2]);
  });

  it('the queue ignores the ack id of a delivery that has expired', () => {
    const { add, take, takeIds, queue, clock } = setUp();
    add('a');
    const [late] = take();
    clock.advance(10_000 + redeliveryFloorMs);
    const [current] = take();
    queue.settle([late!.ackId], 'acked');
    queue.settle([late!.ackId], 'nacked');
    queue.extend([late!.ackId], 600_000);
    clock.advance(10_000 + redeliveryFloorMs);
    assert.deepEqual(takeIds(), ['a'], 'the second delivery expired as if the late ack had not been');
    queue.settle([current!.ackId], 'acked');
  });

  it('the queue counts an extended ack deadline from the extension', () => {
    const { add, take, takeIds, queue, clock } = setUp();
    add('a');
    const [delivery] = take();
    clock.advance(9_000);
    queue.extend([delivery!.ackId], 30_000);
    clock.advance(29_999);
    assert.deepEqual(takeIds(), []);
    clock.advance(1 + redeliveryFloorMs);
    assert.deepEqual(takeIds(), ['a']);
  });

  it('each message rests between its deliveries as long as the backoff says', () => {
    const policy = { ...atOnce, backOff: { minimumMs: 1_000, maximumMs: 3_000 } };
    const { add, take, queue, clock } = setUp({ policy });
    const restsMs: number[] = [];
    add('a');
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      queue.settle([take()[0]!.ackId], 'nacked');
      const nackedAtMs = clock.now();
      const stop = queue.consume(() => restsMs.push(clock.now() - nackedAtMs));
      clock.advance(3_000);
      stop();
    }
    assert.deepEqual(restsMs, [1_000, 2_000, 3_000, 3_000]);
    add('b');
    assert.deepEqual(
      take({ maxMessages: 2 }).map(({ attempt }) => attempt),
      [5, 1],
    );
  });

  it('the queue forwards a message after its last attempt, nacked or expired, and forgets it', () => {
    const { add, take, queue, clock, forwarded } = setUp({ policy: { ...atOnce, maxDeliveryAttempts: 2 } });
    add('a');
    queue.settle([take()[0]!.ackId], 'nacked');
    clock.advance(redeliveryFloorMs);
    take();
    assert.deepEqual(forwarded, []);
    clock.advance(10_000);
    assert.deepEqual(forwarded, ['a after 2']);
    assert.deepEqual(clock.dueInMs(), []);
  });

  it('the queue continues to deliver a message that the dead letter topic did not take', () => {
    const policy = { ...atOnce, maxDeliveryAttempts: 1 };
    const { add, take, takeIds, queue, clock } = setUp({ policy, isForwarded: false });
    add('a');
    queue.settle([take()[0]!.ackId], 'nacked');
    clock.advance(redeliveryFloorMs);
    assert.deepEqual(takeIds(), ['a']);
  });

  it('the queue tells a consumer once how each delivery ended', () => {
    const { add, take, queue, clock } = setUp();
    const ends: string[] = [];
    add('a', 'b', 'c');
    const deliveries = take({ onSettled: ({ message }, how) => ends.push(`${message.messageId} ${how}`) });
    const [a, b] = deliveries.map(({ ackId }) => ackId);
    queue.settle([a!], 'acked');
    queue.settle([b!], 'nacked');
    queue.settle([a!, b!], 'acked');
    clock.advance(10_000);
    assert.deepEqual(ends, ['a acked', 'b nacked', 'c expired']);
  });

  it('the queue offers ready messages to its consumers in turn, until they leave', () => {
    const { add, queue, takeIds } = setUp();
    const taken: string[] = [];
    const consume = (name: string) =>
      queue.consume(() => taken.push(...takeIds({ maxMessages: 1 }).map((id) => `${name} ${id}`)));
    const leaveFirst = consume('first');
    consume('second');
    add('a');
    add('b');
    leaveFirst();
    add('c');
    assert.deepEqual(taken, ['first a', 'second b', 'second c']);
  });

  it('the queue keeps neither message nor timer after it is closed', () => {
    const { add, take, takeIds, queue, clock } = setUp();
    add('leased', 'rests', 'ready');
    const deliveries = take({ maxMessages: 2 });
    queue.settle([deliveries[1]!.ackId], 'nacked');
    assert.equal(clock.dueInMs().length, 2);
    queue.close();
    assert.deepEqual(clock.dueInMs(), []);
    assert.deepEqual(takeIds(), []);
  });
});
