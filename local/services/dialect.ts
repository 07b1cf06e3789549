import type { JsonObject } from './rpc-status.ts';

/**
 * How a service's HTTP differs from google.longrunning.Operations. Written from the services' own references
 * and not from the catalogue, so that the two can disagree.
 */
export interface Dialect {
  readonly cancel: { readonly method: 'GET' | 'POST'; readonly suffix: string };
  readonly hasGet: boolean;
  /** The operation as its GET shows it, made of the one that most services show. */
  readonly show: (operation: JsonObject) => JsonObject;
}

const STANDARD: Dialect = {
  cancel: { method: 'POST', suffix: ':cancel' },
  hasGet: true,
  show: (operation) => operation,
};
const WITHOUT_GET: Dialect = { ...STANDARD, hasGet: false };

const DIALECTS: Readonly<Record<string, Dialect>> = {
  // https://cloud.google.com/storage/docs/json_api/v1/operations/cancel
  storage: { ...STANDARD, cancel: { method: 'POST', suffix: '/cancel' } },
  // https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/operations/cancel
  sqladmin: { ...STANDARD, cancel: { method: 'POST', suffix: '/cancel' }, show: showSql },
  // https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.operations
  container: { ...STANDARD, show: showContainer },
  // https://cloud.google.com/ai-platform/data-labeling/docs/reference/rest/v1beta1/projects.operations/cancel
  datalabeling: { ...STANDARD, cancel: { method: 'GET', suffix: ':cancel' } },
  chromemanagement: WITHOUT_GET,
  firebasehosting: WITHOUT_GET,
  firebaseml: WITHOUT_GET,
  runtimeconfig: WITHOUT_GET,
  texttospeech: WITHOUT_GET,
};

export const dialectOf = (service: string): Dialect =>
  (Object.hasOwn(DIALECTS, service) ? DIALECTS[service] : undefined) ?? STANDARD;

const idOf = ({ name }: JsonObject) => (typeof name === 'string' ? (name.split('/').at(-1) ?? '') : '');

/** Kubernetes Engine: `status`, the id alone as `name`, and `google.rpc.Status` where it failed. */
function showContainer({ done, error, ...operation }: JsonObject): JsonObject {
  const cancelling = (operation.metadata as { cancelRequested?: unknown }).cancelRequested === true;
  const running = cancelling ? 'ABORTING' : 'RUNNING';
  return {
    name: idOf(operation),
    operationType: 'CREATE_CLUSTER',
    status: done === true ? 'DONE' : running,
    ...(error !== undefined && { error }),
  };
}

/** Cloud SQL: `status`, and a list of errors with codes in words. */
function showSql({ done, error, ...operation }: JsonObject): JsonObject {
  const { code, message } = (error ?? {}) as { code?: number; message?: string };
  const words = code === 1 ? 'CANCELLED' : 'INTERNAL_ERROR';
  return {
    kind: 'sql#operation',
    name: idOf(operation),
    operationType: 'EXPORT',
    status: done === true ? 'DONE' : 'RUNNING',
    ...(error !== undefined && {
      error: {
        kind: 'sql#operationErrors',
        errors: [{ kind: 'sql#operationError', code: words, message }],
      },
    }),
  };
}
