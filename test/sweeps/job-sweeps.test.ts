import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Collection } from '../../src/resources/resource.ts';
import { answered, NOON_MS, status } from '../support/fakes.ts';
import { createSweepApp } from '../support/sweep-harness.ts';
import { LISTED_KINDS } from './job-lists.ts';

const PLACE = 'projects/my-project/locations/us-central1';

const sweepOf = (targets: readonly object[], more: object = {}) => ({
  training: { targets, dryRun: false, ...more },
});
const CUSTOM = { service: 'aiplatform', jobs: ['customJobs'], parents: [PLACE] };
const custom = (id: string, more: object = {}) => ({
  name: `${PLACE}/customJobs/${id}`,
  displayName: id,
  state: 'JOB_STATE_RUNNING',
  createTime: '2026-11-01T00:00:00Z',
  ...more,
});
const agoMs = (hours: number) => new Date(NOON_MS - hours * 3_600_000).toISOString();

const allowing = (jobs: string) => ({ environment: { ALLOWED_JOBS: jobs } });
const dataOf = (app: ReturnType<typeof createSweepApp>) =>
  app.requests().map(({ data }) => data as Record<string, unknown>);
const idsOf = (app: ReturnType<typeof createSweepApp>) =>
  dataOf(app).map(({ job }) => String(job).split('/').at(-1));

/** Delivers the messages of a run until its report. */
async function finish(app: ReturnType<typeof createSweepApp>) {
  for (let next = 0; app.reports().length === 0; next += 1) {
    const later = app.scheduled()[next];
    assert.ok(later, 'the run continues or has reported');
    app.clock.advance(Math.max(0, later.dueMs - app.clock.now()));
    await app.deliver(later.event);
  }
}

/** A sweep of custom jobs with these entries in one list. */
async function sweepCustomJobs(entries: readonly object[], rules: object = {}, target: object = {}) {
  const app = createSweepApp(
    sweepOf([{ ...CUSTOM, ...target }], rules),
    () => answered(200, { customJobs: entries }),
    allowing('aiplatform'),
  );
  await app.trigger({ sweep: 'training' });
  return app;
}

describe('a sweep of jobs', () => {
  for (const row of LISTED_KINDS) {
    const { runs, waits, ended, cancelling } = row.states;
    it(`a sweep requests the ${row.kind} of ${row.list} that run or wait, each as a job`, async () => {
      const seen: Collection[] = [];
      const app = createSweepApp(
        sweepOf([row.target], { olderThan: '60s' }),
        (url, collection) => {
          const [containers, body] = row.containers ?? [];
          if (url === `https://${containers}`) return answered(200, body);
          assert.equal(url, `https://${row.list}`);
          seen.push(collection);
          const entries = [
            row.entry('runs', runs),
            ...(waits === undefined ? [] : [row.entry('waits', waits)]),
            row.entry('ended', ended),
            ...(cancelling === undefined ? [] : [row.entry('cancelling', cancelling)]),
            row.entry('strange', 'SOMETHING_NEW'),
          ];
          return answered(200, { [row.items]: entries });
        },
        allowing(row.kind),
      );
      await app.trigger({ sweep: 'training' });
      const wanted = ['runs', ...(waits === undefined ? [] : ['waits'])];
      assert.deepEqual(
        dataOf(app).map(({ job, operation, region }) => ({ job, operation, region })),
        wanted.map((id) => ({ job: row.job(id), operation: undefined, region: row.region })),
      );
      const [report] = app.reports();
      assert.deepEqual(
        [report?.requested, report?.skipped.done, report?.skipped.unknown, report?.complete],
        [wanted.length, cancelling === undefined ? 1 : 2, 1, true],
      );
      const [first] = seen;
      assert.deepEqual(first?.jobs?.query, row.query);
      assert.equal(first?.filter, row.filter);
    });
  }

  it('a sweep lists both types of jobs of Cloud DLP, of which a list shows one', async () => {
    const types: unknown[] = [];
    const app = createSweepApp(
      sweepOf([{ service: 'dlp', jobs: ['*'], parents: ['projects/my-project'] }]),
      (_, { jobs }) => {
        types.push(jobs?.query);
        return answered(200, {});
      },
      allowing('dlp'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(types, [{ type: 'INSPECT_JOB' }, { type: 'RISK_ANALYSIS_JOB' }]);
  });

  it('a sweep of all kinds of a service leaves out those that have to be named one by one', async () => {
    const lists: string[] = [];
    const app = createSweepApp(
      sweepOf([{ service: 'dataproc', jobs: ['*'], parents: [PLACE] }]),
      (url) => {
        lists.push(url.split('/').at(-1) ?? '');
        return answered(200, {});
      },
      allowing('dataproc'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(lists, ['jobs', 'batches']);
  });

  it('jobs of BigQuery with one id in two locations are two jobs', async () => {
    const job = (location: string) => ({
      jobReference: { projectId: 'my-project', jobId: 'nightly', location },
      status: { state: 'RUNNING' },
    });
    const app = createSweepApp(
      sweepOf([{ service: 'bigquery', jobs: ['jobs'], parents: ['projects/my-project'] }]),
      () => answered(200, { jobs: [job('EU'), job('asia-south1'), job('EU')] }),
      allowing('bigquery'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(
      dataOf(app).map(({ region }) => region),
      ['EU', 'asia-south1'],
    );
    assert.equal(new Set(app.requests().map(({ id }) => id)).size, 2);
  });

  it('the places that a list of Dataflow could not reach are reported', async () => {
    const app = createSweepApp(
      sweepOf([{ service: 'dataflow', jobs: ['jobs'], parents: ['projects/my-project/locations/-'] }]),
      () => answered(200, { failedLocation: [{ name: 'us-east1' }] }),
      allowing('dataflow'),
    );
    await app.trigger({ sweep: 'training' });
    const [report] = app.reports();
    assert.equal(report?.complete, false);
    assert.match(report.unreachable.join(), /us-east1/);
  });

  it('the next page of a list of Cloud Run v1 is asked for by its continuation', async () => {
    const run = { service: 'run', version: 'v1', jobs: ['executions'], parents: [PLACE] };
    const app = createSweepApp(
      sweepOf([run]),
      (url) =>
        answered(200, {
          items: [{ metadata: { name: url.includes('pageToken') ? 'b' : 'a' }, status: {} }],
          ...(!url.includes('pageToken') && { metadata: { continue: 'two' } }),
        }),
      allowing('run'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(idsOf(app), ['a', 'b']);
  });

  it('a job of another project in a list is left alone', async () => {
    const app = await sweepCustomJobs([
      { ...custom('elsewhere'), name: 'projects/other/locations/us-central1/customJobs/elsewhere' },
      { ...custom('by-number'), name: 'projects/123456789012/locations/us-central1/customJobs/by-number' },
      { ...custom('pipeline'), name: `${PLACE}/pipelineJobs/pipeline` },
      { ...custom('operation'), name: `${PLACE}/operations/1` },
    ]);
    assert.deepEqual(idsOf(app), ['by-number']);
    assert.equal(app.reports()[0]?.skipped.unknown, 3);
  });
});

describe('the rules of a sweep of jobs', () => {
  it('a job with an excluded label is left alone, one without labels is not', async () => {
    const app = await sweepCustomJobs(
      [
        custom('kept', { labels: { keep: 'yes' } }),
        custom('other', { labels: { team: 'x' } }),
        custom('plain'),
        custom('strange', { labels: 'keep' }),
      ],
      { exclude: { 'labels.keep': '*' } },
    );
    assert.deepEqual(idsOf(app), ['other', 'plain']);
    const [report] = app.reports();
    assert.deepEqual([report?.skipped.excluded, report?.skipped.unclear], [1, 1]);
  });

  it('jobs are matched by display name, state, accelerators and owner', async () => {
    const gpu = (acceleratorType?: string) => ({
      jobSpec: {
        serviceAccount: 'trainer@my-project.iam.gserviceaccount.com',
        workerPoolSpecs: [{ machineSpec: { machineType: 'a3-highgpu-8g', acceleratorType } }],
      },
    });
    const entries = [
      custom('train-h100', gpu('NVIDIA_H100_80GB')),
      custom('train-cpu', gpu()),
      custom('queued-h100', { ...gpu('NVIDIA_H100_80GB'), state: 'JOB_STATE_QUEUED' }),
    ];
    for (const [match, wanted] of [
      [{ displayName: 'train-*' }, ['train-h100', 'train-cpu']],
      [{ state: 'QUEUED' }, ['queued-h100']],
      [{ state: 'JOB_STATE_RUNNING' }, ['train-h100', 'train-cpu']],
      [{ acceleratorType: 'NVIDIA_*' }, ['train-h100', 'queued-h100']],
      [{ machineType: 'a3-*', creator: 'trainer@*' }, ['train-h100', 'train-cpu', 'queued-h100']],
      [{ creator: 'somebody@*' }, []],
    ] as const) {
      assert.deepEqual(idsOf(await sweepCustomJobs(entries, { match })), wanted, JSON.stringify(match));
    }
  });

  it('the labels and the owner of a query are found where BigQuery has them', async () => {
    const job = (jobId: string, labels?: object, user_email = 'a@example.com') => ({
      jobReference: { projectId: 'my-project', jobId, location: 'US' },
      status: { state: 'RUNNING' },
      user_email,
      configuration: { jobType: 'QUERY', ...(labels !== undefined && { labels }) },
    });
    const redacted = {
      jobReference: { projectId: 'my-project', jobId: 'redacted', location: 'US' },
      status: { state: 'RUNNING' },
    };
    const app = createSweepApp(
      sweepOf([{ service: 'bigquery', jobs: ['*'], parents: ['projects/my-project'] }], {
        exclude: { 'labels.keep': '*', creator: 'robot@*' },
      }),
      () =>
        answered(200, {
          jobs: [job('kept', { keep: '1' }), job('plain'), job('robot', {}, 'robot@example.com'), redacted],
        }),
      allowing('bigquery'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(idsOf(app), ['plain']);
    assert.deepEqual([app.reports()[0]?.skipped.excluded, app.reports()[0]?.skipped.unclear], [2, 1]);
    assert.match(app.reports()[0]?.detail ?? '', /^Of 4 jobs, 1 matched;/);
  });

  it('a build with an excluded tag is left alone, one without tags is not', async () => {
    const build = (id: string, tags?: unknown) => ({
      name: `${PLACE}/builds/${id}`,
      status: 'WORKING',
      ...(tags !== undefined && { tags }),
    });
    const app = createSweepApp(
      sweepOf([{ service: 'cloudbuild', jobs: ['*'], parents: [PLACE] }], { exclude: { tags: 'keep' } }),
      () =>
        answered(200, {
          builds: [
            build('kept', ['a', 'keep']),
            build('other', ['a']),
            build('plain'),
            build('odd', { a: 1 }),
          ],
        }),
      allowing('cloudbuild'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(idsOf(app), ['other', 'plain']);
    assert.equal(app.reports()[0]?.skipped.unclear, 1);
  });

  it('a field can be named by its path too', async () => {
    const entries = [
      custom('gpu', { jobSpec: { workerPoolSpecs: [{ machineSpec: { acceleratorType: 'T4' } }] } }),
    ];
    const field = 'jobSpec.workerPoolSpecs.machineSpec.acceleratorType';
    assert.deepEqual(idsOf(await sweepCustomJobs(entries, { match: { [field]: 'T4' } })), ['gpu']);
  });

  it('the age of a job counts from when it began to run, else from its creation', async () => {
    const app = await sweepCustomJobs(
      [
        custom('long', { createTime: agoMs(30), startTime: agoMs(20) }),
        custom('waited-long', { createTime: agoMs(30), startTime: agoMs(1) }),
        custom('queued', { createTime: agoMs(30) }),
        custom('undated', { createTime: undefined }),
      ],
      { olderThan: '36000s' },
    );
    assert.deepEqual(idsOf(app), ['long', 'queued']);
    const [report] = app.reports();
    assert.deepEqual([report?.skipped.tooYoung, report?.skipped.undated], [1, 1]);
  });

  it('a rule about labels asks for the executions of workflows in full, whose short form has none', async () => {
    const views: unknown[] = [];
    const app = createSweepApp(
      sweepOf([{ service: 'workflowexecutions', jobs: ['*'], parents: [`${PLACE}/workflows/w`] }], {
        match: { 'labels.team': 'a' },
      }),
      (_, { jobs }) => {
        views.push(jobs?.query);
        return answered(200, {});
      },
      allowing('workflowexecutions'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(views, [{ view: 'FULL' }]);
  });
});

describe('a rule about a field that the lists of Dataflow do not show', () => {
  const listed = (id: string) => ({
    id,
    projectId: 'my-project',
    location: 'us-central1',
    name: `stream-${id}`,
    currentState: 'JOB_STATE_RUNNING',
    createTime: '2026-11-01T00:00:00Z',
  });
  const sweep = async (
    entries: readonly object[],
    get: readonly (ReturnType<typeof answered> | Error)[],
    rules: object = { exclude: { 'labels.keep': '*' } },
  ) => {
    const app = createSweepApp(
      sweepOf([{ service: 'dataflow', jobs: ['*'], parents: ['projects/my-project'] }], rules),
      () => answered(200, { jobs: entries }),
      { ...allowing('dataflow'), get },
    );
    await app.trigger({ sweep: 'training' });
    return app;
  };

  it('each job is read, and left alone where it has the excluded label', async () => {
    const app = await sweep(
      [listed('kept'), listed('plain')],
      [answered(200, { ...listed('kept'), labels: { keep: 'yes' } }), answered(200, listed('plain'))],
    );
    assert.deepEqual(idsOf(app), ['plain']);
    assert.equal(app.reports()[0]?.skipped.excluded, 1);
    assert.deepEqual(app.reports()[0]?.missingFields, []);
  });

  it('a job that cannot be read is left alone and reported', async () => {
    const app = await sweep([listed('a')], [status(403, 'PERMISSION_DENIED')]);
    assert.deepEqual(idsOf(app), []);
    const [report] = app.reports();
    assert.equal(report?.skipped.unclear, 1);
    assert.match(report.notes[0]?.detail ?? '', /could not be read: .*PERMISSION_DENIED/);
  });

  it('a job whose GET cannot be made, as without a credential, is left alone, and the run goes on', async () => {
    const app = await sweep([listed('a')], [new Error('no credential')]);
    assert.deepEqual(idsOf(app), []);
    const [report] = app.reports();
    assert.equal(report?.skipped.unclear, 1);
    assert.match(report.notes[0]?.detail ?? '', /could not be read: .*no credential/);
  });

  it('a job that has ended meanwhile, or that is another one, is left alone', async () => {
    const app = await sweep(
      [listed('a'), listed('b')],
      [answered(200, { ...listed('a'), currentState: 'JOB_STATE_DONE' }), answered(200, listed('another'))],
    );
    assert.deepEqual(idsOf(app), []);
    assert.deepEqual([app.reports()[0]?.skipped.done, app.reports()[0]?.skipped.unclear], [1, 1]);
  });

  it('no job is read where the list shows what the rules name', async () => {
    const app = await sweep([listed('a')], [], { match: { displayName: 'stream-*' } });
    assert.deepEqual(idsOf(app), ['a']);
  });
});

describe('the containers of jobs', () => {
  const target = { service: 'workflowexecutions', jobs: ['executions'], parents: [PLACE] };
  const WORKFLOWS = `https://workflows.googleapis.com/v1/${PLACE}/workflows`;
  const listOf = (workflow: string) =>
    `https://workflowexecutions.googleapis.com/v1/${PLACE}/workflows/${workflow}/executions`;
  const workflows = (...ids: string[]) => ids.map((id) => ({ name: `${PLACE}/workflows/${id}` }));
  const execution = (workflow: string, id: string) => ({
    name: `${PLACE}/workflows/${workflow}/executions/${id}`,
    state: 'ACTIVE',
  });

  it('every workflow of every page is listed, and every page of it', async () => {
    const pages = new Map<string, object>([
      [WORKFLOWS, { workflows: workflows('a', 'b'), nextPageToken: 'two', unreachable: ['us-east1'] }],
      [`${WORKFLOWS}?pageToken=two`, { workflows: workflows('c') }],
      [listOf('a'), { executions: [execution('a', '1')], nextPageToken: 'next' }],
      [`${listOf('a')}?pageToken=next`, { executions: [execution('a', '2')] }],
      [listOf('b'), {}],
      [listOf('c'), { executions: [execution('c', '3'), execution('b', '4')] }],
    ]);
    const app = createSweepApp(
      sweepOf([target]),
      (url) => answered(200, pages.get(url) ?? assert.fail(url)),
      allowing('workflowexecutions'),
    );
    await app.trigger({ sweep: 'training' });
    assert.deepEqual(idsOf(app), ['1', '2', '3']);
    const [report] = app.reports();
    assert.deepEqual([report?.skipped.unknown, report?.unreachable], [1, ['us-east1']]);
  });

  it('a workflow whose list fails does not hide the others, also where it is read again later', async () => {
    let busy = 0;
    const app = createSweepApp(
      sweepOf([target]),
      (url) => {
        if (url === WORKFLOWS) return answered(200, { workflows: workflows('denied', 'busy', 'fine') });
        if (url === listOf('denied')) return status(403, 'PERMISSION_DENIED');
        if (url === listOf('busy') && (busy += 1) < 4) return status(503, 'UNAVAILABLE', [], '100');
        const [, workflow = ''] = /workflows\/(\w+)\/executions$/.exec(url) ?? [];
        return answered(200, { executions: [execution(workflow, workflow)] });
      },
      allowing('workflowexecutions'),
    );
    await app.trigger({ sweep: 'training' });
    await finish(app);
    assert.deepEqual(idsOf(app), ['fine', 'busy']);
    const [report] = app.reports();
    assert.match(report?.failures[0]?.list ?? '', /workflows\/denied\/executions$/);
  });

  it('a name that cannot be a segment of a path is not followed', async () => {
    const app = createSweepApp(
      sweepOf([target]),
      (url) => {
        assert.equal(url, WORKFLOWS);
        const names = ['..', '-', 'a%2Fb', 'a?b', '', 'a:cancel'].map((id) => ({
          name: `x/workflows/${id}`,
        }));
        return answered(200, { workflows: [...names, {}, 7] });
      },
      allowing('workflowexecutions'),
    );
    await app.trigger({ sweep: 'training' });
    assert.match(app.reports()[0]?.failures[0]?.message ?? '', /without a usable name/);
  });

  it('a run that goes on in another message continues with the workflows that are left', async () => {
    const ids = Array.from({ length: 90 }, (_, index) => `w${index}`);
    const app = createSweepApp(
      sweepOf([target]),
      (url) => {
        if (url === WORKFLOWS) return answered(200, { workflows: workflows(...ids) });
        const [, workflow = ''] = /workflows\/(\w+)\/executions$/.exec(url) ?? [];
        return answered(200, {
          executions: [execution(workflow, `${workflow}a`), execution(workflow, `${workflow}b`)],
        });
      },
      allowing('workflowexecutions'),
    );
    await app.trigger({ sweep: 'training' });
    await finish(app);
    assert.equal(new Set(idsOf(app)).size, 180);
    assert.ok(app.scheduled().length >= 1);
  });

  it('a hundred thousand ended jobs are read in a memory and a message that do not grow with them', async () => {
    let largest = 0;
    const app = createSweepApp(
      sweepOf([CUSTOM]),
      (url) => {
        const at = Number(new URL(url).searchParams.get('pageToken') ?? '0');
        const customJobs = Array.from({ length: 100 }, (_, index) =>
          custom(`${at}-${index}`, {
            state: index === 0 && at % 100 === 0 ? 'JOB_STATE_RUNNING' : 'JOB_STATE_FAILED',
          }),
        );
        return answered(200, { customJobs, ...(at < 999 && { nextPageToken: String(at + 1) }) });
      },
      allowing('aiplatform'),
    );
    await app.trigger({ sweep: 'training' });
    await finish(app);
    for (const { event } of app.scheduled()) largest = Math.max(largest, JSON.stringify(event).length);
    assert.deepEqual([app.reports()[0]?.found, app.reports()[0]?.requested], [100_000, 10]);
    assert.ok(largest < 500_000, `${largest} characters`);
  });
});
