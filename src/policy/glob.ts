/**
 * Patterns as people write them for names: `*` stands for any text without a slash, `**` for any text, `?` for
 * one character that is no slash; everything else stands for itself.
 */
export interface Glob {
  /** As it was written. */
  readonly pattern: string;
  matches(text: string): boolean;
}

/**
 * Compiles a pattern. The time a match takes grows with the product of both lengths and no faster, whatever
 * they are.
 */
export function compileGlob(pattern: string): Glob {
  const tokens = tokenize(pattern);
  return {
    pattern,
    matches: (text) => {
      // The places in the pattern that the text so far can have led to.
      let places = closure(new Set([0]), tokens);
      for (const character of text) {
        const next = new Set<number>();
        for (const place of places) {
          const token = tokens[place];
          if (token === undefined) continue;
          if (token.kind === 'any') {
            if (token.slashes || character !== '/') next.add(place);
          } else if (token.kind === 'one' ? character !== '/' : token.character === character) {
            next.add(place + 1);
          }
        }
        if (next.size === 0) return false;
        places = closure(next, tokens);
      }
      return places.has(tokens.length);
    },
  };
}

type Token =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'any'; readonly slashes: boolean };

function tokenize(pattern: string): readonly Token[] {
  return [...pattern.matchAll(/\*+|[^*]/gsu)].map(([text]): Token => {
    if (text.startsWith('*')) return { kind: 'any', slashes: text.length > 1 };
    return text === '?' ? { kind: 'one' } : { kind: 'character', character: text };
  });
}

/** What stands for any text may stand for none. */
function closure(places: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const place of places) if (tokens[place]?.kind === 'any') places.add(place + 1);
  return places;
}

/**
 * Whether a pattern can match the name of an operation at all: names have slashes, none of which they begin with but
 * for the two of a full name, and consist of what ids do. Regular expressions and URLs match nothing.
 */
export const canMatchName = (pattern: string) =>
  (pattern.includes('/') || pattern.includes('**')) &&
  !/^\/(?!\/)|^[a-z]+:\//.test(pattern) &&
  /^[A-Za-z0-9._~!$&'()+,=@:/*?-]+$/.test(pattern);
