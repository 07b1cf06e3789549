import type { Resource } from '../resources/resource.ts';

/**
 * All names of an operation, so that a pattern for one of them holds for the others. Services write a project's number where
 * its id was asked for, Kubernetes Engine and others take a zone as a location, and Cloud Storage has two forms.
 *
 * @param ownProject the id and number of the function's project, as far as they are known
 */
export function aliasesOf(
  { service, name }: Pick<Resource, 'service' | 'name'>,
  ownProject: readonly string[],
): readonly string[] {
  const names = new Set([name]);
  const add = (aliasesFor: (one: string) => readonly string[]) => {
    for (const one of [...names]) for (const other of aliasesFor(one)) names.add(other);
  };
  add((one) => {
    const project = /^projects\/([^/]+)\//.exec(one)?.[1];
    if (project === undefined || !ownProject.includes(project)) return [];
    return ownProject.map((alias) => `projects/${alias}/${one.slice(`projects/${project}/`.length)}`);
  });
  add((one) => [
    one.replace(/^(projects\/[^/]+)\/zones\//, '$1/locations/'),
    one.replace(/^(projects\/[^/]+)\/locations\/([^/]+-[a-z])\//, '$1/zones/$2/'),
    one.replace(/^b\//, 'projects/_/buckets/'),
    one.replace(/^projects\/_\/buckets\//, 'b/'),
  ]);
  return [...names].flatMap((one) => [one, `//${service}.googleapis.com/${one}`]);
}
