import { jobKind } from '../resources/job-kind.ts';
import type { JobKindRow } from '../resources/job-kind.ts';
import { kindOf } from '../resources/kinds.ts';
import type { Call, ResourceKind } from '../resources/resource.ts';
import { catalog, namesOf } from './catalog.ts';
import type { MethodGroup, Service } from './catalog.ts';
import { rewriteName } from './name-pattern.ts';

/**
 * How operations and jobs are addressed over HTTP. Nearly all services use the standard form, `POST {version}/{name}:cancel`
 * and `GET {version}/{name}` (google/longrunning/operations.proto); each of the others differs in one part.
 */
export interface CallForm {
  /** Path of the resource, behind the host. */
  path(name: string): string;
  cancel(target: CallTarget): Call;
  get(target: CallTarget): Call | undefined;
  readonly kind: ResourceKind;
}

/** The resource of a call. */
export interface CallTarget {
  /** Behind the host. */
  readonly path: string;
  readonly name: string;
  readonly project: string | undefined;
  /** The location that the name does not contain, for a group with `locationParameter`. */
  readonly location: string | undefined;
}

/** The call that cancels, by the method and suffix in the catalog. */
const cancels: Readonly<Record<string, (path: string) => Call>> = {
  'POST :cancel': (path) => ({ method: 'POST', path: `${path}:cancel` }),
  /** Cloud Storage, Cloud SQL, BigQuery and Compute Engine, whose APIs are older than custom methods. */
  'POST /cancel': (path) => ({ method: 'POST', path: `${path}/cancel` }),
  /** Sessions of Dataproc, and job runs of Cloud Deploy. */
  'POST :terminate': (path) => ({ method: 'POST', path: `${path}:terminate` }),
  /** Data Labeling. */
  'GET :cancel': (path) => ({ method: 'GET', path: `${path}:cancel` }),
  /** Dataflow, with the wanted state in the body. */
  PUT: (path) => ({ method: 'PUT', path }),
};

/** The call form of a group; undefined where its resources cannot be cancelled. */
export function callFormOf(
  serviceName: string,
  service: Service,
  version: string,
  group: MethodGroup,
): CallForm | undefined {
  if (group.cancel === false) return undefined;
  const cancel = cancels[group.cancel ?? 'POST :cancel'];
  if (cancel === undefined) throw new Error(`the catalog has a cancel that is unknown: ${group.cancel}`);
  const [base = ''] = basesOf(version, [group]);
  const { path: spelling, body, through, locationParameter, getQuery } = group;
  const [pattern = ''] = namesOf(group);
  const queryOf = ({ location }: CallTarget) =>
    locationParameter === undefined || location === undefined
      ? {}
      : { query: { [locationParameter]: location } };
  return {
    path: (name) => base + (spelling === undefined ? name : rewriteName(name, pattern, spelling)),
    cancel: (target) => ({
      ...cancel(through === undefined ? target.path : `${base}{${through}}`),
      ...queryOf(target),
      ...(body !== undefined && { body: fillBody(body, target) }),
    }),
    get: (target) =>
      group.get === false
        ? undefined
        : {
            method: 'GET',
            path: target.path,
            ...queryOf(target),
            ...(getQuery !== undefined && { query: getQuery }),
          },
    kind: readerOf(serviceName, service, group),
  };
}

/** The body of a cancel, with the parts of the name in place of `{project}` and `{id}`. */
const fillBody = (body: Readonly<Record<string, string>>, { name, project = '' }: CallTarget) =>
  Object.fromEntries(
    Object.entries(body).map(([field, text]) => [
      field,
      text.replace('{project}', () => project).replace('{id}', () => name.slice(name.lastIndexOf('/') + 1)),
    ]),
  );

/** How the resources of a group are read. */
export function readerOf(
  serviceName: string,
  { state }: Pick<Service, 'state'>,
  { kind, row }: MethodGroup,
): ResourceKind {
  return kind === undefined
    ? kindOf(state ?? 'longrunning', serviceName)
    : jobKindOf(row ?? `${serviceName}.${kind}`);
}

/** Kinds of jobs by the keys of their rows, made when they are first used. */
const jobKinds = new Map<string, ResourceKind>();

function jobKindOf(row: string): ResourceKind {
  let kind = jobKinds.get(row);
  if (kind === undefined) {
    kind = jobKind(rowOf(row));
    jobKinds.set(row, kind);
  }
  return kind;
}

function rowOf(key: string): JobKindRow {
  const row = catalog.kinds[key];
  if (row === undefined) throw new Error(`the catalog has no kind ${key}`);
  return 'like' in row ? { ...rowOf(row.like), ...row } : row;
}

/** The beginnings that the paths of a version may have: the documented ones, then the legacy ones. */
export const basesOf = (version: string, groups: readonly MethodGroup[]): readonly string[] => [
  ...new Set(groups.map(({ base }) => base ?? `${version}/`)),
  ...new Set(groups.flatMap(({ legacyBase }) => legacyBase ?? [])),
];
