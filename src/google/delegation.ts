import type { ServiceResponse } from '../resources/response.ts';
import { Failure, quote } from '../validation/failure.ts';
import { isObject } from '../validation/schema.ts';
import type { HttpClient } from './http.ts';
import type { AccessTokens } from './access-tokens.ts';

/**
 * Domain-wide delegation without a key file: the service account signs, by IAM Credentials' `signJwt`, that
 * it acts for a person of the domain, and the token endpoint gives an access token of that person's for it
 * (https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority).
 */
export interface Delegation {
  /**
   * A token for one scope, asked for once and kept while it is good.
   *
   * @throws Failure `Unavailable` when neither a token nor a refusal is to be had now
   */
  token(scope: string): Promise<DelegatedToken>;
  /** Forgets a token that a service did not take. */
  drop(token: string): void;
}

export type DelegatedToken =
  | { readonly kind: 'token'; readonly token: string }
  /** It is not set up: asking again gives the same, until a person grants what `problem` says. */
  | { readonly kind: 'denied'; readonly httpStatus: number; readonly problem: string };

const IAM_CREDENTIALS = 'iamcredentials.googleapis.com';
const TOKEN_ENDPOINT = 'oauth2.googleapis.com';
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TIMEOUT_MS = 5_000;
/** The longest that the token endpoint allows. */
const ASSERTION_SECONDS = 3_600;
/** A token that is good for less than this is not begun with. */
const MARGIN_MS = 300_000;

export function createDelegation(options: {
  readonly http: HttpClient;
  readonly ownTokens: AccessTokens;
  /** Where calls go, with `{host}` for the host. */
  readonly endpoint: string;
  /** The person that the service account stands for: an email address. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): Delegation {
  const { http, ownTokens, endpoint, subject, now } = options;
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
    const account = await ownTokens.account();
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
      await ownTokens.token([CLOUD_PLATFORM]),
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

/** A person has to change something before these are answered otherwise. */
const REFUSALS = new Set([400, 401, 403, 404]);

/** A field of a success, undefined for a refusal; what passes with time is thrown. */
function fieldOf(answer: ServiceResponse, what: string, field: string): string | undefined {
  if (answer.kind !== 'answered') throw new Failure('Unavailable', `${what}: ${answer.problem}`);
  const { httpStatus, json } = answer;
  if (REFUSALS.has(httpStatus)) return undefined;
  const value = httpStatus === 200 && isObject(json) ? json[field] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new Failure('Unavailable', `${what}: HTTP ${httpStatus} without ${field}`);
}

/** How long a token is good for, in milliseconds; 0 where that is not told. */
function lifetimeOf(answer: ServiceResponse): number {
  const json = answer.kind === 'answered' && isObject(answer.json) ? answer.json : {};
  return typeof json.expires_in === 'number' ? json.expires_in * 1_000 : 0;
}

function denied(answer: ServiceResponse, advice: string): DelegatedToken {
  const { httpStatus = 0, json } = answer.kind === 'answered' ? answer : {};
  return { kind: 'denied', httpStatus, problem: `HTTP ${httpStatus}${wordsOf(json)}: ${advice}.` };
}

/** What Google says of a refusal, in either of the two forms of its errors. */
function wordsOf(json: unknown): string {
  if (!isObject(json)) return '';
  const { error, error_description: description } = json;
  const said = description ?? (isObject(error) ? error.message : error);
  return typeof said === 'string' ? ` ${quote(said, 300)}` : '';
}
