import { DEPLOYED_NODE_OPTIONS, nodeOptions } from '../../local/platform.ts';
import { aJobRequest } from './messages.ts';

/** The compared variants: each a folder that the framework runs, with its targets. */
export interface Variant {
  readonly name: string;
  readonly source: string;
  /** For the request step. */
  readonly target: string;
  /** For the re-check step, where it has one. */
  readonly lookTarget?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: string;
  /** Makes its requests, where they are not for operations; such a variant is only measured under load. */
  readonly makeRequest?: () => object;
  /** Whether it takes credentials from its environment; the others have none. */
  readonly sendsCredentials?: boolean;
}

const QUEUE = 'projects/my-project/locations/us-central1/queues/lro-cancel-rechecks';

export const noop: Variant = { name: 'framework, no-op', source: 'bench/floor', target: 'noop' };

const CLOUD_TASKS = {
  RECHECK_DELAY: 'cloud-tasks',
  RECHECK_QUEUE: QUEUE,
  TASKS_SERVICE_ACCOUNT: 'tasks@my-project.iam.gserviceaccount.com',
};

const floor: Variant = { name: 'floor', source: 'bench/floor', target: 'floor', lookTarget: 'floorLook' };

const ours: Variant = {
  name: 'ours, cloud-tasks',
  source: 'dist',
  target: 'cancelOperation',
  lookTarget: 'cancelOperation',
  sendsCredentials: true,
  env: CLOUD_TASKS,
  nodeOptions: DEPLOYED_NODE_OPTIONS,
};

const peer: Variant = {
  name: 'peer',
  source: 'bench/peer',
  target: 'peer',
  lookTarget: 'peerLook',
  sendsCredentials: true,
};

/** In the order in which each round measures them. */
export const variants: readonly Variant[] = [
  floor,
  { name: 'floor, equal calls', source: 'bench/floor', target: 'calls', lookTarget: 'callsLook' },
  {
    name: 'floor, no domains',
    source: 'bench/floor',
    target: 'calls',
    lookTarget: 'callsLook',
    env: { FLOOR_DOMAINS: 'none' },
  },
  ours,
  {
    name: 'ours, a job',
    source: 'dist',
    target: 'cancelOperation',
    makeRequest: aJobRequest,
    nodeOptions: DEPLOYED_NODE_OPTIONS,
    env: { ...CLOUD_TASKS, ALLOWED_JOBS: 'aiplatform.customJobs' },
  },
  { ...ours, name: 'ours, redelivery', env: { RECHECK_DELAY: 'redelivery' } },
  peer,
  { name: 'gax', source: 'bench/gax', target: 'gax' },
];

/**
 * With the heap of an instance of 512 MiB: as Node makes it there, which nobody changes who does not know of it, and as
 * infra/ sets it for the function.
 */
export const inAnInstance: readonly Variant[] = [floor, ours, peer].flatMap((variant) => {
  const { name, nodeOptions: set } = variant;
  const other = set === undefined ? DEPLOYED_NODE_OPTIONS : undefined;
  const heap = set === undefined ? 'our heap' : 'Node’s heap';
  return [
    { ...variant, nodeOptions: nodeOptions(set) },
    { ...variant, name: `${name}, ${heap}`, nodeOptions: nodeOptions(other) },
  ];
});

/** Those whose requests are for operations. */
export const ofOperations = variants.filter(({ makeRequest }) => makeRequest === undefined);
