import type { ListFilter, ListForm } from './list-form.ts';
import type { JsonObject } from './rpc-status.ts';
import { transferFilter } from './transfer-filter.ts';

/** `google.longrunning.Operations.ListOperations` (google/longrunning/operations.proto). */
export const STANDARD_LIST: ListForm = {
  size: { parameter: 'pageSize', type: 'TYPE_INT32', most: 1000 },
  parameters: ['pageToken', 'filter', 'returnPartialSuccess'],
  newestFirst: false,
  filter: (query) => doneFilter(query.get('filter') ?? ''),
  unreachable: 'unreachable',
  body: ({ operations, nextPageToken, unreachable }) =>
    withoutEmpty({ operations, nextPageToken, unreachable }),
};

/**
 * Storage Transfer's one collection for all projects
 * (https://cloud.google.com/storage-transfer/docs/reference/rest/v1/transferOperations/list).
 */
export const TRANSFER_LIST: ListForm = {
  ...STANDARD_LIST,
  size: { parameter: 'pageSize', type: 'TYPE_INT32', most: 256 },
  newestFirst: true,
  filter: (query) => transferFilter(query.get('filter') ?? ''),
};

/** Kubernetes Engine has no pages and no filter (google/container/v1/cluster_service.proto). */
export const CONTAINER_LIST: ListForm = {
  parameters: [],
  newestFirst: false,
  filter: () => ({ selects: () => true }),
  unreachable: 'missingZones',
  body: ({ operations, unreachable }) => withoutEmpty({ operations, missingZones: unreachable }),
};

/**
 * Cloud SQL (google/cloud/sql/v1/cloud_sql_operations.proto). It does not say how many come on a page; the
 * `location` is not looked at here.
 */
export const SQL_LIST: ListForm = {
  size: { parameter: 'maxResults', type: 'TYPE_UINT32', most: 1000 },
  parameters: ['pageToken', 'instance', 'location'],
  newestFirst: true,
  filter: (query) => {
    const instance = query.get('instance') ?? '';
    return { selects: ({ targetId }) => instance === '' || targetId === instance };
  },
  body: ({ operations: items, nextPageToken }) => ({
    kind: 'sql#operationsList',
    ...withoutEmpty({ items, nextPageToken }),
  }),
};

/** Cloud Storage (https://cloud.google.com/storage/docs/json_api/v1/operations/list). */
export const STORAGE_LIST: ListForm = {
  size: { parameter: 'pageSize', type: 'TYPE_INT32', most: 100 },
  parameters: ['pageToken', 'filter'],
  newestFirst: false,
  filter: STANDARD_LIST.filter,
  body: ({ operations, nextPageToken }) => ({
    kind: 'storage#operations',
    ...withoutEmpty({ operations, nextPageToken }),
  }),
};

/** Empty fields are left out, as in all of proto3's JSON: a list of nothing is {}. */
function withoutEmpty(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** Filters by `done` only. Real services differ in the filters that they understand, and some ignore them. */
function doneFilter(filter: string): ListFilter {
  if (filter.trim() === '') return { selects: () => true };
  const match = /^\s*(not\s+)?done\s*[=:]\s*(true|false)\s*$/i.exec(filter);
  if (!match) return { problem: `Invalid filter: ${filter}` };
  const wanted = (match[2]?.toLowerCase() === 'true') !== (match[1] !== undefined);
  return { selects: ({ done = false }) => done === wanted };
}
