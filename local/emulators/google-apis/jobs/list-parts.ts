import type { ListFilter } from '../list-form.ts';
import type { JsonObject } from '../rpc-status.ts';
import { jobFilter, type FilterFields } from './job-filter.ts';
import type { JobListForm, JobPage } from './job-kind.ts';

const DEFAULT_PAGE = 100;

/** A list as most services have it (AIP-132): `pageSize`, `pageToken`, and a filter of AIP-160. */
export function standardList(
  path: string,
  items: string,
  {
    fields,
    parameters = [],
    unreachable,
    ...others
  }: {
    /** Absent where the list takes no filter. */
    readonly fields?: FilterFields;
    readonly parameters?: readonly string[];
    readonly unreachable?: string;
  } & Partial<Pick<JobListForm, 'size' | 'wildcards' | 'newestFirst' | 'item' | 'filter'>> = {},
): JobListForm {
  return {
    paths: [path],
    size: { parameter: 'pageSize', usual: DEFAULT_PAGE, most: 1000 },
    token: 'pageToken',
    parameters: fields ? ['filter', ...parameters] : parameters,
    wildcards: [],
    newestFirst: true,
    filter: (query) => (fields ? jobFilter(query.get('filter') ?? '', fields) : EVERY),
    namesUnreachable: unreachable !== undefined,
    body: (page) => standardBody(page, items, unreachable),
    ...others,
  };
}

/** All of them. */
const EVERY: ListFilter = { selects: () => true };

/** Only those whose parameter is one of the values of an enum; the first is what its absence means. */
export function enumProblem(query: URLSearchParams, name: string, values: readonly string[]) {
  const given = query.get(name);
  if (given === null || values.includes(given)) return undefined;
  return `Invalid value at '${name}' (TYPE_ENUM), "${given}"`;
}

/** The items and what else there is; empty fields are left out. */
function standardBody(
  { items, nextPageToken, unreachable }: JobPage,
  itemsField: string,
  unreachableField?: string,
): JsonObject {
  return {
    ...(items.length > 0 && { [itemsField]: items }),
    ...(nextPageToken !== undefined && { nextPageToken }),
    ...(unreachableField !== undefined && unreachable.length > 0 && { [unreachableField]: unreachable }),
  };
}
