/**
 * A pattern for names: `*` stands for any text without a slash, `**` for any text, `?` for one character that is no slash;
 * every other character stands for itself.
 */
export interface Glob {
  /** As it was written. */
  readonly pattern: string;
  matches(text: string): boolean;
}

/**
 * Compiles a pattern. A match takes at most time proportional to the product of both lengths. That is a security property:
 * names come from messages, and packages that compile globs to regular expressions do not promise it.
 */
export function compileGlob(pattern: string): Glob {
  const tokens = tokenize(pattern);
  return {
    pattern,
    matches: (text) => {
      // All places in the pattern that the text so far leads to.
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

/** Adds the places behind wildcards that may stand for no text. */
function closure(places: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const place of places) if (tokens[place]?.kind === 'any') places.add(place + 1);
  return places;
}

/**
 * Whether a pattern can match a name at all. Names consist of the characters of ids and of slashes, and begin with a slash
 * only in the two of a full name. Regular expressions and URLs match nothing.
 */
export const canMatchName = (pattern: string) =>
  (pattern.includes('/') || pattern.includes('**')) &&
  !/^\/(?!\/)|^[a-z]+:\//.test(pattern) &&
  /^[A-Za-z0-9._~!$&'()+,=@:/*?-]+$/.test(pattern);
