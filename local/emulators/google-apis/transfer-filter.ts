import type { ListFilter } from './list-form.ts';
import type { JsonObject } from './rpc-status.ts';

const LISTS = { jobNames: 'transferJobName', operationNames: 'name' } as const;
const KNOWN: readonly string[] = ['projectId', 'transferStatuses', ...Object.keys(LISTS)];

/**
 * The filter of Storage Transfer, which is required and is JSON text: `projectId`, and optionally the lists
 * `jobNames`, `operationNames` and `transferStatuses`, whose case does not matter
 * (https://cloud.google.com/storage-transfer/docs/reference/rest/v1/transferOperations/list). As in all of
 * protobuf's JSON, `project_id` is another way to write `projectId`.
 */
export function transferFilter(text: string): ListFilter {
  const fields = fieldsOf(text);
  if (!fields) return { problem: 'The filter must be JSON text with the projectId.' };
  const unknown = Object.keys(fields).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) return { problem: `The filter has an unknown field: ${unknown}` };
  const { projectId, transferStatuses } = fields;
  if (typeof projectId !== 'string' || projectId === '') return { problem: 'Project id was not specified.' };
  const wanted = [...Object.keys(LISTS), 'transferStatuses'].find((name) => !isTexts(fields[name]));
  if (wanted !== undefined) return { problem: `The filter's ${wanted} must be a list of texts.` };
  return {
    selects: ({ metadata }) => {
      const shown = metadata as JsonObject;
      return (
        shown['projectId'] === projectId &&
        Object.entries(LISTS).every(([list, field]) => isAmong(shown[field], fields[list])) &&
        isAmong(shown['status'], upperCase(transferStatuses))
      );
    },
  };
}

function fieldsOf(text: string): JsonObject | undefined {
  try {
    // Null throws here; anything else that is no object has no projectId.
    const fields = Object.entries(JSON.parse(text) as JsonObject);
    const camelCase = (name: string) =>
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return Object.fromEntries(fields.map(([name, field]) => [camelCase(name), field]));
  } catch {
    return undefined;
  }
}

const isTexts = (list: unknown) =>
  list === undefined || (Array.isArray(list) && list.every((entry) => typeof entry === 'string'));

/** An absent list and an empty one are the same in protobuf, and select all. */
const isAmong = (shown: unknown, list: unknown) =>
  !Array.isArray(list) || list.length === 0 || list.includes(shown);

const upperCase = (list: unknown) =>
  Array.isArray(list) ? list.map((entry) => String(entry).toUpperCase()) : list;
