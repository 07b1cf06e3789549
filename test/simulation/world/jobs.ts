/** The forms in which services show jobs, and in which they are cancelled: those that differ most. */
export type JobForm = 'custom-job' | 'stream' | 'query' | 'execution' | 'batch';

/** The state of an operation or a job. */
export type State = 'running' | 'cancelled' | 'succeeded' | 'failed' | 'gone';

/** A job as its service shows it. */
interface Shown {
  readonly state: Exclude<State, 'gone'>;
  readonly cancelRequested: boolean;
  /** Since when it has been in its state. */
  readonly sinceMs: number;
}

const PLACE = 'projects/my-project/locations/us-central1';
const REGION = 'projects/my-project/regions/us-central1';

interface Form {
  readonly url: (id: string) => string;
  readonly cancel: (url: string) => string;
  readonly body: (shown: Shown, url: string) => object;
}

const words = (prefix: string, { state, cancelRequested }: Shown) => {
  const running = cancelRequested ? 'CANCELLING' : 'RUNNING';
  return prefix + (state === 'running' ? running : state.toUpperCase());
};
const timeOf = (ms: number) => new Date(ms).toISOString();
const idOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const operationOf = (url: string) => `${REGION}/operations/of-${idOf(url)}`;

/** In the words of their references: aiplatform, dataflow, bigquery, run and dataproc. */
export const JOB_FORMS: Readonly<Record<JobForm, Form>> = {
  'custom-job': {
    url: (id) => `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}/customJobs/${id}`,
    cancel: (url) => `${url}:cancel`,
    body: (shown) => ({
      state: words('JOB_STATE_', shown),
      ...(shown.state !== 'running' && { endTime: timeOf(shown.sinceMs) }),
    }),
  },
  stream: {
    url: (id) => `https://dataflow.googleapis.com/v1b3/${PLACE}/jobs/${id}`,
    cancel: (url) => url,
    body: (shown) => ({
      currentState: shown.state === 'succeeded' ? 'JOB_STATE_DONE' : words('JOB_STATE_', shown),
      currentStateTime: timeOf(shown.sinceMs),
    }),
  },
  query: {
    url: (id) => `https://bigquery.googleapis.com/bigquery/v2/projects/my-project/jobs/${id}`,
    cancel: (url) => `${url}/cancel`,
    body: ({ state }) => ({
      status: {
        state: state === 'running' ? 'RUNNING' : 'DONE',
        ...(state === 'cancelled' && { errorResult: { reason: 'stopped', message: 'stopped' } }),
        ...(state === 'failed' && { errorResult: { reason: 'invalidQuery', message: 'broke' } }),
      },
    }),
  },
  execution: {
    url: (id) => `https://run.googleapis.com/v2/${PLACE}/jobs/j/executions/${id}`,
    cancel: (url) => `${url}:cancel`,
    body: ({ state, cancelRequested }) => ({
      // One that failed counts its other tasks as cancelled.
      ...(state === 'failed' && { cancelledCount: 6 }),
      conditions: [
        { type: 'Started', state: 'CONDITION_SUCCEEDED' },
        {
          type: 'Completed',
          state:
            state === 'running'
              ? 'CONDITION_RECONCILING'
              : `CONDITION_${state === 'succeeded' ? 'SUCCEEDED' : 'FAILED'}`,
          ...(state === 'running' && cancelRequested && { executionReason: 'CANCELLING' }),
          ...(state === 'cancelled' && { executionReason: 'CANCELLED' }),
          ...(state === 'failed' && { executionReason: 'NON_ZERO_EXIT_CODE' }),
        },
      ],
    }),
  },
  batch: {
    url: (id) => `https://dataproc.googleapis.com/v1/${PLACE}/batches/${id}`,
    cancel: (url) => `https://dataproc.googleapis.com/v1/${operationOf(url)}:cancel`,
    body: (shown, url) => ({
      state: words('', shown),
      stateTime: timeOf(shown.sinceMs),
      operation: operationOf(url),
    }),
  },
};

/** The job or operation that a call is about, and whether the call cancels it. */
export function targetOf(
  method: string,
  url: string,
): { readonly target: string; readonly isCancel: boolean } {
  const [path = ''] = url.split('?');
  const batch = /^(https:\/\/dataproc\.googleapis\.com\/v1\/)projects\/.*\/operations\/of-(.*):cancel$/.exec(
    path,
  );
  if (batch) return { target: JOB_FORMS.batch.url(batch[2] ?? ''), isCancel: true };
  const isBigQuery = path.startsWith('https://bigquery.');
  const target = path.replace(isBigQuery ? /\/cancel$/ : /:cancel$/, '');
  return { target, isCancel: target !== path || method === 'PUT' };
}

export const isJobForm = (form: string): form is JobForm => Object.hasOwn(JOB_FORMS, form);
