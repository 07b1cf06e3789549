import { accepts, advance, allows } from './name-template.ts';
import type { Template, UnknownText } from './name-template.ts';

/**
 * A pattern for names: `*` stands for any text without a slash, `**` for any text, `?` for one character that is no slash;
 * every other character stands for itself.
 *
 * A match is a run of the pattern as a nondeterministic automaton: it keeps all places in the pattern that the text so far
 * leads to. It takes at most time proportional to the product of both lengths. That is a security property: names come
 * from messages, and packages that compile globs to regular expressions do not promise it.
 */
export interface Glob {
  /** As it was written. */
  readonly pattern: string;
  matches(text: string): boolean;
  /**
   * Whether the pattern matches some name that the template stands for. Upper and lower case count as equal, because some
   * services take them as equal: in doubt, less is cancelled.
   */
  mayMatch(template: Template): boolean;
}

/** Compiles a pattern. */
export function compileGlob(pattern: string): Glob {
  const tokens = tokenize(pattern);
  const folded = tokenize(pattern.toLowerCase());
  const [beginning = ''] = pattern.toLowerCase().split('/', 1);
  const ending = pattern.slice(pattern.lastIndexOf('/') + 1).toLowerCase();
  /** Most templates differ from the pattern in their first or last segment, which cost the least to compare. */
  const first = /[*?]/.test(beginning) ? undefined : beginning;
  const last = ending.includes('**') ? undefined : tokenize(ending);
  return {
    pattern,
    matches: (text) => run(tokens, [text]),
    mayMatch: (template) => {
      const [start] = template;
      if (first !== undefined && typeof start === 'string' && start.toLowerCase() !== first) return false;
      const end = template.at(-1);
      if (last !== undefined && typeof end === 'string' && !run(last, [end.toLowerCase()])) return false;
      const parts = template.flatMap((segment, at) => {
        const part = typeof segment === 'string' ? segment.toLowerCase() : segment;
        return at === 0 ? [part] : ['/', part];
      });
      return run(folded, parts);
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

function run(tokens: readonly Token[], parts: readonly (string | UnknownText)[]): boolean {
  let places = closure(new Set([0]), tokens);
  for (const part of parts) {
    if (typeof part !== 'string') places = afterUnknown(places, part, tokens);
    else for (const character of part) places = afterCharacter(places, character, tokens);
    if (places.size === 0) return false;
  }
  return places.has(tokens.length);
}

function afterCharacter(places: ReadonlySet<number>, character: string, tokens: readonly Token[]) {
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
  return closure(next, tokens);
}

/** All places behind an unknown text: the pattern itself says which texts are worth trying. */
function afterUnknown(places: ReadonlySet<number>, unknown: UnknownText, tokens: readonly Token[]) {
  const reached = new Set<number>();
  const seen = new Set<string>();
  const open: { readonly place: number; readonly text: string | undefined }[] = [];
  const visit = (place: number, text: string | undefined) => {
    const key = `${place} ${text ?? '*'}`;
    if (seen.has(key)) return;
    seen.add(key);
    open.push({ place, text });
    if (accepts(unknown, text)) reached.add(place);
    // A wildcard may stand for no text.
    if (tokens[place]?.kind === 'any') visit(place + 1, text);
  };
  for (const place of places) visit(place, '');
  for (const { place, text } of open) {
    const token = tokens[place];
    if (token === undefined) continue;
    if (token.kind === 'any') visit(place, undefined);
    else if (token.kind === 'one') visit(place + 1, undefined);
    else if (allows(unknown, token.character)) visit(place + 1, advance(unknown, text, token.character));
  }
  return closure(reached, tokens);
}

/** Adds the places behind wildcards that may stand for no text. */
function closure(places: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const place of places) if (tokens[place]?.kind === 'any') places.add(place + 1);
  return places;
}
