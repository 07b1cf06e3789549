import { namesOf } from '../../src/catalog/catalog.ts';
import type { MethodGroup } from '../../src/catalog/catalog.ts';
import { indexPatterns } from '../../src/catalog/name-pattern.ts';
import type { Configuration } from './extract-configurations.ts';
import { splitPath } from './path.ts';

/** Makes groups of names from service configurations, and merges them into the groups of the first source. */

/** The groups of one version of a service, from its configurations. */
export interface ConfiguredVersion {
  readonly service: string;
  readonly version: string;
  readonly groups: readonly MethodGroup[];
}

interface Name {
  readonly version: string;
  readonly base: string;
  readonly name: string;
  /** Verb and suffix, as `POST :cancel`. */
  readonly form: string;
}

/** The versions of all configurations. The groups of one version may come from several files. */
export function configuredVersions(configurations: readonly Configuration[]): readonly ConfiguredVersion[] {
  const versions = new Map<string, { service: string; version: string; groups: MethodGroup[] }>();
  for (const configuration of configurations) {
    for (const { version, group } of groupsOf(configuration)) {
      const key = `${configuration.service} ${version}`;
      const known = versions.get(key) ?? { service: configuration.service, version, groups: [] };
      versions.set(key, known);
      known.groups.push(group);
    }
  }
  return [...versions.values()];
}

function* groupsOf({ cancel, get, list, scopes }: Configuration) {
  const cancels = cancel.map(readRule);
  const gets = get.map(readRule);
  const lists = list.map((rule) => rule.replace(/^GET \/|[{}]|name=/g, ''));
  for (const { version, base, name, form } of cancels) {
    const hasGet = gets.some((other) => other.base === base && covers([other.name], name));
    const group: MethodGroup = {
      names: [name],
      ...baseOf(version, base),
      ...(form !== 'POST :cancel' && { cancel: form }),
      ...(!hasGet && { get: false }),
      ...(!isListed(base, name, lists) && { list: false }),
      ...(scopes !== undefined && scopes.join() !== 'cloud-platform' && { scopes: [...scopes].sort() }),
      source: 'configuration',
    };
    yield { version, group };
  }
  for (const { version, base, name } of gets) {
    const group: MethodGroup = {
      names: [name],
      ...baseOf(version, base),
      cancel: false,
      source: 'configuration',
    };
    yield { version, group };
  }
}

const baseOf = (version: string, base: string) => (base === `${version}/` ? {} : { base });

/** Parses a rule such as `POST /v1/{name=operations/**}:cancel`. */
function readRule(rule: string): Name {
  const [, verb = '', path = '', suffix = ''] = /^(\S+) \/(.*?)(:cancel|)$/.exec(rule) ?? [];
  const { version, base, rest } = splitPath(path.replace(/\{name=([^{}]+)\}/, '$1'));
  return { version, base, name: rest, form: `${verb} ${suffix}` };
}

/** Whether a list rule has the collection of a name, which is the name without its last segment. */
function isListed(base: string, name: string, lists: readonly string[]): boolean {
  const collection = base + name.replace(/\/\*{1,2}$/, '');
  const any = name.endsWith('/**');
  return lists.some((list) => list === collection || (any && list.startsWith(`${collection}/`)));
}

/** Whether every name that matches the pattern also matches one of `patterns`. */
function covers(patterns: readonly string[], pattern: string): boolean {
  const sample = pattern
    .replace(/[[\]]/g, '')
    .replaceAll('**', 'x/x')
    .replace(/\*|\{\w+\}/g, 'x');
  return indexPatterns(patterns.map((one) => [one, true]))(sample) !== undefined;
}

/**
 * Merges the groups of a version from both sources. Where both have a name, the first source takes precedence,
 * because it documents this very method. A name is cancellable if either source has a cancel for it.
 */
export function mergeSources(
  groups: readonly MethodGroup[],
  configured: readonly MethodGroup[],
): readonly MethodGroup[] {
  const added = withoutKnown(configured.filter(isCancellable), groups.filter(isCancellable));
  const able = added.flatMap(namesOf);
  const known = groups.flatMap((group) => {
    const names = isCancellable(group)
      ? namesOf(group)
      : namesOf(group).filter((name) => !covers(able, name));
    return names.length === 0 ? [] : [{ ...group, names }];
  });
  const merged = [...known, ...added];
  return [
    ...merged,
    ...withoutKnown(
      configured.filter((group) => !isCancellable(group)),
      merged,
    ),
  ];
}

const isCancellable = ({ cancel }: MethodGroup) => cancel !== false;

function withoutKnown(groups: readonly MethodGroup[], known: readonly MethodGroup[]): readonly MethodGroup[] {
  const names = known.flatMap(namesOf);
  return groups.filter((group) => !namesOf(group).every((name) => covers(names, name)));
}
