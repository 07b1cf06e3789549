import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { DOCUMENTED_JOBS } from '../support/documented-jobs.ts';

interface Explained {
  readonly scopes: readonly string[];
  readonly cancel: { readonly method: string; readonly url: string; readonly body?: object };
  readonly get: { readonly method: string; readonly url: string };
}

/** What `explain --json` says of requests, a line each. */
async function explain(requests: readonly object[]): Promise<object[]> {
  const running = promisify(execFile)(process.execPath, ['cli/explain.ts', '--json'], { timeout: 60_000 });
  running.child.stdin?.end(requests.map((request) => JSON.stringify(request)).join('\n'));
  const { stdout } = await running;
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}

/** The bodies that their methods document; every other cancel has none. */
const BODIES: Readonly<Record<string, object>> = {
  'dataflow projects/p/locations/us-central1/jobs/x': { requestedState: 'JOB_STATE_CANCELLED' },
  'cloudbuild projects/p/locations/us-central1/builds/x': { projectId: 'p', id: 'x' },
  'integrations projects/p/locations/us-central1/integrations/x/executions/x': {
    cancelReason: 'Cancelled by lro-cancel',
  },
};
/** What a GET asks for, where the whole job is more than its state needs. */
const VIEWS: Readonly<Record<string, string>> = {
  dataflow: '?view=JOB_VIEW_SUMMARY',
  workflowexecutions: '?view=BASIC',
};
/** Names that do not say where the job is. */
const UNPLACED = /^(?:bigquery|run v1$)/;

describe('explain --json of jobs', () => {
  it('explain --json says of each kind of jobs what the discovery documents have', async () => {
    const requests = DOCUMENTED_JOBS.map(({ service, version, name }) => ({
      job: name,
      service,
      version,
      ...(UNPLACED.test(`${service} ${version}`) && { region: 'us-central1' }),
    }));
    const lines = (await explain(requests)) as Explained[];
    assert.equal(lines.length, DOCUMENTED_JOBS.length);
    for (const [index, { service, name, cancel, get, scopes }] of DOCUMENTED_JOBS.entries()) {
      const line = lines[index];
      assert.ok(line?.cancel, JSON.stringify(line));
      const place = service === 'bigquery' ? '?location=us-central1' : '';
      assert.equal(asPath(line.cancel), cancel + place);
      assert.equal(asPath(line.get), get + place + (VIEWS[service] ?? ''));
      assert.deepEqual(line.cancel.body, BODIES[`${service} ${name}`]);
      const short = line.scopes.map((scope) => scope.replace('https://www.googleapis.com/auth/', ''));
      assert.deepEqual(new Set(short), new Set(scopes), name);
    }
  });

  it('explain --json says why two kinds have no cancel, and that a batch is cancelled by its operation', async () => {
    const place = 'projects/p/locations/us-central1';
    const [queued, rollout, batch] = await explain([
      { job: `${place}/queuedResources/x`, service: 'tpu', version: 'v2' },
      { job: `${place}/rollouts/x`, service: 'gkehub', version: 'v1' },
      { job: `${place}/batches/x`, service: 'dataproc', version: 'v1' },
    ]);
    assert.match(JSON.stringify(queued), /"unsupported":"tpu v2 has no method to cancel/);
    assert.match(JSON.stringify(rollout), /gkehub has no jobs that can be cancelled/);
    assert.equal((batch as Explained).cancel.url, 'https://dataproc.googleapis.com/v1/{operation}:cancel');
    assert.equal(asPath((batch as Explained).get), `GET v1/${place}/batches/x`);
  });
});

const asPath = ({ method, url }: Explained['get']) => `${method} ${url.replace(/^https:\/\/[^/]+\//, '')}`;
