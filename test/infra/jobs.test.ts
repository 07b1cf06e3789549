import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jobs } from '../../tools/catalog/jobs.ts';
import type { JobEntry } from '../../tools/catalog/jobs.ts';
import { kindsInModule, permissionsInModule } from './job-permissions.ts';

/** Compares the kinds of jobs of the module and of infra/gcloud/deploy.sh with those of the catalog. */

const PERMISSION = /\b[a-z]+(?:\.[A-Za-z]+){2}\b/g;
const nameOf = ({ service, kind }: JobEntry) => `${service}.${kind}`;
const names = [...new Set(jobs.map(nameOf))].sort();

/** What the catalog says of a kind's permissions, with that to list what contains its jobs. */
function permissionsInCatalog(name: string): ReadonlySet<string> {
  return new Set(
    jobs
      .filter((entry) => nameOf(entry) === name)
      .flatMap(({ permissions, calls }) => {
        const { cancel, get, list } = permissions;
        const isPublished = !cancel.startsWith('not published');
        const within = calls?.lists?.within;
        return [
          ...(isPublished ? (cancel.match(PERMISSION) ?? []) : []),
          ...(get.match(PERMISSION) ?? []),
          ...(list.match(PERMISSION) ?? []),
          // Its GET shows how the cancel of a batch's operation went.
          ...(cancel.includes('dataproc.operations.cancel') ? ['dataproc.operations.get'] : []),
          ...(typeof within === 'object' ? [CONTAINERS[within.itemsField] ?? within.itemsField] : []),
        ];
      }),
  );
}

/** The permission to list what contains jobs, by the field of its list. */
const CONTAINERS: Readonly<Record<string, string>> = {
  items: 'compute.instanceGroupManagers.list',
  repositories: 'dataform.repositories.list',
  workflows: 'workflows.workflows.list',
};

const namesWhere = (holds: (entry: JobEntry) => boolean) =>
  names.filter((name) => jobs.filter((entry) => nameOf(entry) === name).some(holds));

describe('the kinds of jobs of the Terraform module', () => {
  it('the module knows each kind of the catalog', () =>
    assert.deepEqual([...permissionsInModule().keys()].sort(), names));

  for (const name of names) {
    it(`the module grants for ${name} what the catalog says that it needs`, () =>
      assert.deepEqual(
        [...(permissionsInModule().get(name) ?? [])].sort(),
        [...permissionsInCatalog(name)].sort(),
      ));
  }

  it('the module asks for a permission where the catalog says that none is published', () =>
    assert.deepEqual(
      kindsInModule('unpublished_job_kinds'),
      namesWhere(({ permissions }) => permissions.cancel.startsWith('not published')),
    ));

  it('"*" stands in the module for the kinds that it stands for in the function', () =>
    assert.deepEqual(
      kindsInModule('explicit_job_kinds'),
      namesWhere(({ explicit }) => explicit === true),
    ));

  it('the module knows which kinds have no list, and which are listed in all locations', () => {
    assert.deepEqual(
      kindsInModule('unlisted_job_kinds'),
      namesWhere(({ calls }) => calls?.list === false),
    );
    assert.deepEqual(
      kindsInModule('job_kinds_of_all_locations'),
      namesWhere(({ calls }) => calls?.lists?.allLocations !== undefined),
    );
  });
});
