import { typeOf, wordFor, type LongrunningShape } from './shape.ts';

/** Cloud Build's names begin with the project, or are `operations/build/{project}/{id}`. */
const PROJECT = /^(?:projects|operations\/build)\/([^/]+)/;

/**
 * Dataproc: each status with the time it began, the earlier ones in a list
 * (google/cloud/dataproc/v1/operations.proto, ClusterOperationMetadata).
 */
export const DATAPROC: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: ({ createTime, endTime }) => {
    const pending = { state: 'PENDING', stateStartTime: createTime };
    const running = { state: 'RUNNING', stateStartTime: createTime };
    return {
      ...typeOf('google.cloud.dataproc.v1.ClusterOperationMetadata'),
      clusterName: 'cluster',
      status: endTime === undefined ? running : { state: 'DONE', stateStartTime: endTime },
      statusHistory: endTime === undefined ? [pending] : [pending, running],
      operationType: 'CREATE',
      description: 'Create cluster with 2 workers',
    };
  },
  response: () => ({ ...typeOf('google.cloud.dataproc.v1.Cluster'), clusterName: 'cluster' }),
};

/** Cloud Build v1: the build itself (google/devtools/cloudbuild/v1/cloudbuild.proto, BuildOperationMetadata). */
export const CLOUDBUILD: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: (facts) => ({
    ...typeOf('google.devtools.cloudbuild.v1.BuildOperationMetadata'),
    build: {
      id: facts.id.split('/').at(-1),
      projectId: PROJECT.exec(facts.address.name)?.[1],
      status: wordFor(facts, {
        running: 'WORKING',
        cancelled: 'CANCELLED',
        failed: 'FAILURE',
        succeeded: 'SUCCESS',
      }),
      createTime: facts.createTime,
      startTime: facts.createTime,
      finishTime: facts.endTime,
    },
  }),
  response: ({ id }) => ({
    ...typeOf('google.devtools.cloudbuild.v1.Build'),
    id: id.split('/').at(-1),
    status: 'SUCCESS',
  }),
};

/** Channel: the operation's type, and no time (google/cloud/channel/v1/operations.proto). */
export const CLOUDCHANNEL: LongrunningShape = {
  is: 'longrunning',
  saysNotDone: false,
  metadata: () => ({
    ...typeOf('google.cloud.channel.v1.OperationMetadata'),
    operationType: 'CREATE_ENTITLEMENT',
  }),
  response: () => ({
    ...typeOf('google.cloud.channel.v1.Entitlement'),
    name: 'accounts/C012345/customers/S0123456789/entitlements/E0123456789',
  }),
};
