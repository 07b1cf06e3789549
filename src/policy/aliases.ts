import { catalog, namesOf } from '../catalog/catalog.ts';
import type { Service } from '../catalog/catalog.ts';
import { serviceLabelsOf } from '../catalog/host.ts';
import { formsOf } from '../catalog/name-pattern.ts';
import type { ResourceIdentity } from '../resources/resource.ts';
import type { Glob } from './glob.ts';
import { ANY_PATH, ANY_PROJECT, ANY_SEGMENT } from './name-template.ts';
import type { Segment, Template } from './name-template.ts';
import { aliasesOfProject } from './projects.ts';
import type { KnownProjects } from './projects.ts';

/**
 * One operation has many names: services write a project's number where its id was asked for, Kubernetes Engine takes a
 * zone as a location, Vertex AI leaves out the parent. A pattern for one of them has to hold for all of them.
 *
 * `aliasesOf` derives the other names of an operation. A part that a name does not say, such as the parent of a short name,
 * is an unknown text, so a pattern can match for certain, or perhaps. The version and the host of a call are no part of a
 * name: every version and every host of a service show the same operations.
 */
export interface Alias {
  readonly segments: Template;
  /** Whether Google takes it for the same operation in any case; otherwise a pattern that matches it only may hold. */
  readonly isCertain: boolean;
  /** Whether it holds only for patterns that name the operation by its id, not for those of all operations of a parent. */
  readonly byId: boolean;
}

/** Whether a pattern matches an operation; `perhaps` says which of its names is not known for certain. */
export type NameMatch = 'yes' | 'no' | { readonly perhaps: 'project' | 'name' };

/** The parts of an operation that its names are made of. */
type Named = Pick<ResourceIdentity, 'service' | 'name' | 'region' | 'job'>;

/** All names of an operation, each as a relative name and as a full resource name. */
export const aliasesOf = ({ service, name, region, job }: Named, known: KnownProjects): readonly Alias[] =>
  job === undefined
    ? derive(service, name.split('/'), { region, known, onlyCertain: false })
    : deriveOfJob(service, name.split('/'), { region, known });

/** The names that Google takes for the same in any case, of a name with unknown parts such as a pattern of the catalog. */
export const certainAliasesOf = (service: string, name: Template): readonly Template[] =>
  derive(service, name, { region: undefined, known: [], onlyCertain: true }).map(({ segments }) => segments);

/** The same for a job. */
export const certainAliasesOfJob = (service: string, name: Template): readonly Template[] =>
  deriveOfJob(service, name, { region: undefined, known: [] }).flatMap(({ segments, isCertain }) =>
    isCertain ? [segments] : [],
  );

function derive(
  service: string,
  name: Template,
  options: {
    readonly region: string | undefined;
    readonly known: KnownProjects;
    /** Leaves out the others, which are many. */
    readonly onlyCertain: boolean;
  },
): readonly Alias[] {
  const { region, known, onlyCertain } = options;
  const forms = nameFormsOf(service);
  const location = region ?? ANY_SEGMENT;
  let aliases: readonly Alias[] = [{ segments: name, isCertain: true, byId: false }];
  const add = (isCertain: boolean, rewrite: (segments: Template) => readonly Template[], byId = false) => {
    if (onlyCertain && !isCertain) return;
    const added = aliases.flatMap((alias) =>
      rewrite(alias.segments).map((segments) => ({
        segments,
        isCertain: isCertain && alias.isCertain,
        byId: byId || alias.byId,
      })),
    );
    aliases = [...aliases, ...added];
  };
  add(true, (one) => otherBuckets(one));
  add(true, (one) => otherPrefixes(one, forms));
  if (forms.haveProjects) add(false, (one) => withUnknownProject(one, location));
  add(true, (one) => withCollection(one, forms));
  if (forms.withoutLocation) add(false, (one) => withLocation(one, location));
  if (forms.nested) {
    add(false, withUnknownParent);
    add(false, withoutParent);
    add(false, (one) => (hasParent(one) ? withUnknownParent(withoutParent(one)[0] ?? []) : []), true);
  }
  if (forms.withoutLocation) add(false, withoutLocation);
  if (forms.withoutProject) add(false, withoutProject);
  add(true, otherPlaces);
  add(true, (one) => otherProjects(one, known));
  return withFullNames(service, aliases);
}

/** Each name also as a full resource name. */
const withFullNames = (service: string, aliases: readonly Alias[]): readonly Alias[] =>
  aliases.flatMap((alias) => [
    alias,
    ...serviceLabelsOf(service).map((label) => ({
      ...alias,
      segments: ['', '', `${label}.googleapis.com`, ...alias.segments],
    })),
  ]);

/** All names of a job. */
function deriveOfJob(
  service: string,
  name: Template,
  { region, known }: { readonly region: string | undefined; readonly known: KnownProjects },
): readonly Alias[] {
  const certain = (segments: Template): Alias => ({ segments, isCertain: true, byId: false });
  const names = [name, ...otherJobNames(service, name)].map(certain);
  const others = otherExecutions(name, region).map((segments) => ({
    ...certain(segments),
    isCertain: false,
  }));
  const inPlaces = [...names, ...others].flatMap((alias) => [
    alias,
    ...otherPlaces(alias.segments).map((segments) => ({ ...alias, segments })),
  ]);
  const inProjects = inPlaces.flatMap((alias) => [
    alias,
    ...otherProjects(alias.segments, known).map((segments) => ({ ...alias, segments })),
  ]);
  return withFullNames(service, inProjects);
}

/** Services in which a job without a location is one of `global`. */
const GLOBAL_SERVICES = new Set(['cloudbuild', 'dlp']);

/** Builds and jobs of the location `global`, which have a name without it too. */
function otherJobNames(service: string, name: Template): readonly Template[] {
  if (!GLOBAL_SERVICES.has(service) || name[0] !== 'projects') return [];
  if (name.length === 4) return [[...name.slice(0, 2), 'locations', 'global', ...name.slice(2)]];
  const mayBeGlobal = name[2] === 'locations' && (name[3] === 'global' || typeof name[3] !== 'string');
  return mayBeGlobal && name.length === 6 ? [[...name.slice(0, 2), ...name.slice(4)]] : [];
}

/** Cloud Run names an execution by its namespace, or by its location and the job, which the other name does not say. */
function otherExecutions(name: Template, region: string | undefined): readonly Template[] {
  const [first, project, , , , , executions, id] = name;
  if (first === 'namespaces' && project !== undefined) {
    const [kind, execution] = name.slice(2);
    return kind === 'executions' && execution !== undefined
      ? [['projects', project, 'locations', region ?? ANY_SEGMENT, 'jobs', ANY_SEGMENT, kind, execution]]
      : [];
  }
  if (first !== 'projects' || project === undefined || name.length !== 8 || name[4] !== 'jobs') return [];
  return executions === 'executions' && id !== undefined ? [['namespaces', project, executions, id]] : [];
}

/** Whether a pattern matches one of the names of an operation. */
export function matchAliases(glob: Glob, aliases: readonly Alias[]): NameMatch {
  const isById = namesAnId(glob.pattern);
  let perhaps: 'project' | 'name' | undefined;
  for (const { segments, isCertain, byId } of aliases) {
    if ((byId && !isById) || !glob.mayMatch(segments)) continue;
    // Without unknown texts, a template is a name, which the pattern matches for certain in the same case only.
    const isName = segments.every((segment) => typeof segment === 'string');
    if (isName && isCertain && glob.matches(segments.join('/'))) return 'yes';
    perhaps = perhaps === 'name' || !hasUnknownProject(segments) ? 'name' : 'project';
  }
  return perhaps === undefined ? 'no' : { perhaps };
}

const namesAnId = (pattern: string) => /[^*?]/.test(pattern.slice(pattern.lastIndexOf('/') + 1));

/** Whether the other name of its project is all that is not known of a name. */
const hasUnknownProject = (segments: Template) =>
  segments.some((one) => typeof one !== 'string' && /^project (?:id|number)$/.test(one.unknown));

/** Owners of operations that are no projects, so that no project is missing in such names. */
const OTHER_OWNERS = new Set<Segment>([
  ...['accounts', 'billingAccounts', 'customers', 'enterprises', 'folders', 'networks', 'organizations'],
]);

/** Whether a name leaves its project out. */
const isBare = (name: Template) =>
  name[0] !== undefined && name[0] !== 'b' && !OTHER_OWNERS.has(name[0]) && !name.includes('projects');

/** The forms of names that a service has, which say which of its names are aliases of each other. */
interface NameForms {
  /** Whether names begin with `operations/projects/`, and are also written without `operations/`. */
  readonly prefixed: boolean;
  /** Whether names begin with `operations/build/{project}/`. */
  readonly builds: boolean;
  /** Whether names without a project nevertheless belong to one. */
  readonly haveProjects: boolean;
  /** Whether names come with a project and without one. */
  readonly withoutProject: boolean;
  /** Whether names come with a location and without one. */
  readonly withoutLocation: boolean;
  /** Whether names come with a parent below the location and without one. */
  readonly nested: boolean;
  /** Whether data stores and engines come with their collection and without one. */
  readonly collections: boolean;
}

/** By the services of the catalog, which bound it. Made when one is first asked for: all take some 10 ms of a start. */
const formsByService = new Map<string, NameForms>();

function nameFormsOf(service: string): NameForms {
  const known = formsByService.get(service);
  if (known !== undefined) return known;
  const forms = readNameForms(catalog.services[service]);
  if (Object.hasOwn(catalog.services, service)) formsByService.set(service, forms);
  return forms;
}

function readNameForms(
  { versions, delegated }: Pick<Service, 'versions' | 'delegated'> = { versions: {} },
): NameForms {
  const patterns = Object.values(versions).flat().flatMap(namesOf).flatMap(formsOf);
  const some = (expression: RegExp) => patterns.some((pattern) => expression.test(pattern));
  return {
    prefixed: some(/^operations\/projects\//),
    builds: some(/^operations\/build\//),
    haveProjects: delegated !== true,
    withoutProject: some(/^projects\//) && patterns.some((pattern) => isBare(pattern.split('/'))),
    withoutLocation: some(/^projects\/\*\/operations\//) && some(/^projects\/\*\/locations\//),
    nested:
      some(/^projects\/\*\/locations\/\*\/operations\//) &&
      some(/^projects\/\*\/locations\/\*\/(?!operations\/).*\/operations\//),
    collections: some(/\/collections\/\*\/dataStores\//),
  };
}

/** Cloud Storage writes `b/{bucket}` in paths and `projects/_/buckets/{bucket}` in names. */
function otherBuckets([first, second, third, ...rest]: Template): readonly Template[] {
  if (first === 'b' && second !== undefined && third === 'operations') {
    return [
      ['projects', '_', 'buckets', second, third, ...rest],
      ['projects', ANY_PROJECT, 'buckets', second, third, ...rest],
    ];
  }
  if (first !== 'projects' || second !== '_' || third !== 'buckets') return [];
  return [
    ['b', ...rest],
    ['projects', ANY_PROJECT, 'buckets', ...rest],
  ];
}

/** `operations/projects/…` of Bigtable and Video Intelligence, `operations/build/{project}/…` of Cloud Build. */
function otherPrefixes(name: Template, { prefixed, builds }: NameForms): readonly Template[] {
  const [first, second, third, , fifth] = name;
  if (first === 'operations' && second === 'projects') return [name.slice(1)];
  if (builds && first === 'operations' && second === 'build' && third !== undefined) {
    return [['projects', third, 'locations', ANY_SEGMENT, 'operations', ...name.slice(3)]];
  }
  if (first !== 'projects' || second === undefined) return [];
  if (builds && fifth === 'operations') return [['operations', 'build', second, ...name.slice(5)]];
  return prefixed ? [['operations', ...name]] : [];
}

/** A name without a project is that of an operation of some project. */
function withUnknownProject(name: Template, location: Segment): readonly Template[] {
  const [first, second] = name;
  if (!isBare(name) || (first === 'operations' && second === 'build')) return [];
  return [
    ['projects', ANY_PROJECT, ...name],
    ['projects', ANY_PROJECT, 'locations', location, ...name],
  ];
}

/** Discovery Engine has data stores and engines in the default collection where a name leaves it out. */
function withCollection(name: Template, { collections }: NameForms): readonly Template[] {
  if (!collections) return [];
  const [start, rest] = [name.slice(0, 4), name.slice(4)];
  if (rest[0] === 'dataStores' || rest[0] === 'engines') {
    return [[...start, 'collections', 'default_collection', ...rest]];
  }
  const isDefault = rest[0] === 'collections' && rest[1] === 'default_collection' && rest.length > 4;
  return isDefault ? [[...start, ...rest.slice(2)]] : [];
}

const PLACES = ['locations', 'regions', 'zones'];
const isPlaced = ([first, , place]: Template) =>
  first === 'projects' && typeof place === 'string' && PLACES.includes(place);

/** Dialogflow and others have operations of a project, whose location is that of the host that was asked. */
function withLocation(name: Template, location: Segment): readonly Template[] {
  const [first, project, third, ...rest] = name;
  if (first !== 'projects' || project === undefined || third !== 'operations') return [];
  return [[first, project, 'locations', location, third, ...rest]];
}

const withoutLocation = (name: Template): readonly Template[] =>
  isPlaced(name) && name[4] === 'operations' ? [[...name.slice(0, 2), ...name.slice(4)]] : [];

/** Vertex AI has most names without the project and location that its host and token say. */
const withoutProject = (name: Template): readonly Template[] =>
  name[0] === 'projects' && name.length > 4 && !name.includes(ANY_PATH)
    ? [name.slice(isPlaced(name) ? 4 : 2)]
    : [];

const hasParent = (name: Template) => isPlaced(name) && name.length > 6 && name.at(-2) === 'operations';

/** Vertex AI and others find an operation by its id, whatever its parent is. */
const withoutParent = (name: Template): readonly Template[] =>
  hasParent(name) ? [[...name.slice(0, 4), ...name.slice(-2)]] : [];

const withUnknownParent = (name: Template): readonly Template[] =>
  isPlaced(name) && name.length === 6 && name[4] === 'operations'
    ? [[...name.slice(0, 4), ANY_PATH, ...name.slice(4)]]
    : [];

/** Kubernetes Engine takes a zone as a location, Dataproc a region. */
const otherPlaces = (name: Template): readonly Template[] =>
  isPlaced(name)
    ? PLACES.filter((place) => place !== name[2]).map((place) => [
        ...name.slice(0, 2),
        place,
        ...name.slice(3),
      ])
    : [];

/** Services write the number of a project where its id was asked for. */
function otherProjects(name: Template, known: KnownProjects): readonly Template[] {
  const start = name[0] === 'operations' ? 1 : 0;
  const project = name[start + 1];
  const isBehind =
    name[start] === 'projects' || name[start] === 'namespaces' || (start === 1 && name[1] === 'build');
  if (!isBehind || typeof project !== 'string' || project === '_') return [];
  return aliasesOfProject(project, known)
    .filter((alias) => alias !== project)
    .map((alias) => [...name.slice(0, start + 1), alias, ...name.slice(start + 2)]);
}
