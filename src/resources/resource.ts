import type { JsonObject } from '../validation/schema.ts';
import type { ResourceDescription } from './description.ts';
import type { ListPage } from './list-page.ts';
import type { ResourceState } from './resource-state.ts';

/**
 * The name of something that can be cancelled. Names are unique only within a service
 * (google/longrunning/operations.proto), so service and name together identify it.
 */
export interface ResourceIdentity {
  /** Short name of the service, as `notebooks`. */
  readonly service: string;
  /** Version of its API, as `v2`. */
  readonly version: string;
  /** Relative resource name, as `projects/p/locations/l/operations/o`. */
  readonly name: string;
  /** The region that was asked for, where the name itself carries none. */
  readonly region?: string;
  /** Whether the service's regional endpoint was asked for, `{service}.{location}.rep.googleapis.com`. */
  readonly regionalEndpoint?: boolean;
  /** The kind of a job, as `customJobs`; absent for operations. */
  readonly job?: string;
  /** The project that owns it; absent for names without one, as `operations/…`. */
  readonly project?: string;
  /**
   * `//{service}.googleapis.com/{name}`: its full resource name
   * (https://cloud.google.com/apis/design/resource_names).
   */
  readonly fullResourceName: string;
}

/** Something that can be cancelled, as the catalog resolves it: everything that a call about it needs. */
export interface Resource extends ResourceIdentity {
  /** Host that serves it: one that the catalog lists. */
  readonly host: string;
  /** `https://{host}/{version}/{name}`, without `:cancel`. */
  readonly url: string;
  readonly calls: {
    /** With a field of the resource in braces in its path where the resource names the operation to cancel. */
    readonly cancel: Call;
    /** Absent where the service offers no GET. */
    readonly get?: Call;
  };
  readonly auth: AuthRequirements;
  readonly kind: ResourceKind;
  /** Whether its service finds it with its location only, which neither its name nor the request says. */
  readonly lacksLocation?: true;
}

/** One HTTP request about a resource. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Behind the host, without a leading slash. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON; zero bytes where absent. */
  readonly body?: JsonObject;
}

/** Parameters of a query; several values repeat a parameter. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** A cancel in short, as `POST :cancel`: its method, and what it adds to the path of the resource. */
export const cancelText = ({ method, path }: Call): string =>
  [method, /(?::[a-z]+|\/cancel)$/.exec(path)?.[0] ?? ''].join(' ').trimEnd();

/** Path and query of a call. */
export function targetOf({ path, query }: Call): string {
  if (query === undefined) return path;
  const values = Object.entries(query).flatMap(([parameter, value]) =>
    (typeof value === 'string' ? [value] : value).map((one): [string, string] => [parameter, one]),
  );
  const parameters = new URLSearchParams(values).toString();
  return parameters === '' ? path : `${path}?${parameters}`;
}

/** The token that a service accepts. */
export interface AuthRequirements {
  /** OAuth scopes of which any one is accepted, as the API documents them. */
  readonly scopes: readonly string[];
  /** Scopes to request for a token, the narrowest first. */
  readonly tokenScopes: readonly string[];
  /** Whether the token has to stand for a person, by domain-wide delegation. */
  readonly delegated: boolean;
}

/** The resources of one parent, as their service lists them. */
export interface Collection {
  /** Short name of the service, as `notebooks`. */
  readonly service: string;
  /** Version of its API, as `v2`. */
  readonly version: string;
  /** Relative resource name, as `projects/p/locations/l/operations`. */
  readonly name: string;
  /** The project in the names of its resources; absent where they have none. */
  readonly project?: string;
  /** Host that serves it: one that the catalog lists. */
  readonly host: string;
  /** Behind the host, without a leading slash. */
  readonly path: string;
  /** Limits the list, in the service's own filter language. */
  readonly filter?: string | undefined;
  readonly auth: AuthRequirements;
  /** The kind of its entries. */
  readonly kind: ResourceKind;
  /** What only lists of jobs have. */
  readonly jobs?: JobCollection;
}

/** A collection of jobs. */
export interface JobCollection {
  /** Their kind, as `customJobs`. */
  readonly kind: string;
  /** The region of its jobs, where their names carry none. */
  readonly region?: string;
  /** Parameters of each page, beside those of `kind`. */
  readonly query?: Query;
  /** The parameter for the filter. */
  readonly filterParameter: string;
  /**
   * The list of what contains them, one list each: the name and the path of the collection have `-` in its place. Its entries
   * are containers, not jobs.
   */
  readonly within?: Collection;
  /** Parameters of the GET that shows all of a job, where the list shows only a part of it. */
  readonly wholeQuery?: Query;
}

/** One page of a list, as a request for it. */
export interface PageRequest {
  /** Absent for the first page. */
  readonly pageToken?: string | undefined;
  readonly pageSize: number;
}

/** What the body of a job says beside its state. */
export interface JobFacts {
  /** Its state in the service's own word. */
  readonly state?: string;
  /** When it ended, or last changed, in milliseconds since the epoch. */
  readonly endedAtMs?: number;
  /** Sentences for a person on what continues after its end, such as a cluster that costs. */
  readonly note?: string;
}

/**
 * How the resources of one kind write their state, their lists, their names and their age. Everything that differs
 * between kinds stands behind this interface; `kinds.ts` registers them.
 */
export interface ResourceKind {
  /** One of the resources in a word, for people: `operation`, `job`, `build`. */
  readonly noun: string;
  /**
   * Reads the body of a GET, or an entry of a list. The state is `cancelled` only where the service says so. A body
   * that is not a resource of this kind, or has an unknown state, is `unreadable`, which never counts as an end.
   */
  readState(body: unknown): ResourceState;
  /** Reads the body of a list. An unreadable list says nothing about its entries. */
  readPage(body: unknown): ListPage | { readonly problem: string };
  /** The query parameters that ask for a page, without the filter. */
  pageQuery(page: PageRequest): Readonly<Record<string, string>>;
  /** The relative name of an entry of a list; undefined where it has none. */
  nameOf(entry: JsonObject, collection: Pick<Collection, 'name'>): string | undefined;
  /**
   * The time at which an entry of a list was created, or began, in milliseconds since the epoch; undefined where
   * no field gives it.
   */
  createdAtMs(entry: JsonObject): number | undefined;
  /** Reads the body of a GET, or an entry of a list, for a person who decides whether it is to be cancelled. */
  describe(body: unknown): ResourceDescription;
  /** Reads the body of a GET of a job for what only jobs say; absent for operations. */
  readJob?(body: unknown): JobFacts;
  /** Paths of the fields that a sweep can match on, besides the name. */
  readonly matchableFields: RegExp;
  /** What sweeps need to know of jobs beyond that; absent for operations. */
  readonly jobEntries?: JobEntries;
}

/** How the entries of a list of jobs are read. */
export interface JobEntries {
  /** The location of a job, where its name carries none. */
  locationOf(entry: JsonObject): string | undefined;
  /** When it began to run, in milliseconds since the epoch; undefined where no field gives it. */
  startedAtMs(entry: JsonObject): number | undefined;
  /** The path of a field of a rule, as `configuration.labels.team` for `labels.team`. */
  pathOf(field: string): string;
  /** The state as a rule may write it: the word, and the word without the beginning that all have. */
  statesOf(entry: JsonObject): readonly string[];
  /** All words that a state can be, in both forms. */
  readonly states: readonly string[];
  /** The fields of rules, as `displayName` and `labels.*`. */
  readonly fields: readonly string[];
  /** Whether a field holds a list: proto3 JSON leaves out an empty one. */
  isList(field: string): boolean;
}
