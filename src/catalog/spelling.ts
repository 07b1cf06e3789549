import { quote, valueFailure } from '../validation/failure.ts';
import type { NameReference, UrlReference } from './reference.ts';

/**
 * One operation has one spelling: what a service might take for the same name, the policy would not. Another case of a
 * word, zeros in front of a number and wildcards are refused, with the spelling to use.
 */

/** Segments that say what stands behind them. */
const COLLECTIONS = new Set(['buckets', 'locations', 'operations', 'projects', 'regions', 'zones']);
const PLACES = new Set(['locations', 'regions', 'zones']);
/** Owners of locations: behind another segment, `zones` may be an id. */
const OWNERS = new Set(['billingAccounts', 'folders', 'organizations', 'projects']);
/** Services whose ids are numbers (int64), so that zeros in front of one change nothing. */
const NUMBERED = new Set(['aiplatform']);

/**
 * Checks the spelling of a reference.
 *
 * @throws Failure `ValueError` that says the canonical spelling
 */
export function checkSpelling(service: string, reference: UrlReference | NameReference): void {
  const text = 'path' in reference ? reference.path : reference.name;
  const wildcards = 'name' in reference && reference.allowsWildcards === true;
  // Only capitals, and zeros in front of a number, have another spelling.
  if (text !== text.toLowerCase() || /(?:^|\/)0\d/.test(text)) {
    const canonical = canonicalSpelling(text, service);
    if (canonical !== text) {
      throw valueFailure('operation', `must be spelled ${quote(canonical)}, not ${quote(text)}`);
    }
  }
  const segments = text.split('/');
  if (!wildcards && segments.includes('-')) {
    throw valueFailure(
      'operation',
      `must name one operation by all of its parts: "-" stands for any of them in ${quote(text)}`,
    );
  }
  if (segments.some((segment, at) => isNoProject(segment, at, segments))) {
    throw valueFailure('operation', `must name its project by id or number, not by "_": ${quote(text)}`);
  }
}

/** `projects/_` of Cloud Storage alone has no project. */
const isNoProject = (segment: string, at: number, segments: readonly string[]) =>
  segments[at - 1] === 'projects' &&
  segments[at - 2] !== 'projects' &&
  segment === '_' &&
  segments[at + 1] !== 'buckets';

/** The canonical spelling of a name, or of a pattern for names. */
export function canonicalSpelling(text: string, service?: string): string {
  const isNumbered = service !== undefined && NUMBERED.has(service);
  const canonical: string[] = [];
  /** Whether the segment is an id, which may be any word. */
  let isId = false;
  for (const segment of text.split('/')) {
    const before = canonical.at(-1) ?? '';
    const lower = segment.toLowerCase();
    if (before === 'projects' && isId) canonical.push(withoutZeros(lower));
    // Cloud Run's v1 has the project as a namespace.
    else if (before === 'namespaces' && canonical.length === 1) canonical.push(withoutZeros(lower));
    else if (isLocation(canonical)) canonical.push(lower);
    else if (COLLECTIONS.has(lower)) canonical.push(lower);
    else canonical.push(isNumbered ? withoutZeros(segment) : segment);
    isId = canonical.at(-1) === 'projects' && !(before === 'projects' && isId);
  }
  return canonical.join('/');
}

/** Whether a location stands behind these segments; before them, a pattern may have `**`. */
function isLocation(before: readonly string[]): boolean {
  const place = before.at(-1);
  if (place === undefined || !PLACES.has(place)) return false;
  return before.length === 1 || before.at(-2) === '**' || OWNERS.has(before.at(-3) ?? '');
}

const withoutZeros = (text: string) => (/^0+\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : text);
