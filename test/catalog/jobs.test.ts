import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jobKindNames } from '../../src/catalog/catalog.ts';
import { parseJobReference } from '../../src/catalog/reference.ts';
import { resolve } from '../../src/catalog/resolve.ts';
import { readConfigurations, readExtract } from '../../tools/catalog/files.ts';
import { jobs } from '../../tools/catalog/jobs.ts';

const apis = await readExtract();
const { otherCancels } = await readConfigurations();

/** The job of a pattern: each wildcard is an id, each location a region. */
const nameOf = (pattern: string) =>
  pattern
    .replace(/((?:locations|regions)\/)\*/g, '$1us-central1')
    .replace(/(zones\/)\*/g, '$1us-central1-a')
    .replace(/\*|\{project\}/g, 'x');

const lookUp = (service: string, version: string, pattern: string) =>
  resolve(
    parseJobReference(nameOf(pattern), {
      service,
      version,
      ...(pattern.startsWith('namespaces') && { region: 'us-central1' }),
    }),
  );

/** Method and path of every cancel of both sources, with `x` for each id. */
const documented = new Set([
  ...apis.flatMap(({ resources }) =>
    resources.flatMap(({ methods: { cancel }, sample = '' }) =>
      cancel === undefined
        ? []
        : [cancel.replace(/\{\+?name\}/, sample.replace(/my-[\w-]+/g, 'x')).replace(/\{[^}]+\}/g, 'x')],
    ),
  ),
  ...otherCancels.flatMap(({ rules }) =>
    rules.map((rule) =>
      rule
        .replace(/^([A-Z]+) \//, '$1 ')
        .replace(/\{\w+=([^}]*)\}/g, '$1')
        .replace(/\*|\{\w+\}/g, 'x'),
    ),
  ),
]);

/** Cancels that both sources have under another verb, or not at all, as the newest discovery documents have them. */
const ELSEWHERE = new Set([
  'aiplatform v1beta1 evaluationRuns',
  'dataflow v1b3 jobs',
  'dataproc v1 batches',
  'dataproc v1 sessions',
  'clouddeploy v1 jobRuns',
  'integrations v1 executions',
]);

describe('the catalog of jobs', () => {
  for (const { service, versions, kind, names } of jobs) {
    for (const version of versions) {
      for (const pattern of names) {
        it(`the cancel of ${service} ${version} ${pattern} is one that Google documents`, () => {
          const { calls, job, project } = lookUp(service, version, pattern);
          assert.equal(job, kind);
          assert.equal(project, 'x');
          const called = `${calls.cancel.method} ${calls.cancel.path}`.replace(/us-central1(?:-a)?/g, 'x');
          const key = `${service} ${version} ${kind}`;
          if (ELSEWHERE.has(key)) assert.ok(!documented.has(called), `${key} has a source now`);
          else assert.ok(documented.has(called), called);
        });
      }
    }
  }

  it('zero bytes are sent with a cancel but for three services that need a body', () => {
    const bodies = jobs.flatMap(({ service, versions, names }) =>
      versions.flatMap((version) =>
        names.flatMap((pattern) => {
          const { body } = lookUp(service, version, pattern).calls.cancel;
          return body === undefined ? [] : [[service, body]];
        }),
      ),
    );
    assert.deepEqual(bodies, [
      ['dataflow', { requestedState: 'JOB_STATE_CANCELLED' }],
      ['cloudbuild', { projectId: 'x', id: 'x' }],
      ['integrations', { cancelReason: 'Cancelled by lro-cancel' }],
    ]);
  });

  it('the catalog has the nine kinds of Vertex AI, in both versions', () => {
    const vertex = jobs.filter(({ service }) => service === 'aiplatform');
    assert.equal(vertex.length, 9);
    for (const { versions } of vertex) assert.deepEqual(versions, ['v1', 'v1beta1']);
  });

  it('kinds that save little money or do harm have to be named in full', () => {
    const explicit = [...jobKindNames]
      .filter(([, kind]) => kind.explicit)
      .map(([name]) => name.split('.')[0]);
    assert.deepEqual([...new Set(explicit)].sort(), [
      ...['clouddeploy', 'compute', 'dataplex', 'dataproc', 'integrations', 'osconfig'],
      ...['storagebatchoperations', 'testing', 'vmmigration'],
    ]);
    assert.equal(jobKindNames.get('compute.resizeRequests')?.explicit, false);
    assert.equal(jobKindNames.get('dataproc.jobs')?.explicit, false);
  });
});

describe('a reference to a job', () => {
  for (const [title, text, context, url] of [
    [
      'a URL',
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/customJobs/1',
      {},
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/customJobs/1',
    ],
    [
      'a URL of its cancel',
      'https://batch.googleapis.com/v1/projects/p/locations/us-central1/jobs/j:cancel',
      {},
      'https://batch.googleapis.com/v1/projects/p/locations/us-central1/jobs/j',
    ],
    [
      'a full resource name',
      '//aiplatform.googleapis.com/projects/p/locations/global/batchPredictionJobs/1',
      {},
      'https://aiplatform.googleapis.com/v1/projects/p/locations/global/batchPredictionJobs/1',
    ],
    [
      'a full resource name in a multi-region',
      '//aiplatform.googleapis.com/projects/p/locations/eu/pipelineJobs/one',
      {},
      'https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/pipelineJobs/one',
    ],
    [
      'a bare name',
      'projects/p/locations/us-central1/jobs/j',
      { service: 'dataflow.googleapis.com' },
      'https://dataflow.googleapis.com/v1b3/projects/p/locations/us-central1/jobs/j',
    ],
    [
      'a name of Cloud Run v1 alone',
      'namespaces/p/executions/e',
      { service: 'run', region: 'europe-west1' },
      'https://europe-west1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/p/executions/e',
    ],
    [
      'the older common host of Compute Engine',
      'https://www.googleapis.com/compute/v1/projects/p/zones/us-east1-b/instanceGroupManagers/g/resizeRequests/r',
      {},
      'https://compute.googleapis.com/compute/v1/projects/p/zones/us-east1-b/instanceGroupManagers/g/resizeRequests/r',
    ],
  ] as const) {
    it(`a reference to a job by ${title} resolves`, () =>
      assert.equal(resolve(parseJobReference(text, context)).url, url));
  }

  for (const [text, context, location] of [
    ['p:US.job_1', {}, 'US'],
    ['p:us.job_1', {}, 'US'],
    ['example.com:p:europe-west1.job_1', {}, 'europe-west1'],
    ['projects/p/jobs/job_1', { service: 'bigquery', region: 'EU' }, 'EU'],
    ['https://bigquery.googleapis.com/bigquery/v2/projects/p/jobs/job_1?location=us-east4', {}, 'us-east4'],
    ['//bigquery.googleapis.com/projects/p/jobs/job_1', { region: 'asia-south1' }, 'asia-south1'],
    ['https://bigquery.us-east4.rep.googleapis.com/bigquery/v2/projects/p/jobs/job_1', {}, 'us-east4'],
  ] as const) {
    it(`a job of BigQuery is called with the location of ${text}`, () => {
      const { calls } = resolve(parseJobReference(text, context));
      assert.deepEqual(calls.cancel.query, { location });
      assert.deepEqual(calls.get?.query, { location });
    });
  }

  it('a job of BigQuery without a location is called without one', () => {
    const { calls } = resolve(parseJobReference('projects/p/jobs/j', { service: 'bigquery' }));
    assert.deepEqual(calls.cancel, { method: 'POST', path: 'bigquery/v2/projects/p/jobs/j/cancel' });
  });

  it('the host decides which of the services with the same names has a job', () => {
    const names = ['batch', 'dataflow', 'storagebatchoperations'].map((service) => {
      const { job, calls } = resolve(
        parseJobReference(`//${service}.googleapis.com/projects/p/locations/us-central1/jobs/j`),
      );
      return [job, calls.cancel.method];
    });
    assert.deepEqual(names, [
      ['jobs', 'POST'],
      ['jobs', 'PUT'],
      ['jobs', 'POST'],
    ]);
  });

  for (const text of [
    '//run.googleapis.com/projects/p/locations/us-central1/jobs/j',
    '//transcoder.googleapis.com/projects/p/locations/us-central1/jobs/j',
    '//cloudscheduler.googleapis.com/projects/p/locations/us-central1/jobs/j',
    '//aiplatform.googleapis.com/projects/p/locations/us-central1/persistentResources/r',
    '//aiplatform.googleapis.com/projects/p/locations/us-central1/schedules/1',
    '//tpu.googleapis.com/projects/p/locations/us-central1-a/queuedResources/q',
  ]) {
    it(`${text}, which has no cancel, is unsupported`, () =>
      assert.throws(() => resolve(parseJobReference(text)), { name: 'Failure', code: 'Unsupported' }));
  }
});

describe('a job or an operation in the field of the other', () => {
  for (const [reference, path, expected] of [
    [
      { ...parseJobReference('projects/p/locations/us-central1/jobs/j', { service: 'batch' }), isJob: false },
      ['operation'],
      '"projects/p/locations/us-central1/jobs/j" is a job of batch; name it in job',
    ],
    [
      parseJobReference('projects/p/locations/us-central1/operations/o', { service: 'batch' }),
      ['job'],
      '"projects/p/locations/us-central1/operations/o" is an operation of batch; name it in operation',
    ],
  ] as const) {
    it(`${path.join('.')}: ${expected}`, () =>
      assert.throws(() => resolve(reference), { code: 'ValueError', path, problem: expected }));
  }
});
