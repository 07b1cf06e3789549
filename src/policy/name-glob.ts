import { catalog, hostServices, namesOf } from '../catalog/catalog.ts';
import type { Service } from '../catalog/catalog.ts';
import { serviceLabelsOf } from '../catalog/host.ts';
import { formsOf } from '../catalog/name-pattern.ts';
import { canonicalSpelling } from '../catalog/spelling.ts';
import { quote } from '../validation/failure.ts';
import { certainAliasesOf, certainAliasesOfJob } from './aliases.ts';
import { compileGlob } from './glob.ts';
import type { Glob } from './glob.ts';
import { ANY_PATH, ANY_PROJECT, ANY_SEGMENT } from './name-template.ts';
import type { Template } from './name-template.ts';

/**
 * Compiles a pattern for names of operations, or says why it could match no name: a pattern in the settings that matches
 * nothing would protect nothing, and its author would not notice.
 */
export function compileNameGlob(
  pattern: string,
): { readonly ok: true; readonly glob: Glob } | { readonly ok: false; readonly problem: string } {
  const problem = problemOf(pattern);
  if (problem !== undefined) return { ok: false, problem };
  const glob = compileGlob(pattern);
  if (matchesSomeName(glob)) return { ok: true, glob };
  return { ok: false, problem: 'no service of docs/services.md has such names' };
}

const WHOLE_NAME =
  'a pattern must match a whole name, as **/operations/keep-* matches projects/p/locations/l/operations/keep-1';

function problemOf(pattern: string): string | undefined {
  const isName = (pattern.includes('/') || pattern.includes('**')) && !/^\/(?!\/)|^[a-z]+:\//.test(pattern);
  if (!isName || !/^[A-Za-z0-9._~!$&'()+,=@:/*?-]+$/.test(pattern)) return WHOLE_NAME;
  if (/.\/\/|\/\.{0,2}(?:\/|$)/.test(pattern.replace(/^\/\//, ''))) {
    return 'a name contains no empty segment, no "." and no ".."';
  }
  const canonical = canonicalSpelling(pattern);
  if (canonical !== pattern) return `the spelling of such names is ${quote(canonical)}`;
  if (pattern.split('/').includes('-')) return 'a name contains no segment "-"; write * for any text';
  const [, host] = /^\/\/([^/]*)/.exec(pattern) ?? [];
  if (host !== undefined && servicesAt(host).length === 0) {
    return `no service of docs/services.md has the host ${quote(host)}`;
  }
  return undefined;
}

/** The services whose full names can begin with a host, which may contain wildcards. */
function servicesAt(host: string): readonly string[] {
  const services = Object.keys(hostServices);
  if (host.includes('**')) return services;
  const glob = compileGlob(host);
  return services.filter((service) =>
    serviceLabelsOf(service).some((label) => glob.matches(`${label}.googleapis.com`)),
  );
}

function matchesSomeName(glob: Glob): boolean {
  const [, host = '**'] = /^\/\/([^/]*)/.exec(glob.pattern) ?? [];
  return servicesAt(host).some((service) => certainNamesOf(service).some((name) => glob.mayMatch(name)));
}

/** By the services of the catalog, which bound it: each pattern of the settings is held against them. */
const certainNames = new Map<string, readonly Template[]>();

/** The forms of all names of a service, of operations and of jobs. */
function certainNamesOf(service: string): readonly Template[] {
  let names = certainNames.get(service);
  if (names === undefined) {
    names = [
      ...templatesOf(catalog.services[service]).flatMap((name) => certainAliasesOf(service, name)),
      ...templatesOf(catalog.jobs[service]).flatMap((name) => certainAliasesOfJob(service, name)),
    ];
    certainNames.set(service, names);
  }
  return names;
}

function templatesOf(service: Service | undefined): readonly Template[] {
  const groups = Object.values(service?.versions ?? {}).flat();
  // The rest of Bigtable's names is not free: they are those of instances and of parts of them.
  const forms = groups
    .flatMap(namesOf)
    .flatMap(formsOf)
    .map((form) => form.replace(/^(operations\/projects\/\*)\/\*\*$/, '$1/instances/**'));
  return [...new Set(forms)].map((form) =>
    form.split('/').map((segment, at, all) => {
      if (segment === '{project}' || (segment === '*' && all[at - 1] === 'projects')) return ANY_PROJECT;
      if (segment === '**') return ANY_PATH;
      return segment === '*' ? ANY_SEGMENT : segment;
    }),
  );
}
