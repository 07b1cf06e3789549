import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readSettings } from '../../../src/settings/settings.ts';
import { permissionsInModule, usualKindsInModule } from '../job-permissions.ts';
import { factsOfCalls } from './facts.ts';
import { createScripts } from './scripts.ts';
import type { Run, Scripts } from './scripts.ts';

let folder: string;
let scripts: Scripts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcloud-'));
  scripts = createScripts(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const PLACE = ['--project', 'my-project', '--region', 'europe-west1'];
const NOTEBOOKS = [...PLACE, '--services', 'notebooks'];
const makingCalls = ({ calls }: Run) =>
  calls.map((call) => call.slice(2).join(' ')).filter((call) => /\b(create|delete)\b/.test(call));

describe('infra/gcloud/deploy.sh', () => {
  it('a second deployment makes nothing again, and leaves the same', () => {
    const first = scripts.run('deploy', NOTEBOOKS);
    assert.ok(first.ok, first.output);
    const second = scripts.run('deploy', NOTEBOOKS);
    assert.ok(second.ok, second.output);
    assert.deepEqual(
      makingCalls(second).filter((call) => !call.startsWith('beta services identity')),
      [],
    );
    const kept = [...factsOfCalls(second.calls)];
    for (const subject of ['function lro-cancel', 'queue lro-cancel-rechecks', 'setting RECHECK_QUEUE']) {
      assert.ok(
        kept.some((fact) => fact.startsWith(subject)),
        subject,
      );
    }
  });

  it('an interrupted deployment is completed by the next', () => {
    const whole = scripts.run('deploy', NOTEBOOKS);
    for (const resource of whole.made.filter((_, index) => index % 2 === 0))
      rmSync(join(folder, 'state', resource));
    const next = scripts.run('deploy', NOTEBOOKS);
    assert.ok(next.ok, next.output);
    assert.deepEqual(next.made, whole.made);
    const facts = factsOfCalls(whole.calls);
    assert.deepEqual(
      [...factsOfCalls(next.calls)].filter((fact) => !facts.has(fact)),
      [],
    );
  });

  it('the function accepts the settings that deploy.sh gives it', () => {
    const sweeps = join(folder, 'sweeps.json');
    const budgets = join(folder, 'budgets.json');
    writeFileSync(
      sweeps,
      `{\n  "stale": {"targets": [{"service": "notebooks", "parents": ["projects/training-eu/locations/us-central1"]}]}\n}\n`,
    );
    writeFileSync(budgets, `[{"budgetDisplayName": "training", "sweep": "stale"}]\n`);
    const { ok, output, calls } = scripts.run('deploy', [
      ...NOTEBOOKS,
      '--sweeps',
      sweeps,
      '--budgets',
      budgets,
      '--allowed-projects',
      'training-eu,training-us',
      '--protected-operations',
      '**/operations/keep-*',
    ]);
    assert.ok(ok, output);
    const settings = [...factsOfCalls(calls)].flatMap((fact) => {
      const [, name = '', value = ''] = /^setting (\w+) is (.*)$/s.exec(fact) ?? [];
      return name === '' ? [] : [[name, value] as const];
    });
    const reading = readSettings(Object.fromEntries(settings));
    assert.ok(reading.ok, JSON.stringify(reading));
    assert.deepEqual([...reading.settings.sweeps.keys()], ['stale']);
    assert.equal(reading.settings.budgets.length, 1);
    assert.deepEqual(reading.settings.allowedProjects, [
      'training-eu',
      '210987654321',
      'training-us',
      '310987654321',
    ]);
  });

  it('deploy.sh gives the permissions of the module for each kind of jobs, and allows it', () => {
    const kinds = [...permissionsInModule().keys()];
    const { ok, output, calls } = scripts.run('deploy', [
      ...PLACE,
      '--jobs',
      kinds.join(','),
      '--permissions',
      'batch.jobs.delete',
    ]);
    assert.ok(ok, output);
    const facts = factsOfCalls(calls);
    const permissions = new Set(['batch.jobs.delete']);
    for (const found of permissionsInModule().values()) for (const one of found) permissions.add(one);
    assert.ok(facts.has(`role lro_cancel_my_project in my-project of ${[...permissions].sort().join(', ')}`));
    assert.ok(facts.has(`setting ALLOWED_JOBS is ${kinds.join(',')}`));
    assert.ok(readSettings({ ALLOWED_JOBS: kinds.join(',') }).ok);
  });

  it('a service stands in deploy.sh for the kinds that it stands for in the module', () => {
    const usual = usualKindsInModule();
    const services = [...new Set(usual.map((kind) => kind.split('.')[0] ?? ''))];
    const roleOf = (jobs: readonly string[]) => {
      const { ok, output, calls } = scripts.run('deploy', [
        ...PLACE,
        '--jobs',
        jobs.join(','),
        '--roles',
        'roles/x',
      ]);
      assert.ok(ok, output);
      return [...factsOfCalls(calls)].find((fact) => fact.startsWith('role '));
    };
    assert.equal(roleOf(services), roleOf(usual));
  });

  it('deploy.sh lets the function look at its tasks where a dry run can be approved, and only there', () => {
    const sweeps = join(folder, 'sweeps.json');
    for (const [field, roles] of [
      ['"approvable" : true, ', 1],
      ['"approvable": false, ', 0],
      ['', 0],
    ] as const) {
      writeFileSync(
        sweeps,
        `{"stale": {${field}"targets": [{"service": "notebooks", "parents": ["projects/my-project/locations/-"]}]}}\n`,
      );
      const { ok, output, calls } = scripts.run('deploy', [...NOTEBOOKS, '--sweeps', sweeps]);
      assert.ok(ok, output);
      const grants = calls.filter((call) => call.includes('--role=roles/cloudtasks.viewer'));
      assert.equal(grants.length, roles, field);
    }
  });

  it('deploy.sh refuses services whose permissions the module does not know by the usual names', () => {
    const text = readFileSync('infra/services.tf', 'utf8');
    const [, undocumented = ''] = /undocumented_services = \[(.*?)\]/s.exec(text) ?? [];
    const [, known = ''] = /known_permissions = \{(.*?)\n {2}\}/s.exec(text) ?? [];
    const listed = [
      ...[...undocumented.matchAll(/"(\w+)"/g)].map(([, service = '']) => service),
      ...[...known.matchAll(/^ {4}(\w+) *= /gm)].map(([, service = '']) => service),
    ];
    const script = readFileSync('infra/gcloud/deploy.sh', 'utf8');
    const [, refused = ''] = /case "\$service" in\n(.*?)\)\n/s.exec(script) ?? [];
    assert.deepEqual(
      refused.split(/[\s|\\]+/).filter((word) => word !== ''),
      listed.sort(),
    );
    const { ok, calls } = scripts.run('deploy', [...PLACE, '--services', 'dialogflow']);
    assert.deepEqual([ok, calls], [false, []]);
  });

  for (const [what, args] of [
    ['no project', ['--region', 'europe-west1']],
    ['an unknown option', [...PLACE, '--sweep', 'x']],
    ['an option without its value', [...PLACE, '--services']],
    ['a bundle that is not there', [...PLACE, '--source', '/nowhere']],
    ['a name that is too short', [...PLACE, '--name', 'lro']],
    ['a file that is not there', [...PLACE, '--sweeps', '/nowhere.json']],
    ['a kind of jobs that there is not', [...PLACE, '--jobs', 'aiplatform.customJob']],
    ['a service whose kinds of jobs have to be named', [...PLACE, '--jobs', 'clouddeploy']],
    ['jobs whose permission is not published', [...PLACE, '--jobs', 'batch']],
    ['keys of the latest version', [...PLACE, '--message-keys', 'keys:latest']],
  ] as const) {
    it(`deploy.sh does nothing with ${what}`, () => {
      const { ok, calls, output } = scripts.run('deploy', args);
      assert.deepEqual([ok, calls], [false, []]);
      assert.match(output, /^deploy\.sh: /m);
    });
  }
});

describe('infra/gcloud/remove.sh', () => {
  it('remove.sh removes what deploy.sh made, and a second run nothing', () => {
    assert.ok(scripts.run('deploy', NOTEBOOKS).ok);
    const removal = scripts.run('remove', PLACE);
    assert.ok(removal.ok, removal.output);
    assert.deepEqual(removal.made, []);
    const second = scripts.run('remove', PLACE);
    assert.ok(second.ok, second.output);
    assert.deepEqual(makingCalls(second), []);
  });

  it('what remove.sh removed can be deployed again in the same week, when its role can only be revived', () => {
    const first = scripts.run('deploy', NOTEBOOKS);
    assert.ok(scripts.run('remove', PLACE).ok);
    const second = scripts.run('deploy', NOTEBOOKS);
    assert.ok(second.ok, second.output);
    assert.deepEqual(second.made, first.made);
  });

  it('remove.sh leaves everything while the queue has tasks, unless it is told to delete them', () => {
    assert.ok(scripts.run('deploy', NOTEBOOKS).ok);
    const tasks = { GCLOUD_TASKS: 'projects/my-project/locations/europe-west1/queues/q/tasks/1\n' };
    const refused = scripts.run('remove', PLACE, tasks);
    assert.equal(refused.ok, false);
    assert.match(refused.output, /requests without a result/);
    assert.deepEqual(makingCalls(refused), []);
    const removal = scripts.run('remove', [...PLACE, '--with-tasks'], tasks);
    assert.ok(removal.ok, removal.output);
    assert.deepEqual(removal.made, []);
  });
});
