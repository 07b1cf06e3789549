/**
 * Name patterns in the form of google.api.http path templates: `operations/**`. `*` stands for one segment,
 * `**` for one or more.
 */

/**
 * What a segment of a resource name may consist of: RFC 3986's unreserved characters and those sub-delimiters
 * that real ids contain (`(default)`, base64's `=`). No percent sign, so nothing can be encoded; no colon, so
 * nothing can be a custom method; no semicolon, which some servers read as the end of a segment.
 */
const ID = "[A-Za-z0-9._~!$&'()+,=@-]+";
/** A project's id may be domain-scoped, as `example.com:my-project`, and is the one place for a colon. */
const PROJECT = '(?:[a-z0-9.-]+:)?[A-Za-z0-9-]+';

/** Compiles patterns to one expression that matches a whole name. */
export function compilePatterns(patterns: readonly string[]): RegExp {
  return new RegExp(`^(?:${patterns.map(toExpression).join('|')})$`);
}

function toExpression(pattern: string): string {
  const segments = pattern.split('/');
  return segments
    .map((segment, index) => {
      if (segment === '**') return `${ID}(?:/${ID})*`;
      if (segment !== '*') return segment;
      return segments[index - 1] === 'projects' ? PROJECT : ID;
    })
    .join('/');
}
