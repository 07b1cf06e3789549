import type { MaybePromise } from './maybe-promise.ts';
import type { AuthRequirements } from '../resources/resource.ts';
import type { Delegation } from './delegation.ts';
import { isRefusal } from './access-tokens.ts';
import type { AccessTokens } from './access-tokens.ts';

/** Authorizes calls to the services that own operations. */
export interface Credentials {
  /** @throws Failure `Unavailable` while no credential is available */
  for(auth: Pick<AuthRequirements, 'tokenScopes' | 'delegated'>): MaybePromise<Authorization>;
}

export type Authorization =
  | {
      readonly kind: 'headers';
      readonly headers: Readonly<Record<string, string>>;
      /** Advice for the person who reads that the service denied access. */
      readonly advice?: string;
      /** Drops a token that the service refused, so that the next call gets another. */
      readonly renew?: () => void;
    }
  | { readonly kind: 'denied'; readonly httpStatus: number; readonly problem: string };

const ADVICE =
  'This service acts for a person of a domain: set DELEGATED_SUBJECT to an administrator there, and grant the service account domain-wide delegation (docs/delegation.md).';

/** Credentials by the service account's own tokens, or by those of a person that it acts for. */
export function createCredentials(options: {
  readonly accessTokens: AccessTokens;
  /** Undefined where domain-wide delegation is not configured. */
  readonly delegation: Delegation | undefined;
}): Credentials {
  const { accessTokens, delegation } = options;
  const headersOf = (token: string | undefined): Readonly<Record<string, string>> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  function own(tokenScopes: readonly string[], advised: { advice?: string }): MaybePromise<Authorization> {
    const authorized = (token: string | undefined): Authorization => ({
      kind: 'headers',
      headers: headersOf(token),
      ...advised,
    });
    const token = accessTokens.token(tokenScopes);
    if (!(token instanceof Promise)) return authorized(token);
    return token.then(authorized, (error: unknown): Authorization => {
      const { cause, message } = error as Error;
      if (!isRefusal(cause)) throw error;
      return { kind: 'denied', httpStatus: 403, problem: [message, advised.advice ?? ''].join('. ').trim() };
    });
  }

  return {
    for: ({ tokenScopes, delegated }) => {
      const [scope = ''] = tokenScopes;
      if (!delegated || delegation === undefined) {
        return own(tokenScopes, delegated ? { advice: ADVICE } : {});
      }
      return delegation.token(scope).then((answer): Authorization => {
        if (answer.kind === 'denied') return answer;
        const { token } = answer;
        return { kind: 'headers', headers: headersOf(token), renew: () => delegation.drop(token) };
      });
    },
  };
}
