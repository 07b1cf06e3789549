/**
 * What an operation is to this system: where it lives and what it is called. Names are unique only within a
 * service (google/longrunning/operations.proto), so service and name together are its identity.
 */
export interface Operation {
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
  /** The project that owns it; absent for names without one, as `operations/…`. */
  readonly project?: string;
  /** Host that serves it: one that the catalog lists. */
  readonly host: string;
  /** `https://{host}/{version}/{name}`, without `:cancel`. */
  readonly url: string;
  readonly cancel: Call;
  /** Absent where the service offers no GET. */
  readonly get?: Call;
  /** How the GET tells its state. */
  readonly state: StateForm;
  /**
   * `//{service}.googleapis.com/{name}`: its full resource name
   * (https://cloud.google.com/apis/design/resource_names).
   */
  readonly fullResourceName: string;
  /** OAuth scopes of which any one is accepted, as the API documents them. */
  readonly scopes: readonly string[];
  /** Scopes that a token is asked for, the narrowest first. */
  readonly tokenScopes: readonly string[];
  /** Whether the token has to stand for a person, by domain-wide delegation. */
  readonly delegated: boolean;
}

/** One HTTP request about an operation. */
export interface Call {
  readonly method: 'GET' | 'POST';
  /** Behind the host, without a leading slash. */
  readonly path: string;
}

/** `longrunning` is `google.longrunning.Operation`; the others are older than it. */
export type StateForm = 'longrunning' | 'container' | 'sqladmin';
