import type { ServiceResponse } from '../resources/response.ts';
import { Failure, quote } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import type { HttpClient } from './http.ts';
import type { AccessTokens } from './access-tokens.ts';

/**
 * Domain-wide delegation without a key file: the service account signs, by IAM Credentials' `signJwt`, that
 * it acts for a person of the domain, and the token endpoint exchanges that for an access token of that person
 * (https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority).
 */
export interface Delegation {
  /**
   * A token for one scope, cached until shortly before it expires.
   *
   * @throws Failure `Unavailable` while neither a token nor a denial is available
   */
  token(scope: string): Promise<DelegatedToken>;
  /** Drops a token that a service refused. */
  drop(token: string): void;
}

type DelegatedToken =
  | { readonly kind: 'token'; readonly token: string }
  /** Delegation is not set up. The answer stays the same until a person grants what `problem` says. */
  | { readonly kind: 'denied'; readonly httpStatus: number; readonly problem: string };

const IAM_CREDENTIALS = 'iamcredentials.googleapis.com';
const TOKEN_ENDPOINT = 'oauth2.googleapis.com';
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TIMEOUT_MS = 5_000;
/** The longest that the token endpoint allows. */
const ASSERTION_SECONDS = 3_600;
/** A token that expires sooner than this is replaced. */
const MARGIN_MS = 300_000;

export function createDelegation(options: {
  readonly http: HttpClient;
  readonly accessTokens: AccessTokens;
  /** Base URL of the calls, with `{host}` for the host. */
  readonly endpoint: string;
  /** The email address of the person that the service account acts for. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): Delegation {
  const { http, accessTokens, endpoint, subject, now } = options;
  const kept = new Map<string, { readonly token: string; readonly untilMs: number }>();
  const inFlight = new Map<string, Promise<DelegatedToken>>();

  const post = (host: string, path: string, type: string, body: string, token?: string) =>
    http.send({
      method: 'POST',
      url: `${endpoint.replaceAll('{host}', host)}/${path}`,
      headers: {
        accept: 'application/json',
        'content-type': type,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body,
      timeoutMs: TIMEOUT_MS,
    });

  async function exchange(scope: string): Promise<DelegatedToken> {
    const account = await accessTokens.account();
    const issuedAt = Math.floor(now() / 1_000);
    const claims = {
      iss: account,
      sub: subject,
      scope,
      aud: `https://${TOKEN_ENDPOINT}/token`,
      iat: issuedAt,
      exp: issuedAt + ASSERTION_SECONDS,
    };
    const signed = await post(
      IAM_CREDENTIALS,
      `v1/projects/-/serviceAccounts/${account}:signJwt`,
      'application/json',
      JSON.stringify({ payload: JSON.stringify(claims) }),
      await accessTokens.token([CLOUD_PLATFORM]),
    );
    const signedJwt = fieldOf(signed, 'signJwt', 'signedJwt');
    if (signedJwt === undefined) {
      return denied(
        signed,
        `${account} may not sign for itself: enable the IAM Service Account Credentials API, and grant it roles/iam.serviceAccountTokenCreator on itself`,
      );
    }
    const given = await post(
      TOKEN_ENDPOINT,
      'token',
      'application/x-www-form-urlencoded',
      new URLSearchParams({ grant_type: GRANT_TYPE, assertion: signedJwt }).toString(),
    );
    const token = fieldOf(given, 'the token endpoint', 'access_token');
    if (token === undefined) {
      return denied(
        given,
        `${account} may not act for ${subject}: in the domain's Admin console, under Security > API controls > Domain-wide delegation, authorize its client id for the scope ${scope}, and let DELEGATED_SUBJECT be an administrator there`,
      );
    }
    kept.set(scope, { token, untilMs: now() + lifetimeOf(given) - MARGIN_MS });
    return { kind: 'token', token };
  }

  return {
    token: (scope) => {
      const { token, untilMs = 0 } = kept.get(scope) ?? {};
      if (token !== undefined && now() < untilMs) return Promise.resolve({ kind: 'token', token });
      const running = inFlight.get(scope) ?? exchange(scope).finally(() => inFlight.delete(scope));
      inFlight.set(scope, running);
      return running;
    },
    drop: (token) => {
      for (const [scope, entry] of kept) if (entry.token === token) kept.delete(scope);
    },
  };
}

/** Answers that stay the same until a person changes the configuration. */
const REFUSALS = new Set([400, 401, 403, 404]);

/**
 * Reads a field of a success; undefined for a denial.
 *
 * @throws Failure `Unavailable` for every other answer
 */
function fieldOf(answer: ServiceResponse, what: string, field: string): string | undefined {
  if (answer.kind !== 'answered') throw new Failure('Unavailable', `${what}: ${answer.problem}`);
  const { httpStatus, json } = answer;
  if (REFUSALS.has(httpStatus)) return undefined;
  const value = httpStatus === 200 && isObject(json) ? json[field] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new Failure('Unavailable', `${what}: HTTP ${httpStatus} without ${field}`);
}

/** The lifetime of a token in milliseconds; 0 where the answer does not give it. */
function lifetimeOf(answer: ServiceResponse): number {
  const json = answer.kind === 'answered' && isObject(answer.json) ? answer.json : {};
  return typeof json.expires_in === 'number' ? json.expires_in * 1_000 : 0;
}

function denied(answer: ServiceResponse, advice: string): DelegatedToken {
  const { httpStatus = 0, json } = answer.kind === 'answered' ? answer : {};
  return { kind: 'denied', httpStatus, problem: `HTTP ${httpStatus}${wordsOf(json)}: ${advice}.` };
}

/** Google's message in a denial, which has one of two forms. */
function wordsOf(json: unknown): string {
  if (!isObject(json)) return '';
  const { error, error_description: description } = json;
  const said = description ?? (isObject(error) ? error.message : error);
  return typeof said === 'string' ? ` ${quote(said, 300)}` : '';
}
