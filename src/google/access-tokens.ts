import type { AuthClient, GoogleAuth } from 'google-auth-library';
import type { Clock } from '../ports.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { Failure } from '../validation/failure.ts';
import { withTimeout } from './timeout.ts';

/** Access tokens of the function's own service account (Application Default Credentials). */
export interface AccessTokens {
  /**
   * A token for the first of the scopes that it is given for; undefined where no credential may be sent.
   *
   * @throws Failure `Unavailable` when there is none to be had now
   */
  token(scopes: readonly string[]): MaybePromise<string | undefined>;
  /**
   * The email address of the service account.
   *
   * @throws Failure `Unavailable` when it cannot be told now
   */
  account(): MaybePromise<string>;
}

const TIMEOUT_MS = 5_000;
/** How long a wider scope is used before the narrow one is asked for again. */
const NARROWER_AFTER_MS = 600_000;

/** For calls that go somewhere else than to Google: a credential is never sent there. */
export const noAccessTokens: AccessTokens = {
  token: () => undefined,
  account: () => 'lro-cancel@local.iam.gserviceaccount.com',
};

/** One client a scope, so that a token is asked for once and cached; loaded when the first call needs it. */
export function createAccessTokens({ now }: Pick<Clock, 'now'>): AccessTokens {
  const clients = new Map<string, Promise<GoogleAuth>>();
  /** Of several scopes, the one that a token was given for, and until when no narrower one is tried. */
  const given = new Map<string, { readonly scope: string; readonly untilMs: number }>();
  /** Where each scope's token is kept once there is one. */
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
    if (!token) throw new Error('the credentials gave an empty one');
    authClients.set(scope, await client.getClient());
    return token;
  };

  /** A token that is good for a while yet, by the library's own measure: asking it would take a dozen promises. */
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
      throw Failure.from(cause, 'Unavailable', 'the service account is not known');
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

/** Whether the source of tokens was there and gave none for this scope: asking again gives the same. */
export function isRefusal(thrown: unknown): boolean {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : 0;
  return status === 400 || status === 403;
}
