import { filterTokens, invalidFilter, type FilterToken } from './filter-tokens.ts';
import { invalidArgument } from '../status-error.ts';

/** Whether a message with these attributes is delivered. */
type MessageFilter = (attributes: Readonly<Record<string, string>>) => boolean;

const maxFilterBytes = 256;
const reserved = new Set(['AND', 'OR', 'NOT']);

/**
 * A subscription's filter as a predicate; the empty filter lets everything through. The language is that of
 * cloud.google.com/pubsub/docs/subscription-message-filter: `attributes:key`, `attributes.key = "v"`, `!=`,
 * `hasPrefix(attributes.key, "p")`, AND, OR, NOT or `-`, and parentheses, without which AND and OR do not
 * mix. INVALID_ARGUMENT, with the place, if it is not of the language or longer than 256 bytes.
 */
export function parseMessageFilter(filter: string): MessageFilter {
  if (Buffer.byteLength(filter) > maxFilterBytes) {
    throw invalidArgument(`Invalid filter: longer than ${maxFilterBytes} bytes.`);
  }
  if (filter === '') return () => true;
  const tokens = filterTokens(filter);

  const fail = (expected: string) => invalidFilter(filter, tokens[0]?.at ?? filter.length, expected);
  const isNext = (text: string) => tokens[0]?.kind !== 'string' && tokens[0]?.text === text;
  const accept = (text: string) => isNext(text) && tokens.shift() !== undefined;
  const expect = (text: string) => {
    if (!accept(text)) throw fail(`"${text}"`);
  };
  const take = (expected: string, isExpected: (token: FilterToken) => boolean) => {
    const token = tokens[0];
    if (token === undefined || !isExpected(token)) throw fail(expected);
    tokens.shift();
    return token.text;
  };
  const key = () =>
    take('the key of an attribute', ({ kind, text }) => {
      return kind === 'string' || (kind === 'word' && !reserved.has(text));
    });
  const stringLiteral = () => take('a string in double quotes', ({ kind }) => kind === 'string');

  const comparison = (): MessageFilter => {
    if (accept(':')) {
      const name = key();
      return (attributes) => Object.hasOwn(attributes, name);
    }
    expect('.');
    const name = key();
    const negated = accept('!=');
    if (!negated) expect('=');
    const value = stringLiteral();
    // A message without the attribute is not equal: `!=` is the negation of `=`.
    return (attributes) => (valueOf(attributes, name) === value) !== negated;
  };
  const hasPrefix = (): MessageFilter => {
    for (const text of ['(', 'attributes', '.']) expect(text);
    const name = key();
    expect(',');
    const prefix = stringLiteral();
    expect(')');
    return (attributes) => valueOf(attributes, name)?.startsWith(prefix) ?? false;
  };
  const term = (): MessageFilter => {
    if (accept('NOT') || accept('-')) {
      const negated = term();
      return (attributes) => !negated(attributes);
    }
    if (accept('(')) {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (accept('hasPrefix')) return hasPrefix();
    if (accept('attributes')) return comparison();
    throw fail('"attributes", "hasPrefix", "NOT" or "("');
  };
  const expression = (): MessageFilter => {
    const terms = [term()];
    const isAnd = isNext('AND');
    while (accept(isAnd ? 'AND' : 'OR')) terms.push(term());
    if (isNext('AND') || isNext('OR')) throw fail('parentheses, since AND and OR do not mix without,');
    return isAnd
      ? (attributes) => terms.every((each) => each(attributes))
      : (attributes) => terms.some((each) => each(attributes));
  };

  const parsed = expression();
  if (tokens[0]?.kind !== 'end') throw fail('"AND", "OR" or the end');
  return parsed;
}

function valueOf(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}
