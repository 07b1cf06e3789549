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

/** In the order in which each round measures them. */
export const variants: readonly Variant[] = [
  { name: 'floor', source: 'bench/floor', target: 'floor', lookTarget: 'floorLook' },
  { name: 'floor, equal calls', source: 'bench/floor', target: 'calls', lookTarget: 'callsLook' },
  {
    name: 'floor, no domains',
    source: 'bench/floor',
    target: 'calls',
    lookTarget: 'callsLook',
    env: { FLOOR_DOMAINS: 'none' },
  },
  {
    name: 'ours, cloud-tasks',
    source: 'dist',
    target: 'cancelOperation',
    lookTarget: 'cancelOperation',
    sendsCredentials: true,
    env: CLOUD_TASKS,
  },
  {
    name: 'ours, a job',
    source: 'dist',
    target: 'cancelOperation',
    makeRequest: aJobRequest,
    env: { ...CLOUD_TASKS, ALLOWED_JOBS: 'aiplatform.customJobs' },
  },
  {
    name: 'ours, redelivery',
    source: 'dist',
    target: 'cancelOperation',
    lookTarget: 'cancelOperation',
    sendsCredentials: true,
    env: { RECHECK_DELAY: 'redelivery' },
  },
  { name: 'peer', source: 'bench/peer', target: 'peer', lookTarget: 'peerLook', sendsCredentials: true },
  { name: 'gax', source: 'bench/gax', target: 'gax' },
];

/** Those whose requests are for operations. */
export const ofOperations = variants.filter(({ makeRequest }) => makeRequest === undefined);
