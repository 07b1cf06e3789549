import { isObject } from '../validation/schema.ts';
import { fieldReader } from './field-path.ts';

/** One page of a list of resources, as any service answers it. */
export interface ListPage {
  readonly entries: readonly unknown[];
  readonly nextPageToken: string | undefined;
  /** Places that the service could not reach (https://google.aip.dev/217). */
  readonly unreachable: readonly string[];
}

/** A usable page token: up to 4,096 printable characters. Those of real services have a few hundred. */
const TOKEN = /^[\u0020-\u007e]{0,4096}$/;

/** How the lists of one kind are written. */
export interface ListFormat {
  /** One of the entries in a word, for problems. */
  readonly noun: string;
  /** The field that holds the entries. */
  readonly itemsField: string;
  /** The field that names the places the list leaves out; `unreachable` where absent. */
  readonly unreachableField?: string | undefined;
  /** The path of the token of the next page; `nextPageToken` where absent. */
  readonly nextPageField?: string | undefined;
}

/**
 * Reads the body of a list.
 *
 * @returns the problem where the body is not a list: an unreadable list says nothing about its entries
 */
export function readListPage(
  page: unknown,
  { noun, itemsField, unreachableField = 'unreachable', nextPageField = 'nextPageToken' }: ListFormat,
): ListPage | { readonly problem: string } {
  // An empty list is `{}`; a body that is not an object is not the answer of this service.
  if (!isObject(page)) return { problem: 'the list is not a JSON object' };
  const entries = page[itemsField] ?? [];
  if (!Array.isArray(entries)) return { problem: `the list has no array of ${noun}s` };
  const token = fieldReader(nextPageField)(page) ?? '';
  if (typeof token !== 'string' || !TOKEN.test(token)) {
    return { problem: 'the list has no usable token for its next page' };
  }
  return {
    entries,
    nextPageToken: token === '' ? undefined : token,
    unreachable: readPlaces(page[unreachableField]),
  };
}

/** Places beyond these are not named: a report has no room for them. */
const MAX_PLACES = 200;

/** A list that says in any form that something is missing is not complete. */
function readPlaces(places: unknown): string[] {
  if (places === undefined || places === null) return [];
  return (Array.isArray(places) ? places : [places]).slice(0, MAX_PLACES).map(placeText);
}

/** Only flat objects are written out, because a body can be nested more deeply than the stack is. */
function placeText(place: unknown): string {
  if (typeof place === 'string') return place;
  if (typeof place !== 'object' || place === null) return String(place);
  const values: unknown[] = Object.values(place);
  const isFlat = values.length <= MAX_PLACES && values.every((value) => typeof value !== 'object');
  return isFlat ? JSON.stringify(place) : 'a place in an unknown form';
}

/**
 * The query parameters that ask for a page.
 *
 * @param pageSizeParameter absent for a service that lists everything at once
 */
export const pageQueryOf = (
  pageSizeParameter: string | undefined,
  { pageSize, pageToken }: { readonly pageSize: number; readonly pageToken?: string | undefined },
  pageTokenParameter = 'pageToken',
): Readonly<Record<string, string>> => ({
  ...(pageSizeParameter !== undefined && { [pageSizeParameter]: String(pageSize) }),
  ...(pageToken !== undefined && { [pageTokenParameter]: pageToken }),
});
