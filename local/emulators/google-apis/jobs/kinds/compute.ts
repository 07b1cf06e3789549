import { failedPrecondition, legacyError } from '../errors.ts';
import { at } from '../job-filter.ts';
import type { JobFacts, JobKind } from '../job-kind.ts';
import { standardList } from '../list-parts.ts';

const cannotCancel = ({ at: { id }, word }: JobFacts) =>
  failedPrecondition(`Resize request '${id}' is in state ${word}. Only ACCEPTED requests can be cancelled.`);

/** Requests for machines of a group (https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroupManagerResizeRequests). */
const resizeRequests = (scope: 'zone' | 'region'): JobKind => {
  const parent = `projects/{project}/${scope}s/{${scope}}/instanceGroupManagers/{group}/resizeRequests`;
  return {
    service: 'compute',
    kind: 'resizeRequests',
    versions: ['v1'],
    before: 'compute/',
    name: `${parent}/{id}`,
    host: (host) => host === 'compute.googleapis.com',
    getParameters: [],
    words: {
      CREATING: 'queued',
      ACCEPTED: 'running',
      CANCELLED: 'cancelled',
      SUCCEEDED: 'succeeded',
      FAILED: 'failed',
    },
    resource: ({ host, name, at: path, word, createTime }) => ({
      kind: 'compute#instanceGroupManagerResizeRequest',
      id: '1234567890',
      creationTimestamp: createTime,
      name: path['id'],
      [scope]: `https://www.googleapis.com/compute/v1/projects/${path['project']}/${scope}s/${path[scope]}`,
      resizeBy: 8,
      state: word,
      selfLink: `https://${host}/compute/v1/${name}`,
    }),
    cancel: {
      method: 'POST',
      suffix: '/cancel',
      parameters: ['requestId'],
      tooEarly: (facts) => (facts.word === 'ACCEPTED' ? undefined : cannotCancel(facts)),
      finished: cannotCancel,
      answer: (_, { at: path, updateTime }) => ({
        kind: 'compute#operation',
        name: `operation-of-${path['id']}`,
        operationType: 'cancel',
        status: 'RUNNING',
        insertTime: updateTime,
      }),
    },
    list: standardList(parent, 'items', {
      fields: { state: at('state'), name: at('name'), creationTimestamp: at('creationTimestamp') },
      parameters: ['orderBy'],
      size: { parameter: 'maxResults', usual: 500, most: 500 },
      ...(scope === 'region' && { unreachable: 'unreachables' }),
    }),
    permissions: {
      cancel: 'compute.instanceGroupManagers.update',
      get: 'compute.instanceGroupManagers.get',
      list: 'compute.instanceGroupManagers.list',
    },
    error: legacyError,
  };
};

export const COMPUTE: readonly JobKind[] = [resizeRequests('zone'), resizeRequests('region')];
