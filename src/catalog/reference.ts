import { quote, valueFailure } from '../validation/failure.ts';
import type { Field, FieldPath } from '../validation/failure.ts';

/** What a request says of the operation it means, taken apart but not yet looked up in the catalog. */
export type Reference = ReferenceContext &
  (UrlReference | NameReference) & {
    /** Whether the service's regional endpoint was asked for; a host says that, or a re-check. */
    readonly regionalEndpoint?: boolean | undefined;
    /** The paths by which the sender knows these fields, where they are not the names here. */
    readonly fields?: Readonly<Record<string, FieldPath>> | undefined;
  };

/** A URL, whose path the catalog reads: it knows what a service's paths begin with. */
export interface UrlReference {
  readonly host: string;
  /** Behind the host, without a leading slash. */
  readonly path: string;
}

/** A name, with or without the host that a full resource name has. */
export interface NameReference {
  readonly host?: string;
  /** Relative resource name, as `projects/p/locations/l/operations/o`. */
  readonly name: string;
  /** The name as a failure repeats it, where the sender wrote another. */
  readonly writtenName?: string;
}

/** The fields of a request that go with the text of a reference. */
export interface ReferenceContext {
  readonly service?: string | undefined;
  readonly version?: string | undefined;
  readonly region?: string | undefined;
}

/** RFC 3986, 3.1. */
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const URL_OR_FULL_NAME = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?\/\/([^/]*)\/?(.*)$/;

/** Longer ones cannot be: the full resource name has to fit an attribute of 1,024 bytes. */
export const MAX_REFERENCE_LENGTH = 2_048;

/**
 * Takes a reference apart: a URL `https://{host}/{version}/{name}` (a trailing `:cancel` is allowed), a full
 * resource name `//{host}/{name}`, or a bare name.
 *
 * The text is matched, never normalized: a URL parser would resolve `..`, decode and drop characters, and
 * what is checked must be what is called.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function parseReference(text: string, context: ReferenceContext = {}): Reference {
  checkCharacters('operation', text);
  const given = {
    ...(context.service !== undefined && { service: context.service }),
    ...(context.version !== undefined && { version: context.version }),
    ...(context.region !== undefined && { region: context.region }),
  };
  const [, scheme, host, path] = URL_OR_FULL_NAME.exec(text) ?? [];
  if (host === undefined || path === undefined) return { ...given, name: withoutCancel(text) };

  if (scheme !== undefined && scheme.toLowerCase() !== 'https') {
    throw valueFailure('operation', `must begin with https://, not ${quote(`${scheme}://`)}`);
  }
  checkHost(host);
  const lowerHost = host.toLowerCase();
  if (scheme === undefined) return { ...given, host: lowerHost, name: withoutCancel(path) };
  return { ...given, host: lowerHost, path: withoutCancel(path) };
}

/**
 * Refuses every character and segment that another program might read differently.
 *
 * @throws Failure `ValueError` that names `field` and the problem
 */
export function checkCharacters(field: Field, text: string): void {
  const refuse = (problem: string) => valueFailure(field, `${problem} in ${quote(text)}`);
  if (text === '') throw valueFailure(field, 'must not be empty');
  if (text.length > MAX_REFERENCE_LENGTH) {
    throw valueFailure(field, `has ${text.length} characters, at most ${MAX_REFERENCE_LENGTH} are allowed`);
  }
  if (/[^\u0021-\u007e]/.test(text)) throw refuse('only printable ASCII characters are allowed, no spaces;');
  if (text.includes('?')) throw refuse('there must be no query ("?")');
  if (text.includes('#')) throw refuse('there must be no fragment ("#")');
  if (text.includes('%')) throw refuse('nothing may be percent-encoded ("%")');
  if (text.includes('\\')) throw refuse('there must be no backslash');
  if (/\/\.{1,2}(?:\/|$)/.test(text)) throw refuse('there must be no "." or ".." segment');
  if (/.\/\//.test(text.replace(SCHEME, ''))) throw refuse('there must be no empty segment ("//")');
}

function checkHost(host: string): void {
  if (host.includes('@'))
    throw valueFailure('operation', 'there must be no user information ("@") before the host');
  if (host.includes(':')) throw valueFailure('operation', `there must be no port in the host ${quote(host)}`);
  if (host === '') throw valueFailure('operation', 'has no host between "//" and "/"');
}

/** The name without the custom method that it may have been copied with. */
export const withoutCancel = (name: string) => name.replace(/:cancel$/, '');
