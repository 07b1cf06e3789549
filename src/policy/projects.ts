import { isNumber } from './name-template.ts';
import type { Segment } from './name-template.ts';

/** Projects whose names are known: each by its ids and numbers, which Google takes as the same. */
export type KnownProjects = readonly (readonly string[])[];

/** Adds the names of one project to the known ones. */
export function withProject(known: KnownProjects, names: readonly string[]): KnownProjects {
  const same = known.filter((others) => others.some((name) => names.includes(name)));
  const merged = [...new Set([...names, ...same.flat()])];
  return [merged, ...known.filter((others) => !same.includes(others))];
}

/** All names by which a project is known, beginning with the given one. */
export const namesOfProject = (project: string, known: KnownProjects): readonly string[] => [
  ...new Set([project, ...(known.find((names) => names.includes(project)) ?? [])]),
];

/** Whether both the id and the number of a project are known. */
export function isWhollyKnown(project: string, known: KnownProjects): boolean {
  const names = namesOfProject(project, known);
  return names.some(isNumber) && !names.every(isNumber);
}

/** All names of a project, with an unknown text for the id or the number that is not known. */
export function aliasesOfProject(project: string, known: KnownProjects): readonly Segment[] {
  if (isWhollyKnown(project, known)) return namesOfProject(project, known);
  const others = known.filter(([name = '']) => isWhollyKnown(name, known)).flat();
  const [unknown, except] = isNumber(project)
    ? (['project id', others.filter((name) => !isNumber(name))] as const)
    : (['project number', others.filter(isNumber)] as const);
  return [...namesOfProject(project, known), { unknown, except }];
}

/**
 * The projects that a name contains, each behind a segment `projects`. One of them may be hidden in an id, as in
 * `operations/projects/p/instances/i/…` of Bigtable.
 */
export function projectsIn(name: string): readonly string[] {
  const segments = name.split('/');
  const found: string[] = [];
  for (let at = 0; at < segments.length - 1; at += 1) {
    if (segments[at] !== 'projects') continue;
    at += 1;
    const project = segments[at] ?? '';
    // Cloud Storage writes `_` for the project of a bucket.
    if (project !== '_') found.push(project);
  }
  return found;
}
