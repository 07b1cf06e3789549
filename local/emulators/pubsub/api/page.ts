import { invalidArgument } from '../status-error.ts';

/** The parameters of every List method of pubsub.proto. */
export interface PageRequest {
  pageSize: number;
  pageToken: string;
}

// The page size of requests that name none.
const defaultPageSize = 100;
const maxPageSize = 1_000;

/** One page of the items, by name; the token is the last name of the page before. */
export function page<T extends { name: string }>(items: readonly T[], { pageSize, pageToken }: PageRequest) {
  if (pageSize < 0) throw invalidArgument(`Invalid page_size: ${pageSize}.`);
  const size = Math.min(pageSize === 0 ? defaultPageSize : pageSize, maxPageSize);
  const rest = items.filter(({ name }) => name > pageToken).sort((a, b) => (a.name < b.name ? -1 : 1));
  const onPage = rest.slice(0, size);
  return { items: onPage, nextPageToken: rest.length > size ? (onPage.at(-1)?.name ?? '') : '' };
}
