import type { AuthClient, GoogleAuth } from 'google-auth-library';
import type { Clock } from '../ports.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { Failure } from '../validation/failure.ts';
import { withTimeout } from './timeout.ts';

/** Access tokens of the function's own service account (Application Default Credentials). */
export interface AccessTokens {
  /**
   * A token for the first of the scopes for which one is issued; undefined where no credential may be sent.
   *
   * @throws Failure `Unavailable` when no token is available at present
   */
  token(scopes: readonly string[]): MaybePromise<string | undefined>;
  /**
   * The email address of the service account.
   *
   * @throws Failure `Unavailable` when it is not available at present
   */
  account(): MaybePromise<string>;
}

const TIMEOUT_MS = 5_000;
/** Time for which a wider scope is used before the narrow one is requested again. */
const NARROWER_AFTER_MS = 600_000;

/** For calls to an emulator: a credential is sent only to Google. */
export const noAccessTokens: AccessTokens = {
  token: () => undefined,
  account: () => 'lro-cancel@local.iam.gserviceaccount.com',
};

/** Uses one client per scope, which caches its token. The library is loaded when the first call needs it. */
export function createAccessTokens({ now }: Pick<Clock, 'now'>): AccessTokens {
  const clients = new Map<string, Promise<GoogleAuth>>();
  /** For a list of scopes, the one for which a token was issued, and the time at which a narrower one is tried again. */
  const given = new Map<string, { readonly scope: string; readonly untilMs: number }>();
  /** The client that holds the token of a scope, once one was issued. */
  const authClients = new Map<string, Pick<AuthClient, 'credentials' | 'eagerRefreshThresholdMillis'>>();
  let email: string | undefined;
  const clientOf = (scope: string) => {
    let client = clients.get(scope);
    if (client === undefined) {
      client = import('google-auth-library').then((library) => new library.GoogleAuth({ scopes: [scope] }));
      clients.set(scope, client);
    }
    return client;
  };
  const ask = async (scope: string) => {
    const client = await clientOf(scope);
    const token = await withTimeout(client.getAccessToken(), TIMEOUT_MS, 'the access token');
    if (!token) throw new Error('the credentials returned an empty token');
    authClients.set(scope, await client.getClient());
    return token;
  };

  /**
   * The cached token of a scope, until the library's own threshold before it expires. To ask the library instead would
   * take a dozen promises for each call.
   */
  function keptToken(scope: string): string | undefined {
    const keeper = authClients.get(scope);
    const { access_token: token, expiry_date: expiresMs } = keeper?.credentials ?? {};
    const leastMs = now() + (keeper?.eagerRefreshThresholdMillis ?? 0);
    return typeof expiresMs === 'number' && expiresMs > leastMs ? (token ?? undefined) : undefined;
  }

  async function askForFirst(scopes: readonly string[]): Promise<string | undefined> {
    for (const scope of scopes) {
      try {
        const token = await ask(scope);
        if (scopes.length > 1) given.set(scopes.join(' '), { scope, untilMs: now() + NARROWER_AFTER_MS });
        return token;
      } catch (cause) {
        if (isRefusal(cause) && scope !== scopes.at(-1)) continue;
        throw Failure.from(cause, 'Unavailable', `no access token for ${scope}`);
      }
    }
    return undefined;
  }

  async function askForAccount(): Promise<string> {
    try {
      const client = await clientOf('https://www.googleapis.com/auth/cloud-platform');
      const credentials = client.getCredentials();
      ({ client_email: email } = await withTimeout(credentials, TIMEOUT_MS, 'the service account'));
      if (email === undefined) throw new Error('the credentials are not those of a service account');
      return email;
    } catch (cause) {
      throw Failure.from(cause, 'Unavailable', 'the email address of the service account is not available');
    }
  }

  return {
    token: (scopes) => {
      const { scope: known, untilMs = 0 } =
        scopes.length === 1 ? { scope: scopes[0], untilMs: Infinity } : (given.get(scopes.join(' ')) ?? {});
      if (known === undefined || now() >= untilMs) return askForFirst(scopes);
      return keptToken(known) ?? askForFirst([known]);
    },
    account: () => email ?? askForAccount(),
  };
}

/** Whether the source of tokens refused a token for this scope, so that a retry would fail in the same way. */
export function isRefusal(thrown: unknown): boolean {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : 0;
  return status === 400 || status === 403;
}
