import type { OperationFacts, OwnShape } from './shape.ts';

const isDone = ({ endTime }: OperationFacts) => endTime !== undefined;

/** `https://container.googleapis.com/v1/projects/p/zones/z`: the URL in front of `/operations`. */
const parentLink = ({ address: { url } }: OperationFacts) => url.replace(/\/operations\/[^/]+$/, '');

/**
 * Kubernetes Engine: `status`, the id alone as `name`, and `google.rpc.Status` where it failed
 * (google/container/v1/cluster_service.proto, Operation). Its times are text, to the nanosecond.
 */
export const CONTAINER: OwnShape = {
  is: 'own',
  operation: (facts) => {
    const location = facts.parent.split('/').at(-1);
    return {
      name: facts.id,
      zone: location,
      operationType: 'UPGRADE_NODES',
      status: isDone(facts) ? 'DONE' : facts.state === 'cancelling' ? 'ABORTING' : 'RUNNING',
      selfLink: facts.address.url,
      targetLink: `${parentLink(facts)}/clusters/cluster/nodePools/pool`,
      location,
      startTime: facts.createTime?.replace('Z', '000000Z'),
      endTime: facts.endTime?.replace('Z', '000000Z'),
      error: facts.error,
    };
  },
};

/** Cloud SQL: `status`, and a list of errors with codes in words (google/cloud/sql/v1/cloud_sql_resources.proto). */
export const SQLADMIN: OwnShape = {
  is: 'own',
  operation: (facts) => ({
    kind: 'sql#operation',
    targetLink: `${parentLink(facts)}/instances/instance`,
    status: isDone(facts) ? 'DONE' : 'RUNNING',
    user: 'operator@example.com',
    insertTime: facts.createTime,
    startTime: facts.createTime,
    endTime: facts.endTime,
    error: facts.error && {
      kind: 'sql#operationErrors',
      errors: [
        {
          kind: 'sql#operationError',
          code: facts.error['code'] === 1 ? 'CANCELLED' : 'INTERNAL_ERROR',
          message: facts.error['message'],
        },
      ],
    },
    operationType: 'EXPORT',
    name: facts.id,
    targetId: 'instance',
    selfLink: facts.address.url,
    targetProject: facts.parent.split('/')[1],
  }),
};
