import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contextOf } from '../../src/messages/cloud-event.ts';
import { readTrace } from '../../src/messages/trace-context.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a trace context', () => {
  it('a trace context has a parent, and a state if the event has a valid one', () => {
    assert.deepEqual(readTrace(PARENT, 'congo=t61rcWkgMzE'), {
      traceparent: PARENT,
      tracestate: 'congo=t61rcWkgMzE',
    });
    assert.deepEqual(readTrace(PARENT, undefined), { traceparent: PARENT });
    assert.deepEqual(readTrace(PARENT, 'x'.repeat(513)), { traceparent: PARENT });
    assert.deepEqual(readTrace(PARENT, 'line\nbreak'), { traceparent: PARENT });
  });

  for (const text of [
    undefined,
    '',
    'x',
    PARENT.toUpperCase(),
    PARENT.replace('00-', 'ff-'),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    `${PARENT}\n`,
  ]) {
    it(`the traceparent ${JSON.stringify(text)} is ignored`, () =>
      assert.equal(readTrace(text, undefined), undefined));
  }

  const bytes = (json: unknown) => ({ kind: 'bytes', bytes: Buffer.from(JSON.stringify(json)) }) as const;
  for (const [where, attributes, data] of [
    ['an event in binary mode', { 'ce-traceparent': PARENT }, {}],
    [
      'an event in structured mode',
      { 'content-type': 'application/cloudevents+json' },
      { traceparent: PARENT },
    ],
    ['a message of Google’s client library', { googclient_traceparent: PARENT }, {}],
  ] as const) {
    it(`a trace context is read from ${where}`, () => {
      assert.equal(contextOf({ id: 'm', attributes, payload: bytes(data) }).trace?.traceparent, PARENT);
    });
  }
});
