import type { GoogleAuth } from 'google-auth-library';
import { Failure, messageOf } from '../core/failure.ts';
import { withTimeLimit } from './time-limit.ts';

/**
 * The function's own credentials (Application Default Credentials), as headers for a call to a Google API.
 */
export interface Credentials {
  /**
   * @param scopes of which any one is accepted
   * @throws Failure `Unavailable` when there is no token to be had now
   */
  headers(scopes: readonly string[]): Promise<Record<string, string>>;
}

const TOKEN_TIMEOUT_MS = 5_000;

/** For calls that go somewhere else than to Google: a credential is never sent there. */
export const noCredentials: Credentials = { headers: () => Promise.resolve({}) };

/** One client a scope, so that a token is asked for once and cached; loaded when the first call needs it. */
export function createCredentials(): Credentials {
  const clients = new Map<string, Promise<GoogleAuth>>();
  const clientOf = (scope: string) => {
    let client = clients.get(scope);
    if (client === undefined) {
      client = import('google-auth-library').then((library) => new library.GoogleAuth({ scopes: [scope] }));
      clients.set(scope, client);
    }
    return client;
  };

  return {
    headers: async (scopes) => {
      const [scope] = scopes;
      if (scope === undefined) return {};
      try {
        const client = await clientOf(scope);
        const token = await withTimeLimit(client.getAccessToken(), TOKEN_TIMEOUT_MS, 'the access token');
        if (!token) throw new Error('the credentials gave an empty one');
        return { authorization: `Bearer ${token}` };
      } catch (cause) {
        throw new Failure('Unavailable', `no access token for ${scope}: ${messageOf(cause)}`, { cause });
      }
    },
  };
}
