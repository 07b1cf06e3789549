import type { ResourceKind } from '../resources/resource.ts';
import { quote, valueFailure } from '../validation/failure.ts';
import { mostSimilar } from '../validation/similar.ts';
import { readerOf } from './call-forms.ts';
import { jobsPart } from './catalog.ts';
import type { MethodGroup } from './catalog.ts';
import { findVersion } from './find.ts';
import { knownService } from './resolve.ts';

/** Kinds of jobs of one service whose lists a sweep reads. */
export interface JobKinds {
  /** Short name of the service, as `aiplatform`. */
  readonly service: string;
  readonly version: string;
  readonly kinds: readonly JobKindGroups[];
}

/** One kind: some are named in two ways, each of which is a group. */
export interface JobKindGroups {
  readonly kind: string;
  readonly groups: readonly MethodGroup[];
}

/** The kinds that `*` stands for: all but those that settings have to name one by one. */
const ALL = '*';

/**
 * Finds the kinds of jobs that the settings name.
 *
 * @param asked kinds, as `customJobs`, or `*`
 * @throws Failure `ValueError` that names the field (`service`, `version` or `jobs`) and what it should be
 */
export function findJobKinds(reference: {
  readonly service: string;
  readonly version?: string | undefined;
  readonly jobs: readonly string[];
}): JobKinds {
  const { version: askedVersion, jobs: asked } = reference;
  const service = knownService(reference.service);
  const entry = Object.hasOwn(jobsPart.services, service) ? jobsPart.services[service] : undefined;
  if (entry === undefined) throw valueFailure('service', `${service} has no jobs that can be cancelled`);
  const version = findVersion(service, entry, askedVersion);
  const groups = (entry.versions[version] ?? []).filter(({ cancel }) => cancel !== false);
  const known = [...new Set(groups.flatMap(({ kind }) => kind ?? []))];
  const ofKind = (kind: string): JobKindGroups => ({
    kind,
    groups: groups.filter((group) => group.kind === kind),
  });
  const usual = known.map(ofKind).filter((one) => one.groups.every(({ explicit }) => explicit !== true));
  const named = asked.flatMap((kind, index) => {
    if (kind === ALL && usual.length > 0) return usual;
    if (known.includes(kind)) return [ofKind(kind)];
    throw valueFailure(
      ['jobs', index],
      problemOfKind(`${service} ${version}`, kind, known, usual.length > 0),
    );
  });
  const kinds = [...new Map(named.map((one) => [one.kind, one])).values()];
  const unlisted = kinds.find((one) => one.groups.every(({ list }) => list === false));
  if (unlisted !== undefined) {
    throw valueFailure('jobs', `${service} ${version} has no method to list ${unlisted.kind}`);
  }
  return { service, version, kinds };
}

function problemOfKind(service: string, kind: string, known: readonly string[], hasUsual: boolean): string {
  if (kind === ALL && known.length > 0) {
    return `"*" stands for no kind of ${service}: name ${known.join(', ')}`;
  }
  const meant = mostSimilar(kind.slice(kind.indexOf('.') + 1), known);
  const advice =
    meant === undefined
      ? `its kinds are ${[...known, ...(hasUsual ? [ALL] : [])].join(', ')}`
      : `did you mean ${quote(meant)}?`;
  return known.length === 0
    ? `${service} has no jobs that can be cancelled`
    : `${quote(kind)} is not a kind of jobs of ${service}; ${advice}`;
}

/** How the jobs of these kinds are read. */
export const readersOf = ({ service, kinds }: JobKinds): readonly ResourceKind[] =>
  kinds.flatMap(({ groups }) => groups.map((group) => readerOf(service, {}, group)));
