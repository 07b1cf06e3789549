import { jsonAnswer } from '../answer.ts';
import { throughFaults, type Reply, type ServiceRequest } from '../operation-methods.ts';
import { unknownParameters } from '../query-parameters.ts';
import type { JsonObject } from '../rpc-status.ts';
import { PLAIN_LIST } from '../scripted-list.ts';
import { globalHost } from './hosts.ts';
import type { JobBackend } from './job-backend.ts';
import { filled, pathTemplate, type PathVariables } from './path-template.ts';

/** The list of what jobs are in, for a service whose jobs can only be listed there. */
interface ParentList {
  readonly host: (host: string, at: PathVariables) => boolean;
  readonly path: string;
  /** The service and kind of the jobs, and the variable of their path. */
  readonly of: readonly [service: string, kind: string, variable: string];
  readonly parameters: readonly string[];
  readonly items: string;
  readonly item: (name: string, id: string) => JsonObject;
}

const compute = (scope: 'zone' | 'region'): ParentList => ({
  host: (host) => host === 'compute.googleapis.com',
  path: `/compute/v1/projects/{project}/${scope}s/{${scope}}/instanceGroupManagers`,
  of: ['compute', 'resizeRequests', 'group'],
  parameters: ['filter', 'maxResults', 'orderBy', 'pageToken', 'returnPartialSuccess'],
  items: 'items',
  item: (name, id) => ({
    kind: 'compute#instanceGroupManager',
    name: id,
    selfLink: `https://compute.googleapis.com/compute/v1/${name}`,
  }),
});

const LISTS: readonly ParentList[] = [
  {
    // google/cloud/workflows/v1/workflows.proto
    host: globalHost('workflows'),
    path: '/v1/projects/{project}/locations/{location}/workflows',
    of: ['workflowexecutions', 'executions', 'workflow'],
    parameters: ['filter', 'orderBy', 'pageSize', 'pageToken'],
    items: 'workflows',
    item: (name) => ({ name, state: 'ACTIVE', revisionId: '000001-abc' }),
  },
  ...(['v1', 'v1beta1'] as const).map((version): ParentList => ({
    // google/cloud/dataform/v1/dataform.proto
    host: globalHost('dataform'),
    path: `/${version}/projects/{project}/locations/{location}/repositories`,
    of: ['dataform', 'workflowInvocations', 'repository'],
    parameters: ['filter', 'orderBy', 'pageSize', 'pageToken'],
    items: 'repositories',
    item: (name) => ({ name }),
  })),
  compute('zone'),
  compute('region'),
];

const ROUTES = LISTS.map((list) => ({ list, template: pathTemplate(list.path) }));

/**
 * Answers with the workflows, repositories and instance groups that the jobs here are in, all on one page;
 * undefined where the request is for something else.
 */
export function answerParents(
  { method, host, path, query }: ServiceRequest,
  { jobs, lists, now }: JobBackend,
): Reply | undefined {
  if (method !== 'GET') return undefined;
  for (const { list, template } of ROUTES) {
    const at = template.match(path);
    if (!at || !list.host(host, at)) continue;
    const refusal = unknownParameters(query, list.parameters);
    if (refusal) return { answer: refusal };
    const [service, kind, variable] = list.of;
    const ids = new Set(
      jobs
        .all()
        .filter(({ address: { kind: its } }) => its.service === service && its.kind === kind)
        .filter(({ address }) => Object.entries(at).every(([name, value]) => address.at[name] === value))
        .map(({ address }) => address.at[variable] ?? ''),
    );
    const parent = filled(list.path, at).replace(/^\/(?:compute\/)?v1[a-z0-9]*\//, '');
    const items = [...ids].map((id) => list.item(`${parent}/${id}`, id));
    const { nextFault } = lists.get(`https://${host}${path}`) ?? PLAIN_LIST;
    return throughFaults(nextFault(), {
      host,
      name: parent,
      method: 'list',
      nowMs: now(),
      resource: () => ({}),
      ordinary: () => jsonAnswer(200, items.length > 0 ? { [list.items]: items } : {}),
    });
  }
  return undefined;
}
