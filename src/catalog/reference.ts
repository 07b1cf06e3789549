import { Failure, quote, valueFailure } from '../validation/failure.ts';
import type { Field, FieldPath } from '../validation/failure.ts';

/** The reference of a request to its operation, split into parts but not yet looked up in the catalog. */
export type Reference = ReferenceContext &
  (UrlReference | NameReference) & {
    /** Whether a re-check names the service's regional endpoint; a host of that form says so by itself. */
    readonly regionalEndpoint?: boolean | undefined;
    /** Whether it names a job rather than an operation. */
    readonly isJob?: boolean | undefined;
    /** The paths by which the sender knows these fields, where they are not the names here. */
    readonly fields?: Readonly<Record<string, FieldPath>> | undefined;
  };

/** A URL. Its path is split by the catalog, which lists how the paths of a service begin. */
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
  /** Whether a segment `-` may stand for any: only in the parent of a list. */
  readonly allowsWildcards?: boolean;
}

/** The fields of a request that add to the text of a reference. */
export interface ReferenceContext {
  readonly service?: string | undefined;
  readonly version?: string | undefined;
  readonly region?: string | undefined;
}

/** RFC 3986, 3.1. */
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const URL_OR_FULL_NAME = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?\/\/([^/]*)\/?(.*)$/;

/** In characters. A longer reference is never valid: its full resource name must fit into 1,024 bytes. */
export const MAX_REFERENCE_LENGTH = 2_048;

/**
 * Splits a reference into its parts: a URL `https://{host}/{version}/{name}` (a trailing `:cancel` is allowed), a full
 * resource name `//{host}/{name}`, or a bare name.
 *
 * The text is matched, never normalized. A URL parser would resolve `..`, and decode and drop characters, so
 * that the checked text would differ from the called one.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function parseReference(text: string, context: ReferenceContext = {}): Reference {
  checkIsNoPage(text);
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

/** `project:LOCATION.jobId`, as BigQuery writes the id of a job (https://cloud.google.com/bigquery/docs/managing-jobs). */
const BIGQUERY_ID = /^((?:[a-z0-9.-]+:)?[a-z0-9-]+):([A-Za-z][A-Za-z0-9-]*)\.([A-Za-z0-9_-]+)$/;
/** The URL of a job of BigQuery, as `selfLink` has it. */
const WITH_LOCATION = /^(https:\/\/[^?]*\/bigquery\/v2\/[^?]*)\?location=([A-Za-z0-9-]+)$/;

/**
 * Splits a reference to a job, in the forms of one to an operation or as BigQuery writes it, into its parts.
 *
 * @throws Failure `ValueError` that names the field and what it should be
 */
export function parseJobReference(text: string, context: ReferenceContext = {}): Reference {
  const [, project, idLocation, id] = BIGQUERY_ID.exec(text) ?? [];
  const [, url = text, urlLocation] = WITH_LOCATION.exec(text) ?? [];
  const location = idLocation ?? urlLocation;
  const { service, region = location } = context;
  if (location !== undefined && region?.toLowerCase() !== location.toLowerCase()) {
    throw valueFailure(
      'region',
      `${quote(text)} says ${quote(location)}, but region says ${quote(region ?? '')}`,
    );
  }
  if (project !== undefined && id !== undefined) {
    const name = `projects/${project}/jobs/${id}`;
    return { ...context, service: service ?? 'bigquery', region, name, writtenName: text, isJob: true };
  }
  try {
    return { ...parseReference(url, { ...context, region }), isJob: true };
  } catch (error) {
    throw error instanceof Failure ? error.inFieldsOf(JOB_FIELDS) : error;
  }
}

/** The field that names a job, by the one that names an operation. */
export const JOB_FIELDS = { operation: ['job'] } as const;

/**
 * Refuses every character and segment that another program might read differently.
 *
 * @throws Failure `ValueError` that names `field` and the problem
 */
export function checkCharacters(field: Field, text: string): void {
  const refuse = (problem: string) => valueFailure(field, `must not contain ${problem}: ${quote(text)}`);
  if (text === '') throw valueFailure(field, 'must not be empty');
  if (text.length > MAX_REFERENCE_LENGTH) {
    throw valueFailure(field, `must have at most ${MAX_REFERENCE_LENGTH} characters, not ${text.length}`);
  }
  if (/[^\u0021-\u007e]/.test(text)) {
    throw valueFailure(field, `must contain only printable ASCII characters, without spaces: ${quote(text)}`);
  }
  if (text.includes('?')) throw refuse('a query ("?")');
  if (text.includes('#')) throw refuse('a fragment ("#")');
  if (text.includes('%')) throw refuse('percent-encoded characters ("%")');
  if (text.includes('\\')) throw refuse('a backslash');
  if (/\/\.{1,2}(?:\/|$)/.test(text)) throw refuse('a segment "." or ".."');
  if (/.\/\//.test(text.replace(SCHEME, ''))) throw refuse('an empty segment ("//")');
}

/** Addresses of the Cloud console look like those of an API, and name none of its resources. */
function checkIsNoPage(text: string): void {
  if (!/^https?:\/\/console\.(?:cloud|developers)\.google\.com(?:[/?#]|$)/i.test(text)) return;
  throw valueFailure(
    'operation',
    'must be a URL of the API, as https://{service}.googleapis.com/{version}/{name}, not of a page of the Cloud console',
  );
}

function checkHost(host: string): void {
  if (host.includes('@'))
    throw valueFailure('operation', 'must not contain user information ("@") before the host');
  if (host.includes(':'))
    throw valueFailure('operation', `must not contain a port: the host is ${quote(host)}`);
  if (host === '') throw valueFailure('operation', 'must contain a host between "//" and "/"');
}

/** The name without the custom method that it may have been copied with. */
export const withoutCancel = (name: string) => name.replace(/:cancel$/, '');
