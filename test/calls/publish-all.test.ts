import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_PORTION_BYTES, publishAll } from '../../src/calls/publish-all.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { fakeOwnProject } from '../support/fakes.ts';

const eventOf = (id: string, data: unknown): OutgoingEvent => ({
  id,
  type: 'lro-cancel.request.v1',
  subject: 's',
  time: '2026-11-20T12:00:00Z',
  data,
});

/** Publishes as many events of a text; the most events and bytes that were under way at once, and all that were published. */
async function publishTexts(count: number, text: string) {
  const published: string[] = [];
  let [events, bytes, mostEvents, mostBytes] = [0, 0, 0, 0];
  const publisher = {
    publish: async (_: string, event: OutgoingEvent) => {
      const size = Buffer.byteLength(JSON.stringify(event.data));
      [events, bytes] = [events + 1, bytes + size];
      [mostEvents, mostBytes] = [Math.max(mostEvents, events), Math.max(mostBytes, bytes)];
      await new Promise(setImmediate);
      [events, bytes] = [events - 1, bytes - size];
      published.push(event.id);
    },
  };
  const subjects = Array.from({ length: count }, (_, n) => `e${n}`);
  const delivery = { ownProject: fakeOwnProject };
  await publishAll(publisher, 'requests', subjects, (id) => eventOf(id, { text }), delivery);
  assert.deepEqual(published, subjects);
  return { mostEvents, mostBytes };
}

describe('publishing many events', () => {
  it('small events are published a hundred at a time, each once', async () => {
    assert.equal((await publishTexts(250, 'x')).mostEvents, 100);
  });

  for (const [title, text] of [
    ['long texts', 'x'.repeat(17_000)],
    ['control characters, which take six bytes each', '\u0001'.repeat(3_000)],
    ['characters of four bytes', '\u{1f600}'.repeat(5_000)],
  ] as const) {
    it(`no more than 512 KiB of large events are under way at once, and each is published once: ${title}`, async () => {
      const { mostEvents, mostBytes } = await publishTexts(100, text);
      assert.ok(mostBytes <= MAX_PORTION_BYTES, `${mostBytes} bytes`);
      assert.ok(mostEvents > 10);
    });
  }

  it('an event that is larger than a portion is published by itself', async () => {
    assert.equal((await publishTexts(3, 'x'.repeat(MAX_PORTION_BYTES))).mostEvents, 1);
  });
});
