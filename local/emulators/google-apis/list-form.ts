import type { JsonObject } from './rpc-status.ts';

/** The operations that a filter selects, or the error in it. */
export type ListFilter =
  { readonly selects: (operation: JsonObject) => boolean } | { readonly problem: string };

/** One page of a list, before its service has put it in words. */
export interface ListPage {
  readonly operations: readonly JsonObject[];
  readonly nextPageToken: string | undefined;
  readonly unreachable: readonly string[];
}

/**
 * The way a service lists operations. It comes from the services' own references and not from the catalog, so
 * that the two can disagree.
 */
export interface ListForm {
  /** The parameter with the size of a page; absent where all operations come at once. */
  readonly size?: { readonly parameter: string; readonly type: string; readonly most: number };
  /** The other parameters of the query, `pageToken` included. */
  readonly parameters: readonly string[];
  /**
   * Whether the list begins with the operation that was added last. The scripted age does not matter here.
   */
  readonly newestFirst: boolean;
  readonly filter: (query: URLSearchParams) => ListFilter;
  /** The field that names the locations that were not reached. */
  readonly unreachable?: 'unreachable' | 'missingZones';
  readonly body: (page: ListPage) => JsonObject;
}
