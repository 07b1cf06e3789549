import { readFileSync } from 'node:fs';

/** Reads the kinds of jobs of the module from the text of infra/jobs.tf. */
const terraform = readFileSync('infra/jobs.tf', 'utf8');
const VERBS = ['cancel', 'get', 'list'];

/** The permissions of each kind: a prefix of one permission for each verb, or a list. */
export function permissionsInModule(): ReadonlyMap<string, ReadonlySet<string>> {
  const [, text = ''] = /job_permissions = merge\((.*?)\n {2}\)\n/s.exec(terraform) ?? [];
  return new Map(
    [...text.matchAll(/"([a-z]+\.[A-Za-z]+)" += (?:"([^"]+)"|\[([^\]]*)\])/g)].map(
      ([, name = '', prefix, list = '']) => [
        name,
        new Set(prefix === undefined ? textsOf(list) : VERBS.map((verb) => `${prefix}.${verb}`)),
      ],
    ),
  );
}

const textsOf = (text: string) => [...text.matchAll(/"([^"]*)"/g)].map(([, found = '']) => found);

/** A list of kinds. */
export const kindsInModule = (name: string) => {
  const [, list = ''] = new RegExp(`${name} += \\[(.*?)\\]`, 's').exec(terraform) ?? [];
  return textsOf(list);
};

/** The kinds that `*` stands for. */
export function usualKindsInModule(): readonly string[] {
  const explicit = kindsInModule('explicit_job_kinds');
  return [...permissionsInModule().keys()].filter((kind) => !explicit.includes(kind));
}
