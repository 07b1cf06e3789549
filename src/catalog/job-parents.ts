import { namesOf } from './catalog.ts';
import type { MethodGroup } from './catalog.ts';
import type { JobKindGroups } from './job-kinds.ts';

/** The collection of a parent, in one of the forms that a parent can have. */
export interface Place {
  readonly group: MethodGroup;
  /** With `-` for what the list, or the lists, go through. */
  readonly name: string;
  readonly region?: string;
  /** The path behind the project that lists all locations. */
  readonly allLocations?: string;
  /** Whether the last collection before the jobs is listed first. */
  readonly isWithin: boolean;
}

const REGIONS = new Set(['locations', 'regions']);

/** The collection of a parent; undefined where it is none of the names that the kind has. */
export function findPlace({ groups }: JobKindGroups, parent: string): Place | undefined {
  const places = groups
    .flatMap((group) => namesOf(group).map((pattern) => placeIn(group, pattern, parent)))
    .filter((one) => one !== undefined);
  // The parent as it is written goes before all locations of its project.
  return places.find(({ name }) => !name.split('/').includes('-')) ?? places[0];
}

/** Undefined where a parent is not one of the names that a pattern has. */
function placeIn(group: MethodGroup, pattern: string, parent: string): Place | undefined {
  if (group.list === false) return undefined;
  const { allLocations, within } = group.lists ?? {};
  const forms = pattern.split('/').slice(0, -1);
  const segments = parent.split('/');
  if (segments.length % 2 === 1 && segments.at(-1) === forms.at(-1)) segments.pop();
  if (forms[0] === 'namespaces') return inNamespace(group, forms, segments);
  // Dataproc has jobs in regions and batches in locations.
  const [third = ''] = forms.slice(2);
  if (REGIONS.has(third) && REGIONS.has(segments[2] ?? '')) segments[2] = third;
  const isLocated = third === 'locations' && forms[3] === '*';
  if (segments.length === 2 && isLocated && allLocations !== undefined) segments.push('locations', '-');
  if (within !== undefined && segments.length === forms.length - 3) {
    segments.push(forms.at(-3) ?? '', '-');
  }
  const isParent =
    segments.length === forms.length - 1 &&
    segments.every((segment, at) => forms[at] === '*' || forms[at] === segment);
  if (!isParent) return undefined;
  const wildcards = segments.flatMap((segment, at) => (segment === '-' ? [at] : []));
  const isWithin = within !== undefined && wildcards.includes(segments.length - 1) && segments.length > 4;
  const isAnywhere = isLocated && wildcards.includes(3) && allLocations !== undefined;
  if (wildcards.length > (isWithin ? 1 : 0) + (isAnywhere ? 1 : 0) || (isWithin && isAnywhere))
    return undefined;
  return {
    group,
    name: [...segments, forms.at(-1)].join('/'),
    ...(isAnywhere && allLocations !== '-' && { allLocations }),
    isWithin: isWithin && typeof within === 'object',
  };
}

/** Cloud Run's v1 has a host for each region, and the project as a namespace. */
function inNamespace(
  group: MethodGroup,
  forms: readonly string[],
  segments: readonly string[],
): Place | undefined {
  const [first, project = '', locations, region] = segments;
  if (segments.length !== 4 || first !== 'projects' || locations !== 'locations' || region === '-')
    return undefined;
  return {
    group,
    name: ['namespaces', project, forms.at(-1)].join('/'),
    ...(region !== undefined && { region }),
    isWithin: false,
  };
}

/** The forms that a parent can have, for people. */
export function parentFormsOf({ groups }: JobKindGroups): string {
  const forms = groups
    .filter(({ list }) => list !== false)
    .flatMap((group) => {
      const { allLocations, within } = group.lists ?? {};
      return namesOf(group).flatMap((pattern) => {
        if (pattern.startsWith('namespaces/')) return ['projects/{project}/locations/{location}'];
        const segments = pattern.split('/').slice(0, -2);
        return [
          ...(allLocations === undefined
            ? []
            : [segments.slice(0, allLocations === '-' ? 3 : 2).concat(allLocations === '-' ? ['-'] : [])]),
          ...(within === undefined ? [] : [segments.slice(0, -2)]),
          segments,
        ].map((parts) =>
          parts
            .map((part, at) => (part === '*' ? `{${(parts[at - 1] ?? '').replace(/s$/, '')}}` : part))
            .join('/'),
        );
      });
    });
  return [...new Set(forms)].join(' or ');
}
