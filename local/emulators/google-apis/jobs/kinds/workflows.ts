import { failedPrecondition } from '../errors.ts';
import { globalHost } from '../hosts.ts';
import { at } from '../job-filter.ts';
import type { JobFacts, JobKind } from '../job-kind.ts';
import { enumProblem, standardList } from '../list-parts.ts';
import type { JsonObject } from '../../rpc-status.ts';

const VIEWS = ['EXECUTION_VIEW_UNSPECIFIED', 'BASIC', 'FULL'];
const MOST_FULL = 100;

const list = standardList(
  'projects/{project}/locations/{location}/workflows/{workflow}/executions',
  'executions',
  {
    fields: {
      executionID: (execution) => String(execution['name']).split('/').at(-1),
      state: at('state'),
      startTime: at('startTime'),
      endTime: at('endTime'),
      workflowRevisionID: at('workflowRevisionId'),
      label: at('labels'),
      labels: at('labels'),
    },
    parameters: ['view', 'orderBy'],
  },
);

const executionOf = (facts: JobFacts): JsonObject => ({
  name: facts.name,
  createTime: facts.createTime,
  startTime: facts.startTime,
  endTime: facts.endTime,
  state: facts.word,
  argument: '{}',
  result: facts.phase === 'succeeded' ? '"ok"' : undefined,
  error:
    facts.phase === 'failed'
      ? { payload: '{"message":"ZeroDivisionError"}', context: 'in step "divide"' }
      : undefined,
  workflowRevisionId: '000001-abc',
});

/** Executions of workflows (google/cloud/workflows/executions/v1/executions.proto). */
const V1: JobKind = {
  service: 'workflowexecutions',
  kind: 'executions',
  versions: ['v1'],
  name: 'projects/{project}/locations/{location}/workflows/{workflow}/executions/{id}',
  host: globalHost('workflowexecutions'),
  getParameters: ['view'],
  getView: (execution, query) => (query.get('view') === 'BASIC' ? basic(execution) : execution),
  words: {
    QUEUED: 'queued',
    ACTIVE: 'running',
    UNAVAILABLE: 'running',
    CANCELLED: 'cancelled',
    SUCCEEDED: 'succeeded',
    FAILED: 'failed',
  },
  resource: executionOf,
  cancel: {
    method: 'POST',
    suffix: ':cancel',
    fields: [],
    finished: ({ name, word }) =>
      failedPrecondition(`Execution ${name} is in state ${word} and cannot be cancelled.`),
    answer: (execution) => execution,
  },
  list: {
    ...list,
    filter: (query, path) => {
      const problem = enumProblem(query, 'view', VIEWS);
      return problem === undefined ? list.filter(query, path) : { problem };
    },
    mostFor: (query) => (query.get('view') === 'FULL' ? MOST_FULL : list.size.most),
    item: (execution, query) => (query.get('view') === 'FULL' ? execution : basic(execution)),
  },
  permissions: {
    cancel: 'workflows.executions.cancel',
    get: 'workflows.executions.get',
    list: 'workflows.executions.list',
  },
};

/** The beta has no filter, no time of its making, no labels. */
const V1BETA: JobKind = {
  ...V1,
  versions: ['v1beta'],
  resource: (facts) => ({ ...executionOf(facts), createTime: undefined, startTime: facts.createTime }),
  list: { ...V1.list, parameters: ['view'] },
};

export const WORKFLOWEXECUTIONS: readonly JobKind[] = [V1, V1BETA];

/** As ExecutionView.BASIC has it. */
function basic(execution: JsonObject): JsonObject {
  const long = ['argument', 'result', 'error'];
  return Object.fromEntries(Object.entries(execution).filter(([field]) => !long.includes(field)));
}
