import { GoogleAuth } from 'google-auth-library';
import { isObject } from '../../src/validation/schema.ts';
import { toClientError } from '../../client/pubsub-error.ts';

/** The answer of an API, or why there is none. */
export type Answer =
  | { readonly kind: 'found'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'missing' }
  /** No permission, an API that is not switched on, or no answer. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** Reads of Google's APIs. */
export interface GoogleApi {
  get(host: string, path: string): Promise<Answer>;
  post(host: string, path: string, body?: object): Promise<Answer>;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TIMEOUT_MS = 20_000;

/**
 * Calls APIs with the credentials of the environment; none are sent to another endpoint than Google's.
 *
 * @param endpoint GOOGLE_API_ENDPOINT of docs/settings.md, for a stand-in of the APIs
 * @throws ClientError `NoCredentials`
 */
export async function createGoogleApi(endpoint: string | undefined): Promise<GoogleApi> {
  const token = endpoint === undefined ? await readToken() : undefined;
  const call = async (method: string, host: string, path: string, body?: object): Promise<Answer> => {
    const base = endpoint === undefined ? `https://${host}` : endpoint.replace('{host}', host);
    try {
      const response = await fetch(`${base}/${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const json: unknown = await response.json().catch(() => undefined);
      if (response.ok) return { kind: 'found', body: isObject(json) ? json : {} };
      if (response.status === 404) return { kind: 'missing' };
      const error = isObject(json) && isObject(json.error) ? json.error : {};
      const message = typeof error.message === 'string' ? error.message : '';
      return { kind: 'unreadable', why: `HTTP ${response.status} ${message}`.trim() };
    } catch (error) {
      return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    get: (host, path) => call('GET', host, path),
    post: (host, path, body = {}) => call('POST', host, path, body),
  };
}

async function readToken(): Promise<string> {
  try {
    const token = await new GoogleAuth({ scopes: [SCOPE] }).getAccessToken();
    if (typeof token === 'string' && token !== '') return token;
    throw new Error('Could not load the default credentials: the token is empty');
  } catch (error) {
    throw toClientError(error, { action: 'connect' });
  }
}
