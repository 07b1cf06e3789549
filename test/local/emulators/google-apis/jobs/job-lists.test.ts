import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobScript } from '../../../../../local/emulators/google-apis/google-services.ts';
import { startCaller, type Caller } from '../service-caller.ts';
import { call, errorOf, valueAt, withQuery } from './job-caller.ts';

const PROJECT = 'projects/my-project';
const PLACE = `${PROJECT}/locations/us-central1`;
const HOUR_MS = 3_600_000;

const LISTS = {
  custom: `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}/customJobs`,
  dataflow: `https://dataflow.googleapis.com/v1b3/${PLACE}/jobs`,
  dataproc: `https://dataproc.googleapis.com/v1/${PROJECT}/regions/us-central1/jobs`,
  batches: `https://dataproc.googleapis.com/v1/${PLACE}/batches`,
  bigquery: `https://bigquery.googleapis.com/bigquery/v2/${PROJECT}/jobs`,
  batch: `https://batch.googleapis.com/v1/${PLACE}/jobs`,
  run: `https://run.googleapis.com/v2/${PLACE}/jobs/j/executions`,
  builds: `https://cloudbuild.googleapis.com/v1/${PLACE}/builds`,
  executions: `https://workflowexecutions.googleapis.com/v1/${PLACE}/workflows/w/executions`,
  dataform: `https://dataform.googleapis.com/v1/${PLACE}/repositories/r/workflowInvocations`,
  dlp: `https://dlp.googleapis.com/v2/${PLACE}/dlpJobs`,
  ml: `https://ml.googleapis.com/v1/${PROJECT}/jobs`,
  resize: `https://compute.googleapis.com/compute/v1/${PROJECT}/zones/z/instanceGroupManagers/g/resizeRequests`,
} as const;
type List = keyof typeof LISTS;

/** Scripts by id, as every list is tried with. */
const JOBS: Readonly<Record<string, JobScript>> = {
  old: { ageMs: 48 * HOUR_MS },
  young: { ageMs: HOUR_MS },
  ended: { ageMs: 48 * HOUR_MS, state: 'succeeded' },
  failed: { state: 'failed' },
};
const RUNNING = ['old', 'young'];
const LABELED = { fields: { labels: { team: 'a', keep: '' } } };

function addAll(caller: Caller, list: string, jobs: Readonly<Record<string, JobScript>> = JOBS) {
  for (const [id, script] of Object.entries(jobs)) caller.services.addJob(`${list}/${id}`, script);
}

/** The ids in an answer, whatever the field of the id. */
async function ids(caller: Caller, url: string): Promise<string[]> {
  const answer = await call(caller, 'GET', url);
  assert.equal(answer.status, 200, answer.text);
  const lists = Object.values(answer.json as object).filter((value) => Array.isArray(value)) as object[][];
  return lists.flat().map((item) => {
    const { name, id, jobReference, reference, metadata, jobId } = item as Record<string, unknown>;
    const reached = (jobReference ?? reference ?? metadata) as Record<string, unknown> | undefined;
    const text = String(reached?.['jobId'] ?? reached?.['name'] ?? jobId ?? name ?? id);
    return text.slice(text.lastIndexOf('/') + 1);
  });
}

describe('the filter of a list', () => {
  const before = 'create_time < "2026-11-19T11:34:04Z"';
  const filters: readonly (readonly [List, string, readonly string[]])[] = [
    ['custom', 'state="JOB_STATE_QUEUED" OR state="JOB_STATE_PENDING" OR state="JOB_STATE_RUNNING"', RUNNING],
    ['custom', `state="JOB_STATE_RUNNING" AND ${before}`, ['old']],
    ['custom', `NOT state="JOB_STATE_RUNNING" AND ${before}`, ['ended']],
    ['custom', 'display_name:"y*"', ['young']],
    [
      'custom',
      'display_name="old" OR display_name!="old" AND state!="JOB_STATE_RUNNING"',
      ['ended', 'failed'],
    ],
    ['dataflow', 'ACTIVE', RUNNING],
    ['dataflow', 'TERMINATED', ['ended', 'failed']],
    ['dataflow', 'ALL', Object.keys(JOBS)],
    ['dataproc', 'status.state = ACTIVE', RUNNING],
    ['dataproc', 'status.state = NON_ACTIVE', ['ended', 'failed']],
    ['dataproc', 'status.state = RUNNING AND insertTime <= "2026-11-19T11:34:04Z"', ['old']],
    ['batches', 'state = RUNNING and create_time < "2026-11-19T11:34:04Z"', ['old']],
    ['batches', 'state = RUNNING OR state = FAILED', ['old', 'young', 'failed']],
    ['batch', 'status.state="RUNNING" OR status.state="QUEUED"', RUNNING],
    ['builds', 'status="WORKING" OR status="QUEUED"', RUNNING],
    ['executions', 'state="ACTIVE"', RUNNING],
    ['dataform', 'state="RUNNING"', RUNNING],
    ['dlp', 'state=RUNNING', RUNNING],
    ['dlp', 'state=FINISHED', ['ended']],
    ['ml', 'state:RUNNING', RUNNING],
    ['resize', '(state = "ACCEPTED")', RUNNING],
  ];
  for (const [list, filter, expected] of filters) {
    it(`the list of ${list} selects by ${filter}`, async () => {
      await using caller = await startCaller();
      addAll(caller, LISTS[list]);
      const found = await ids(caller, withQuery(LISTS[list], `filter=${encodeURIComponent(filter)}`));
      assert.deepEqual(new Set(found), new Set(expected));
    });
  }

  it('a filter can ask for a label, by its value or for its being there', async () => {
    await using caller = await startCaller();
    addAll(caller, LISTS.custom, { plain: {}, labeled: LABELED });
    for (const filter of ['labels.team=a', 'labels.keep:*', 'labels:team', 'labels.team:*']) {
      assert.deepEqual(await ids(caller, `${LISTS.custom}?filter=${encodeURIComponent(filter)}`), [
        'labeled',
      ]);
    }
    assert.deepEqual(await ids(caller, `${LISTS.custom}?filter=NOT%20labels.keep:*`), ['plain']);
  });

  const wrong: readonly (readonly [List, string])[] = [
    ['custom', 'status="RUNNING"'],
    ['custom', 'state='],
    ['custom', 'state'],
    ['custom', '(state="x"'],
    ['custom', 'state="x'],
    ['custom', 'state="x")'],
    ['dataflow', 'RUNNING'],
    ['dataproc', 'state = ACTIVE'],
    ['builds', 'state="WORKING"'],
    ['dlp', 'createTime<"2026"'],
  ];
  for (const [list, filter] of wrong) {
    it(`the list of ${list} refuses the filter ${filter}`, async () => {
      await using caller = await startCaller();
      const answer = await call(caller, 'GET', `${LISTS[list]}?filter=${encodeURIComponent(filter)}`);
      assert.deepEqual(errorOf(answer).slice(0, 2), [400, 'INVALID_ARGUMENT']);
    });
  }
});

describe('the parameters of a list', () => {
  it('dataproc selects by a matcher and by a cluster', async () => {
    await using caller = await startCaller();
    addAll(caller, LISTS.dataproc);
    const at = (query: string) => ids(caller, `${LISTS.dataproc}?${query}`);
    assert.deepEqual(new Set(await at('jobStateMatcher=ACTIVE')), new Set(RUNNING));
    assert.deepEqual(new Set(await at('jobStateMatcher=NON_ACTIVE')), new Set(['ended', 'failed']));
    assert.deepEqual(await at('clusterName=other'), []);
    assert.equal((await call(caller, 'GET', `${LISTS.dataproc}?jobStateMatcher=RUNNING`)).status, 400);
  });

  it("bigquery shows the caller's own jobs alone, until all users are asked for", async () => {
    await using caller = await startCaller();
    const own = { fields: { user_email: 'lro-cancel@my-project.iam.gserviceaccount.com' } };
    addAll(caller, LISTS.bigquery, { ...JOBS, own });
    assert.deepEqual(await ids(caller, LISTS.bigquery), ['own']);
    assert.equal((await ids(caller, `${LISTS.bigquery}?allUsers=true`)).length, 5);
  });

  it('bigquery selects by states and times, of every location at once', async () => {
    await using caller = await startCaller();
    addAll(caller, LISTS.bigquery, { ...JOBS, elsewhere: { location: 'asia-east1', state: 'queued' } });
    const at = async (query: string) =>
      new Set(await ids(caller, `${LISTS.bigquery}?allUsers=true&${query}`));
    assert.deepEqual(await at('stateFilter=running'), new Set(RUNNING));
    assert.deepEqual(await at('stateFilter=pending&stateFilter=running'), new Set([...RUNNING, 'elsewhere']));
    assert.deepEqual(await at('stateFilter=done'), new Set(['ended', 'failed']));
    const time = Date.parse('2026-11-19T11:34:04Z');
    assert.deepEqual(await at(`stateFilter=running&maxCreationTime=${time}`), new Set(['old']));
    assert.deepEqual(await at(`stateFilter=running&minCreationTime=${time}`), new Set(['young']));
    for (const query of ['stateFilter=active', 'projection=all']) {
      assert.equal((await call(caller, 'GET', `${LISTS.bigquery}?${query}`)).status, 400);
    }
  });

  it('bigquery shows the status, the user and the configuration with the full projection alone', async () => {
    await using caller = await startCaller();
    caller.services.addJob(`${LISTS.bigquery}/q`);
    for (const [projection, email] of [
      ['minimal', undefined],
      ['full', 'analyst@example.com'],
    ] as const) {
      const page = await call(caller, 'GET', `${LISTS.bigquery}?allUsers=true&projection=${projection}`);
      assert.equal(valueAt(page, 'jobs.0.state'), 'RUNNING');
      assert.equal(valueAt(page, 'jobs.0.user_email'), email);
      assert.equal(valueAt(page, 'jobs.0.status.state'), email && 'RUNNING');
    }
  });

  it('dlp lists one type of jobs at a time, inspections where none is named', async () => {
    await using caller = await startCaller();
    addAll(caller, LISTS.dlp, { inspect: {}, risk: { fields: { type: 'RISK_ANALYSIS_JOB' } } });
    assert.deepEqual(await ids(caller, LISTS.dlp), ['inspect']);
    assert.deepEqual(await ids(caller, `${LISTS.dlp}?type=INSPECT_JOB`), ['inspect']);
    assert.deepEqual(await ids(caller, `${LISTS.dlp}?type=RISK_ANALYSIS_JOB`), ['risk']);
    assert.equal((await call(caller, 'GET', `${LISTS.dlp}?type=ALL`)).status, 400);
  });

  it('workflows show what went in and came out with the full view alone, of which a page has 100', async () => {
    await using caller = await startCaller();
    for (let id = 0; id < 101; id += 1) caller.services.addJob(`${LISTS.executions}/e${id}`);
    const page = (view: string) => call(caller, 'GET', `${LISTS.executions}?pageSize=1000&view=${view}`);
    const [basic, full] = [await page('BASIC'), await page('FULL')];
    assert.equal((valueAt(basic, 'executions') as object[]).length, 101);
    assert.equal((valueAt(full, 'executions') as object[]).length, 100);
    assert.equal(valueAt(basic, 'executions.0.argument'), undefined);
    assert.equal(valueAt(full, 'executions.0.argument'), '{}');
    assert.equal((await page('ALL')).status, 400);
  });

  it('dataflow shows no labels in its lists, nor in a GET of the summary', async () => {
    await using caller = await startCaller();
    caller.services.addJob(`${LISTS.dataflow}/j`, LABELED);
    const labelsAt = async (url: string, path: string) => valueAt(await call(caller, 'GET', url), path);
    assert.equal(await labelsAt(LISTS.dataflow, 'jobs.0.labels'), undefined);
    assert.equal(await labelsAt(`${LISTS.dataflow}?view=JOB_VIEW_ALL`, 'jobs.0.labels'), undefined);
    assert.equal(await labelsAt(`${LISTS.dataflow}/j?view=JOB_VIEW_SUMMARY`, 'labels'), undefined);
    assert.equal(await labelsAt(`${LISTS.dataflow}/j?view=JOB_VIEW_DESCRIPTION`, 'labels.team'), 'a');
    assert.equal(await labelsAt(`${LISTS.dataflow}/j`, 'labels.team'), 'a');
  });

  it('aiplatform shows the fields of a mask alone', async () => {
    await using caller = await startCaller();
    caller.services.addJob(`${LISTS.custom}/j`);
    const page = await call(caller, 'GET', `${LISTS.custom}?readMask=name,state,create_time`);
    assert.deepEqual(Object.keys(valueAt(page, 'customJobs.0') as object), ['name', 'state', 'createTime']);
  });

  it('an order is known to some lists, and not pretended', async () => {
    await using caller = await startCaller();
    const answer = await call(caller, 'GET', `${LISTS.batch}?orderBy=name`);
    assert.deepEqual(errorOf(answer), [501, 'UNIMPLEMENTED', 'orderBy is not simulated.']);
    assert.equal((await call(caller, 'GET', `${LISTS.custom}?orderBy=name`)).status, 400);
  });
});

describe('a list over places', () => {
  it('only what is in the place that is asked for is listed', async () => {
    await using caller = await startCaller();
    const lists = [LISTS.custom, LISTS.dataflow, LISTS.dataproc, LISTS.batch, LISTS.run, LISTS.builds];
    for (const list of lists) {
      caller.services.addJob(`${list}/here`);
      caller.services.addJob(`${list.replaceAll('us-central1', 'asia-east1')}/there`);
      assert.deepEqual(await ids(caller, list), ['here'], list);
    }
  });

  it('dataflow lists every region at once, without looking at names', async () => {
    await using caller = await startCaller();
    caller.services.addJob(`${LISTS.dataflow}/a`);
    caller.services.addJob(`${LISTS.dataflow.replace('us-central1', 'asia-east1')}/b`);
    const aggregated = `https://dataflow.googleapis.com/v1b3/${PROJECT}/jobs:aggregated`;
    assert.deepEqual(await ids(caller, `${aggregated}?filter=ACTIVE`), ['b', 'a']);
    assert.deepEqual(await ids(caller, `${aggregated}?name=a`), ['b', 'a']);
    assert.deepEqual(await ids(caller, `${LISTS.dataflow}?name=a`), ['a']);
    caller.services.addList(aggregated, { unreachable: ['us-east1'] });
    const page = await call(caller, 'GET', aggregated);
    assert.deepEqual(valueAt(page, 'failedLocation'), [{ name: 'us-east1' }]);
  });

  const wild: readonly (readonly [string, 200 | 400])[] = [
    [LISTS.batch.replace('us-central1', '-'), 200],
    [LISTS.builds.replace('us-central1', '-'), 200],
    [LISTS.run.replace('jobs/j', 'jobs/-'), 200],
    [LISTS.run.replace('us-central1', '-'), 400],
    [LISTS.custom.replace('locations/us-central1', 'locations/-'), 400],
    [LISTS.dataproc.replace('us-central1', '-'), 400],
    [LISTS.executions.replace('workflows/w', 'workflows/-'), 400],
    [LISTS.dataform.replace('repositories/r', 'repositories/-'), 400],
    [LISTS.dlp.replace('us-central1', '-'), 400],
  ];
  for (const [url, status] of wild) {
    it(`${url} is answered ${status}`, async () => {
      await using caller = await startCaller();
      // Vertex AI's hosts are those of one location, and none has all.
      assert.equal((await call(caller, 'GET', url)).status, status);
    });
  }

  it('a wildcard lists what is in every such place', async () => {
    await using caller = await startCaller();
    caller.services.addJob(`${LISTS.run}/a`);
    caller.services.addJob(`${LISTS.run.replace('jobs/j', 'jobs/k')}/b`);
    assert.deepEqual(await ids(caller, LISTS.run.replace('jobs/j', 'jobs/-')), ['b', 'a']);
  });

  const unreachable: readonly (readonly [List, string])[] = [
    ['dataproc', 'unreachable'],
    ['batches', 'unreachable'],
    ['bigquery', 'unreachable'],
    ['batch', 'unreachable'],
    ['dataform', 'unreachable'],
  ];
  for (const [list, field] of unreachable) {
    it(`the list of ${list} names in ${field} what it did not reach`, async () => {
      await using caller = await startCaller();
      caller.services.addList(LISTS[list], { unreachable: ['us-east1'] });
      assert.deepEqual((await call(caller, 'GET', LISTS[list])).status, 200);
      assert.deepEqual(valueAt(await call(caller, 'GET', LISTS[list]), field), ['us-east1']);
    });
  }

  it('a list that never says what it did not reach cannot be scripted to', async () => {
    await using caller = await startCaller();
    for (const list of [LISTS.custom, LISTS.run, LISTS.builds, LISTS.executions, LISTS.dlp, LISTS.ml]) {
      assert.throws(() => caller.services.addList(list, { unreachable: ['us-east1'] }), TypeError);
    }
  });
});

describe('the list of what jobs are in', () => {
  const parents: readonly (readonly [List, string, string, string])[] = [
    ['executions', `https://workflows.googleapis.com/v1/${PLACE}/workflows`, 'workflows/w', 'w'],
    ['dataform', `https://dataform.googleapis.com/v1/${PLACE}/repositories`, 'repositories/r', 'r'],
    [
      'resize',
      `https://compute.googleapis.com/compute/v1/${PROJECT}/zones/z/instanceGroupManagers`,
      'instanceGroupManagers/g',
      'g',
    ],
  ];
  for (const [list, url, part, id] of parents) {
    it(`${url} lists each ${part.split('/')[0]} with jobs once`, async () => {
      await using caller = await startCaller();
      addAll(caller, LISTS[list]);
      addAll(caller, LISTS[list].replace(part, `${part}2`));
      assert.deepEqual(await ids(caller, url), [id, `${id}2`]);
      assert.equal((await call(caller, 'GET', `${url}?state=x`)).status, 400);
    });
  }
});
