/**
 * Name patterns in the form of google.api.http path templates: `operations/**`. `*` stands for one segment,
 * `**` for one or more; what stands in square brackets in front may be absent.
 */

/**
 * What a segment of a resource name may consist of: RFC 3986's unreserved characters and those sub-delimiters
 * that real ids contain (`(default)`, base64's `=`). No percent sign, so nothing can be encoded; no colon, so
 * nothing can be a custom method; no semicolon, which some servers read as the end of a segment.
 */
const ID = /^[A-Za-z0-9._~!$&'()+,=@-]+$/;
/** A project's id may be domain-scoped, as `example.com:my-project`, and is the one place for a colon. */
const PROJECT = /^(?:[a-z0-9.-]+:)?[A-Za-z0-9-]+$/;
/** Dots alone are path segments to some servers and proxies, never ids. */
const DOTS = /^\.{1,2}$/;

/** Finds what belongs to the pattern that a name matches, in a time that depends on the name alone. */
export type NameIndex<T> = (name: string) => T | undefined;

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  anything?: Node<T>;
  /** What a name that ends here belongs to. */
  value?: T;
  /** What a name belongs to that goes on with any segments. */
  rest?: T;
}

const createNode = <T>(): Node<T> => ({ literals: new Map() });

/** Indexes patterns; where a name matches several, a literal segment goes before a wildcard. */
export function indexPatterns<T>(entries: Iterable<readonly [pattern: string, value: T]>): NameIndex<T> {
  const root = createNode<T>();
  for (const [pattern, value] of entries) {
    for (const form of formsOf(pattern)) insert(root, form.split('/'), value);
  }
  return (name) => find(root, name.split('/'), 0);
}

// `[a/*/]b/*` is both `a/*/b/*` and `b/*`.
function formsOf(pattern: string): readonly string[] {
  const [, optional, rest] = /^\[([^\]]*)\](.*)$/.exec(pattern) ?? [];
  return optional === undefined || rest === undefined ? [pattern] : [optional + rest, rest];
}

function insert<T>(root: Node<T>, segments: readonly string[], value: T): void {
  let node = root;
  for (const segment of segments) {
    if (segment === '**') {
      node.rest ??= value;
      return;
    }
    const next = segment === '*' ? node.anything : node.literals.get(segment);
    const child: Node<T> = next ?? createNode<T>();
    if (segment === '*') node.anything = child;
    else node.literals.set(segment, child);
    node = child;
  }
  node.value ??= value;
}

function find<T>(node: Node<T>, segments: readonly string[], index: number): T | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.value;
  const literal = node.literals.get(segment);
  const byLiteral = literal === undefined ? undefined : find(literal, segments, index + 1);
  if (byLiteral !== undefined) return byLiteral;
  if (node.anything !== undefined && isId(segment, segments[index - 1])) {
    const byWildcard = find(node.anything, segments, index + 1);
    if (byWildcard !== undefined) return byWildcard;
  }
  return node.rest !== undefined && segments.slice(index).every((id) => isId(id)) ? node.rest : undefined;
}

const isId = (segment: string, before?: string) =>
  (before === 'projects' ? PROJECT : ID).test(segment) && !DOTS.test(segment);

/** Writes what stands for the wildcards of one pattern into another that has the same. */
export function transfer(name: string, from: string, to: string): string {
  const segments = name.split('/');
  const values = from.split('/').flatMap((segment, index) => (segment === '*' ? [segments[index]] : []));
  return to.replace(/\*/g, () => values.shift() ?? '');
}
