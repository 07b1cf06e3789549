import type { JobKind } from './job-kind.ts';
import { JOB_KINDS } from './job-kinds.ts';
import { filled, pathTemplate, type PathTemplate, type PathVariables } from './path-template.ts';
import type { JobAddress } from './stored-job.ts';

/** A path that is one of a kind's, whatever its host. */
interface Route {
  readonly kind: JobKind;
  readonly template: PathTemplate;
  readonly method: string;
  readonly is: 'get' | 'cancel' | 'list';
}

/** What a request is for. */
export interface RoutedCall {
  readonly is: Route['is'];
  readonly kind: JobKind;
  readonly at: PathVariables;
}

const ROUTES: readonly Route[] = JOB_KINDS.flatMap((kind) =>
  kind.versions.flatMap((version) => {
    const base = `/${kind.before ?? ''}${version}/`;
    const lists = kind.list.paths.map((path) => routeOf(kind, 'GET', base + path, 'list'));
    const { cancel } = kind;
    return [
      routeOf(kind, 'GET', base + kind.name, 'get'),
      ...(cancel ? [routeOf(kind, cancel.method, base + kind.name + cancel.suffix, 'cancel')] : []),
      ...lists,
    ];
  }),
);

function routeOf(kind: JobKind, method: string, path: string, is: Route['is']): Route {
  return { kind, template: pathTemplate(path), method, is };
}

/** The method of a job that a request is for; undefined where it is none that is known. */
export function routed({
  method,
  host,
  path,
}: {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}): RoutedCall | undefined {
  for (const { kind, template, method: wanted, is } of ROUTES) {
    if (method !== wanted) continue;
    const at = template.match(path);
    if (at && kind.host(host, at) !== false) return { is, kind, at };
  }
  return undefined;
}

/** The job at a host by the variables of its path, its name in full. */
export function jobAddress(kind: JobKind, host: string, variables: PathVariables): JobAddress {
  const short = filled(kind.name, variables);
  const name = kind.fullName?.(short) ?? short;
  const full = kind.fullName
    ? JOB_KINDS.find((other) => other.service === kind.service && nameOf(other, name))
    : kind;
  const own = full ?? kind;
  const url = `https://${host}/${own.before ?? ''}${own.versions[0]}/${name}`;
  const key = `${own.service} ${own.isByHost ? `${host} ` : ''}${name}`;
  return { kind: own, host, name, at: nameOf(own, name) ?? variables, url, key };
}

/** The job that a URL stands for: that of its GET, https://…/customJobs/j. */
export function jobAt(url: string): JobAddress | undefined {
  const call = urlCall(url);
  if (call?.is !== 'get' || call.kind.host(call.host, call.at) !== true) return undefined;
  return { ...jobAddress(call.kind, call.host, call.at), url };
}

/** The list method that a URL stands for. */
export function jobListAt(url: string): RoutedCall | undefined {
  const call = urlCall(url);
  return call?.is === 'list' ? call : undefined;
}

function urlCall(url: string) {
  const [, host = '', path = ''] = /^https:\/\/([a-z0-9.-]+)(\/[^?#]*)$/.exec(url) ?? [];
  const call = routed({ method: 'GET', host, path });
  return call && { ...call, host };
}

const nameOf = (kind: JobKind, name: string) => pathTemplate(kind.name).match(name);
