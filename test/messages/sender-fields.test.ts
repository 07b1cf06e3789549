import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRequest } from '../../src/messages/request.ts';
import { MAX_SENDER_BYTES } from '../../src/messages/sender-fields.ts';
import { URL_OF_NAME } from '../support/fakes.ts';

const labels = (length: number, value: string) =>
  Object.fromEntries(Array.from({ length }, (_, n) => [`k${n}`, value]));
const bytesOf = (fields: Record<string, unknown>) =>
  Object.entries(fields).reduce((sum, [name, value]) => sum + JSON.stringify({ [name]: value }).length, 0);

describe('the size of the fields that a result repeats', () => {
  for (const [title, field, fields] of [
    ['labels of control characters', 'labels', { reason: 'r', labels: labels(64, '\u0001'.repeat(1_024)) }],
    ['labels of quotes', 'labels', { labels: labels(10, '"'.repeat(1_000)) }],
    ['labels of astral characters', 'labels', { labels: labels(10, '\u{1f600}'.repeat(500)) }],
    [
      'a reason of control characters, and labels',
      'reason',
      { reason: '\u0001'.repeat(2_048), labels: labels(6, 'l'.repeat(1_000)) },
    ],
  ] as const) {
    for (const form of [
      { operation: URL_OF_NAME },
      { operations: [URL_OF_NAME] },
      { call: 'googleapis.notebooks.v2.projects.locations.operations.cancel', args: { name: 'n' } },
    ]) {
      it(`a request with ${title} is refused by the name of its largest field, in ${Object.keys(form)[0]}`, () => {
        const parsed = parseRequest({ ...form, ...fields, requestId: 'r-1' }, 'e');
        assert.ok(!parsed.ok);
        assert.match(
          parsed.failure.message,
          new RegExp(
            `^${field}: must be shorter: .* at most ${MAX_SENDER_BYTES} bytes of JSON together, not \\d+$`,
          ),
        );
        assert.equal(parsed.understood.requestId, 'r-1');
        assert.ok(bytesOf({ ...parsed.understood.echo }) <= MAX_SENDER_BYTES);
      });
    }
  }

  it('fields of 16 KiB of JSON together are accepted, and one byte more is not', () => {
    const rest = labels(15, 'l'.repeat(1_000));
    const free = MAX_SENDER_BYTES - bytesOf({ labels: rest }) - bytesOf({ reason: '' });
    assert.ok(parseRequest({ operation: URL_OF_NAME, labels: rest, reason: 'r'.repeat(free) }, 'e').ok);
    assert.ok(!parseRequest({ operation: URL_OF_NAME, labels: rest, reason: 'r'.repeat(free + 1) }, 'e').ok);
  });

  it('a request that is refused for another field repeats no more than 16 KiB', () => {
    const fields = { reason: 'why', labels: labels(64, '\u0001'.repeat(1_024)) };
    const parsed = parseRequest({ operation: 'x', dryRun: 1, ...fields }, 'e');
    assert.ok(!parsed.ok);
    assert.deepEqual(parsed.understood.echo, { reason: 'why' });
  });
});
