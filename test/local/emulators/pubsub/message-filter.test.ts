import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMessageFilter } from '../../../../local/emulators/pubsub/broker/message-filter.ts';

const attributes = {
  domain: 'com',
  region: 'us-east1',
  'iana.org/language_tag': 'en',
  quote: 'a"b\\c',
  'ce-type': 'x',
};

describe('a filter', () => {
  const matching: [string, boolean][] = [
    ['', true],
    ['attributes:domain', true],
    ['attributes:absent', false],
    ['attributes:toString', false],
    ['attributes : domain', true],
    ['attributes:"iana.org/language_tag"', true],
    ['attributes."iana.org/language_tag" = "en"', true],
    ['attributes.ce-type = "x"', true],
    ['attributes.domain = "com"', true],
    ['attributes.domain="COM"', false],
    ['attributes.domain != "com"', false],
    ['attributes.domain != "org"', true],
    ['attributes.absent != "org"', true],
    ['hasPrefix(attributes.region, "us-")', true],
    ['hasPrefix(attributes.region, "eu-")', false],
    ['hasPrefix(attributes.absent, "")', false],
    ['NOT attributes:domain', false],
    ['-attributes:domain', false],
    ['NOT NOT attributes:domain', true],
    ['NOT attributes:absent AND attributes:domain', true],
    ['attributes:domain AND attributes:region AND attributes:absent', false],
    ['attributes:absent OR attributes:nothing OR attributes:domain', true],
    ['attributes:domain AND (attributes:absent OR attributes:region)', true],
    ['NOT (attributes:domain OR attributes:absent)', false],
    [String.raw`attributes.quote = "a\"b\\c"`, true],
    [String.raw`attributes.domain = "\u0063\x6f\155"`, true],
  ];
  for (const [filter, expected] of matching) {
    it(`the filter ${filter === '' ? '""' : filter} ${expected ? 'matches the message' : 'drops the message'}`, () => {
      assert.equal(parseMessageFilter(filter)(attributes), expected);
    });
  }

  const refused: [string, RegExp][] = [
    ['domain', /position 0/],
    ['attributes', /expected "\."/],
    ['attributes:', /the key of an attribute/],
    ['attributes:AND', /the key of an attribute/],
    ['attributes.domain = com', /a string in double quotes/],
    ["attributes.domain = 'com'", /position 19/],
    ['attributes.domain = "com', /position 19/],
    ['attributes.domain > "com"', /position 17/],
    ['attributes.a.b = "com"', /expected "="/],
    ['hasPrefix(attributes:domain, "c")', /expected "\."/],
    ['hasPrefix(attributes.domain "c")', /expected ","/],
    ['(attributes:domain', /expected "\)"/],
    ['attributes:domain)', /"AND", "OR" or the end/],
    ['attributes:domain attributes:region', /"AND", "OR" or the end/],
    ['attributes:domain and attributes:region', /"AND", "OR" or the end/],
    ['attributes:domain AND', /expected "attributes"/],
    ['attributes:a AND attributes:b OR attributes:c', /parentheses/],
    ['NOT', /expected "attributes"/],
    ['   ', /expected "attributes"/],
    [`attributes:${'a'.repeat(250)}`, /longer than 256 bytes/],
  ];
  for (const [filter, reason] of refused) {
    it(`the filter ${filter.slice(0, 50)} is refused with the reason`, () => {
      assert.throws(() => parseMessageFilter(filter), { status: 'INVALID_ARGUMENT', message: reason });
    });
  }
});
