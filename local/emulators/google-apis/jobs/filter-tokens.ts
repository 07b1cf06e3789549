/** A piece of a filter; `text` is a quoted value, `word` anything else that is no sign. */
export interface FilterToken {
  readonly is: 'word' | 'text' | 'sign';
  readonly value: string;
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(<=|>=|!=|[=<>:()])|([^\s"'=<>!:()]+))/y;

/** Cuts a filter of AIP-160 into its pieces; undefined where something is not closed. */
export function filterTokens(filter: string): FilterToken[] | undefined {
  const tokens: FilterToken[] = [];
  const text = filter.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const [, quoted, sign, word] = match;
    if (quoted !== undefined) tokens.push({ is: 'text', value: quoted.slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (sign !== undefined) tokens.push({ is: 'sign', value: sign });
    else tokens.push({ is: 'word', value: word ?? '' });
  }
  return tokens;
}
