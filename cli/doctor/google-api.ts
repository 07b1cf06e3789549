import { GoogleAuth } from 'google-auth-library';
import { isObject } from '../../src/validation/schema.ts';
import { toClientError } from '../../client/pubsub-error.ts';

/** The answer of an API, or why there is none. */
export type Answer =
  | { readonly kind: 'found'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'missing' }
  | Unreadable;

/** No permission, an API that is not switched on, or no answer. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly why: string;
  /** `denied`: a permission is missing. `disabled`: the API is not switched on. `too-large`: the answer is. */
  readonly reason: 'denied' | 'disabled' | 'too-large' | 'other';
}

/** Reads of Google's APIs. */
export interface GoogleApi {
  get(host: string, path: string): Promise<Answer>;
  post(host: string, path: string, body?: object): Promise<Answer>;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TIMEOUT_MS = 20_000;
const MAX_BODY_BYTES = 16_000_000;

/**
 * Calls APIs with the credentials of the environment; none are sent to another endpoint than Google's.
 *
 * @param endpoint GOOGLE_API_ENDPOINT of docs/settings.md, for a stand-in of the APIs
 * @throws ClientError `NoCredentials`
 */
export async function createGoogleApi(endpoint: string | undefined): Promise<GoogleApi> {
  const credentials = endpoint === undefined ? await createCredentials() : undefined;
  const call = async (method: string, host: string, path: string, body?: object): Promise<Answer> => {
    const base = endpoint === undefined ? `https://${host}` : endpoint.replace('{host}', host);
    try {
      const headers = new Headers(credentials === undefined ? {} : await credentials());
      if (body !== undefined) headers.set('content-type', 'application/json');
      const response = await fetch(`${base}/${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await readText(response);
      if (text === undefined) {
        const why = `The answer has more than ${MAX_BODY_BYTES} bytes.`;
        return { kind: 'unreadable', reason: 'too-large', why };
      }
      const json = parse(text);
      if (response.ok) return { kind: 'found', body: isObject(json) ? json : {} };
      if (response.status === 404) return { kind: 'missing' };
      return unreadable(response.status, isObject(json) && isObject(json.error) ? json.error : {});
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: 'unreadable', reason: 'other', why };
    }
  };
  return {
    get: (host, path) => call('GET', host, path),
    post: (host, path, body = {}) => call('POST', host, path, body),
  };
}

/** Reasons of `google.rpc.ErrorInfo` (https://cloud.google.com/apis/design/errors#error_info). */
function unreadable(status: number, error: Readonly<Record<string, unknown>>): Unreadable {
  const message = typeof error.message === 'string' ? error.message : '';
  const details: readonly unknown[] = Array.isArray(error.details) ? error.details : [];
  const isDisabled = details.some((one) => isObject(one) && one.reason === 'SERVICE_DISABLED');
  return {
    kind: 'unreadable',
    reason: isDisabled ? 'disabled' : status === 403 ? 'denied' : 'other',
    why: `HTTP ${status} ${message}`.trim(),
  };
}

/** The body; undefined where it is too large, and then the rest of it is not read. */
async function readText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Checks that there are credentials. Gives the headers of each call: a token, which the library keeps until it expires, and
 * for those of a person the project that the calls count for, without which some APIs refuse them.
 */
async function createCredentials(): Promise<() => Promise<Headers>> {
  try {
    const auth = new GoogleAuth({ scopes: [SCOPE] });
    const headers = async () => {
      const made = await auth.getRequestHeaders();
      if (/^Bearer ./.test(made.get('authorization') ?? '')) return made;
      throw new Error('Could not load the default credentials: the token is empty');
    };
    await headers();
    return headers;
  } catch (error) {
    throw toClientError(error, { action: 'connect' });
  }
}
