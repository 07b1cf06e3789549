import type { ResourceKindName } from '../resources/kinds.ts';
import type { Call } from '../resources/resource.ts';
import { namesOf } from './catalog.ts';
import type { MethodGroup, Service } from './catalog.ts';
import { rewriteName } from './name-pattern.ts';

/**
 * How operations are addressed over HTTP. Nearly all services use the standard form, `POST {version}/{name}:cancel`
 * and `GET {version}/{name}` (google/longrunning/operations.proto); each of the others differs in one part.
 */
export interface CallForm {
  /** Path of the operation, behind the host. */
  path(name: string): string;
  cancel(path: string): Call;
  get(path: string): Call | undefined;
  readonly kind: ResourceKindName;
}

/** The call that cancels, by the method and suffix in the catalog. */
const cancels: Readonly<Record<string, (path: string) => Call>> = {
  'POST :cancel': (path) => ({ method: 'POST', path: `${path}:cancel` }),
  /** Cloud Storage and Cloud SQL, whose APIs are older than custom methods. */
  'POST /cancel': (path) => ({ method: 'POST', path: `${path}/cancel` }),
  /** Data Labeling. */
  'GET :cancel': (path) => ({ method: 'GET', path: `${path}:cancel` }),
};

/** The call form of a group; undefined where its operations cannot be cancelled. */
export function callFormOf(service: Service, version: string, group: MethodGroup): CallForm | undefined {
  if (group.cancel === false) return undefined;
  const cancel = cancels[group.cancel ?? 'POST :cancel'];
  if (cancel === undefined) throw new Error(`the catalog has a cancel that is unknown: ${group.cancel}`);
  const [base = ''] = basesOf(version, [group]);
  const { path: spelling } = group;
  const [pattern = ''] = namesOf(group);
  return {
    path: (name) => base + (spelling === undefined ? name : rewriteName(name, pattern, spelling)),
    cancel,
    get: (path) => (group.get === false ? undefined : { method: 'GET', path }),
    kind: service.state ?? 'longrunning',
  };
}

/** The beginnings that the paths of a version may have: the documented ones, then the legacy ones. */
export const basesOf = (version: string, groups: readonly MethodGroup[]): readonly string[] => [
  ...new Set(groups.map(({ base }) => base ?? `${version}/`)),
  ...new Set(groups.flatMap(({ legacyBase }) => legacyBase ?? [])),
];
