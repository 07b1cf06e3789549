import { isObject } from '../validation/schema.ts';
import type { StateForm } from './resource.ts';

/** One page of a list of operations, as any service answers it. */
export interface ListPage {
  readonly entries: readonly unknown[];
  readonly nextPageToken: string | undefined;
  /** Places that the service could not look at (https://google.aip.dev/217). */
  readonly unreachable: readonly string[];
}

/** The tokens of real services have a few hundred characters. */
const TOKEN = /^[\u0020-\u007e]{0,4096}$/;

/**
 * Reads the body of a list.
 *
 * @returns what is wrong with it, where it is not one: a list that cannot be read says nothing of what is on it
 */
export function readListPage(form: StateForm, page: unknown): ListPage | { readonly problem: string } {
  // A list of nothing is `{}`; what is no object may be anybody's answer.
  if (!isObject(page)) return { problem: 'the list is not a JSON object' };
  const entries = (form === 'sqladmin' ? page.items : page.operations) ?? [];
  if (!Array.isArray(entries)) return { problem: 'the list has no array of operations' };
  const token = page.nextPageToken ?? '';
  if (typeof token !== 'string' || !TOKEN.test(token)) {
    return { problem: 'the list has no usable token for its next page' };
  }
  const unreachable = [page.unreachable, page.missingZones].flatMap((places) =>
    Array.isArray(places)
      ? places.map((place) => (typeof place === 'string' ? place : JSON.stringify(place)))
      : [],
  );
  return { entries, nextPageToken: token === '' ? undefined : token, unreachable };
}
