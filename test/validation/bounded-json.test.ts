import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findField, hasAtMost, shortFieldsOf } from '../../src/validation/bounded-json.ts';

const bytes = (text: string) => Buffer.from(text);
const padded = (text: string) => bytes(text + ' '.repeat(300_000));

describe('bounds of JSON', () => {
  for (const [text, values] of [
    ['[1,2,3]', 4],
    ['{"a":[{}],"b":"[,{\\"["}', 5],
    ['"[[[[,,,,\\\\"', 1],
    ['[[[[', 5],
  ] as const) {
    it(`the values of a text are counted, and not the characters of its strings: ${text}`, () => {
      assert.ok(hasAtMost(values, padded(text)));
      assert.ok(!hasAtMost(values - 1, padded(text)));
    });
  }

  it('the short fields of a text are read, and its long ones are not', () => {
    const text = JSON.stringify({
      long: 'x'.repeat(1_000),
      requestId: 'r, {"',
      labels: { a: ['b'] },
      last: 1,
    });
    assert.deepEqual(shortFieldsOf(bytes(text), 100), { requestId: 'r, {"', labels: { a: ['b'] }, last: 1 });
  });

  for (const text of ['', '[1,2]', '{"a', '{]', '"a":1', '{"a":1,,"b"}x', '\\"']) {
    it(`a text that is no object has no fields but those that can be read: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(shortFieldsOf(bytes(text), 100), text.includes('"a":1,') ? { a: 1 } : {});
    });
  }

  it('a field is found by its name, the last of two, within another', () => {
    const text = bytes('{"message" : {"data": "x", "a": {"data": 2}, "data":"y"},"data":3}');
    const shown = (span: ReturnType<typeof findField>) => span && text.toString('utf8', span.start, span.end);
    assert.equal(shown(findField(text, 'data')), '3');
    assert.equal(shown(findField(text, 'data', findField(text, 'message'))), '"y"');
    assert.equal(findField(text, 'other'), undefined);
  });
});
