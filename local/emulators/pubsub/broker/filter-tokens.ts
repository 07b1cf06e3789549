import { invalidArgument, type StatusError } from '../status-error.ts';

/** A token of a subscription's filter; `text` of a string is its value, without quotes and escapes. */
export interface FilterToken {
  readonly kind: 'string' | 'word' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const lexeme = /\s*(?:"(?<string>(?:[^"\\]|\\.)*)"|(?<symbol>!=|[=:.,()-])|(?<word>\w[\w-]*)|(?<end>$))/suy;
const escape = /\\(?:u([\da-f]{4})|x([\da-f]{2})|([0-7]{1,3})|(.))/gisu;
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' };

/**
 * Splits a filter into tokens, the last of kind `end`. Throws INVALID_ARGUMENT at text that is not a token.
 */
export function filterTokens(filter: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  lexeme.lastIndex = 0;
  for (;;) {
    const at = lexeme.lastIndex;
    const groups = lexeme.exec(filter)?.groups;
    if (groups === undefined)
      throw invalidFilter(filter, at, 'a word, an operator or a string in double quotes');
    const { string, symbol, word } = groups;
    if (string !== undefined) tokens.push({ kind: 'string', text: unescape(string), at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else return [...tokens, { kind: 'end', text: '', at }];
  }
}

/** The error of a filter: it names the place, and the token that was expected there. */
export function invalidFilter(filter: string, at: number, expected: string): StatusError {
  return invalidArgument(`Invalid filter: expected ${expected} at position ${at} of: ${filter}`);
}

function unescape(quoted: string): string {
  return quoted.replace(
    escape,
    (_: string, unicode?: string, hex?: string, octal?: string, other?: string) => {
      const hexadecimal = unicode ?? hex;
      if (hexadecimal !== undefined) return String.fromCharCode(parseInt(hexadecimal, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      return controls[other ?? ''] ?? other ?? '';
    },
  );
}
