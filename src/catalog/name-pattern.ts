/**
 * Name patterns in the form of google.api.http path templates: `operations/**`. `*` stands for one segment,
 * `**` for one or more, and `{project}` for a project's id that does not follow `projects`. A
 * beginning in square brackets is optional.
 */

/**
 * The characters of a segment of a resource name: RFC 3986's unreserved characters and those sub-delimiters
 * that real ids contain (`(default)`, base64's `=`). No percent sign, so nothing can be encoded; no colon, so
 * nothing can be a custom method; no semicolon, which some servers read as the end of a segment.
 */
const ID = /^[A-Za-z0-9._~!$&'()+,=@-]+$/;
/** A project's id may be domain-scoped, as `example.com:my-project`, and is the one place for a colon. */
const PROJECT = /^(?:[a-z0-9.-]+:)?[a-z0-9-]+$/;
/** Dots alone are path segments to some servers and proxies, never ids. */
const DOTS = /^\.{1,2}$/;

/** Finds the pattern that a name matches. The time it takes depends on the length of the name alone. */
export type NameIndex<T> = (name: string) => Match<T> | undefined;

interface Match<T> {
  readonly value: T;
  /** The project that the name says it belongs to, where its pattern has a place for one. */
  readonly project: string | undefined;
  /** The location that the name says it is in, where its pattern has a place for one. */
  readonly location: string | undefined;
}

/** What a pattern says of the names that match it. */
interface Pattern<T> {
  readonly value: T;
  /** Index of the segment with the project, and of that with the location; -1 where there is none. */
  readonly projectAt: number;
  readonly locationAt: number;
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  anything?: Node<T>;
  project?: Node<T>;
  /** For a name that ends here. */
  end?: Pattern<T>;
  /** For a name that continues with any segments (`**`). */
  rest?: Pattern<T>;
}

const createNode = <T>(): Node<T> => ({ literals: new Map() });

/** Indexes patterns; where a name matches several, a literal segment goes before a wildcard. */
export function indexPatterns<T>(entries: Iterable<readonly [pattern: string, value: T]>): NameIndex<T> {
  const root = createNode<T>();
  for (const [pattern, value] of entries) {
    for (const form of formsOf(pattern)) insert(root, form.split('/'), value);
  }
  return (name) => {
    const segments = name.split('/');
    const pattern = find(root, segments, 0);
    if (pattern === undefined) return undefined;
    const { value, projectAt, locationAt } = pattern;
    return { value, project: segments[projectAt], location: segments[locationAt] };
  };
}

// The patterns that one with an optional beginning stands for: `[a/*/]b/*` is both `a/*/b/*` and `b/*`.
export function formsOf(pattern: string): readonly string[] {
  const [, optional, rest] = /^\[([^\]]*)\](.*)$/.exec(pattern) ?? [];
  return optional === undefined || rest === undefined ? [pattern] : [optional + rest, rest];
}

function insert<T>(root: Node<T>, segments: readonly string[], value: T): void {
  const pattern = {
    value,
    projectAt: segments.findIndex((segment, at) => isProject(segment, segments[at - 1])),
    locationAt: segments.findIndex((_, at) => PLACES.has(segments[at - 1] ?? '')),
  };
  let node = root;
  let before = '';
  for (const segment of segments) {
    if (segment === '**') {
      node.rest ??= pattern;
      return;
    }
    if (isProject(segment, before)) node = node.project ??= createNode<T>();
    else if (segment === '*') node = node.anything ??= createNode<T>();
    else node = childOf(node, segment);
    before = segment;
  }
  node.end ??= pattern;
}

const PLACES = new Set(['locations', 'regions', 'zones']);

const isProject = (segment: string, before: string | undefined) =>
  segment === '{project}' || (segment === '*' && before === 'projects');

function childOf<T>({ literals }: Node<T>, segment: string): Node<T> {
  const child = literals.get(segment) ?? createNode<T>();
  literals.set(segment, child);
  return child;
}

function find<T>(node: Node<T>, segments: readonly string[], index: number): Pattern<T> | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.end;
  const next = [
    node.literals.get(segment),
    PROJECT.test(segment) ? node.project : undefined,
    isId(segment) ? node.anything : undefined,
  ];
  for (const child of next) {
    const pattern = child === undefined ? undefined : find(child, segments, index + 1);
    if (pattern !== undefined) return pattern;
  }
  return node.rest !== undefined && segments.slice(index).every(isId) ? node.rest : undefined;
}

const isId = (segment: string) => ID.test(segment) && !DOTS.test(segment);

/** Copies the segments that match the wildcards of one pattern into another pattern with the same wildcards. */
export function rewriteName(name: string, from: string, to: string): string {
  const segments = name.split('/');
  const values = from.split('/').flatMap((segment, index) => (segment === '*' ? [segments[index]] : []));
  return to.replace(/\*/g, () => values.shift() ?? '');
}
