import type { StateForm } from './resource.ts';

/** The operations of one parent, as their service lists them. */
export interface Collection {
  /** Short name of the service, as `notebooks`. */
  readonly service: string;
  /** Version of its API, as `v2`. */
  readonly version: string;
  /** Relative resource name, as `projects/p/locations/l/operations`. */
  readonly name: string;
  /** Host that serves it: one that the catalog lists. */
  readonly host: string;
  /** Behind the host, without a leading slash. */
  readonly path: string;
  /** What the list is asked for, in the service's own language. */
  readonly filter?: string | undefined;
  /** How an entry tells its state, and the list its pages. */
  readonly state: StateForm;
  /** Scopes that a token is asked for, the narrowest first. */
  readonly tokenScopes: readonly string[];
  /** Whether the token has to stand for a person, by domain-wide delegation. */
  readonly delegated: boolean;
}

/** Which part of a list is asked for. */
export interface PageRequest {
  /** Absent for the first page. */
  readonly pageToken?: string | undefined;
  readonly pageSize: number;
}
