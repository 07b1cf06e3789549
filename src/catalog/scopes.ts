import type { MethodGroup, Service } from './catalog.ts';

const PREFIX = 'https://www.googleapis.com/auth/';
const CLOUD_PLATFORM = 'cloud-platform';

const inShort = ({ scopes }: MethodGroup) => scopes ?? [CLOUD_PLATFORM];

/** The OAuth scopes of which the methods accept any one. */
export const scopesOf = (group: MethodGroup) => inShort(group).map((scope) => PREFIX + scope);

/**
 * The scopes to request for a token, in this order: the narrowest that is accepted; then `cloud-platform`, in
 * case no token for the narrow one can be issued, because every service account can have it.
 *
 * Methods that list no scope are called with `cloud-platform` as well.
 */
export function tokenScopesOf({ tokenScope }: Service, group: MethodGroup): readonly string[] {
  const accepted = inShort(group);
  const narrow = accepted.find((scope) => scope === tokenScope) ?? accepted.find(isNarrow);
  const scopes = [
    ...(narrow === undefined ? [] : [narrow]),
    ...(accepted.includes(CLOUD_PLATFORM) || accepted.length === 0 ? [CLOUD_PLATFORM] : []),
  ];
  return scopes.map((scope) => PREFIX + scope);
}

const isNarrow = (scope: string) => scope !== CLOUD_PLATFORM;
