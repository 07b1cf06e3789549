/**
 * Reads the HTTP rules and the scopes of a service configuration (`google.api.Service`, as YAML). A program
 * writes these files, with only a few forms of lines. A line of HTTP rules in another form is an error; it is
 * never skipped.
 *
 * Source: https://github.com/googleapis/googleapis/blob/master/google/api/service.proto
 */

/** HTTP rules of a method, such as `POST /v1/{name=projects/*}:cancel`; the method's own rule comes first. */
export interface MethodRules {
  /** Name of the method, such as `google.longrunning.Operations.CancelOperation`. */
  readonly selector: string;
  readonly rules: readonly string[];
}

export interface ServiceConfiguration {
  /** Name of the service, such as `batch.googleapis.com`. */
  readonly name: string;
  readonly methods: readonly MethodRules[];
  /** OAuth scopes by selector. A selector can end in a wildcard. */
  readonly scopes: ReadonlyMap<string, readonly string[]>;
}

export function readServiceConfiguration(text: string): ServiceConfiguration {
  const [, name = ''] = /^name: (\S+)$/m.exec(text) ?? [];
  return {
    name: unquote(name),
    methods: readHttpRules(sectionOf(text, 'http')),
    scopes: readScopes(sectionOf(text, 'authentication')),
  };
}

const unquote = (text: string) => text.replace(/^(['"])(.*)\1$/, '$2');

/** The indented lines below a key of the top level. */
function sectionOf(text: string, key: string): readonly string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(`${key}:`);
  if (start < 0) return [];
  const length = lines.slice(start + 1).findIndex((line) => /^[^\s#]/.test(line));
  return lines
    .slice(start + 1, length < 0 ? undefined : start + 1 + length)
    .filter((line) => !/^\s*(?:#.*)?$/.test(line));
}

const SELECTOR = /^ {2}- selector: (\S+)$/;
const BINDING = /^ {4}(?:- )?(get|put|post|delete|patch): (['"]?\/\S+)$/;
const IGNORED = /^ {2}rules:$|^ {4}additional_bindings:$|^ +(?:- )?(?:body|response_body): \S+$/;

function readHttpRules(lines: readonly string[]): readonly MethodRules[] {
  const methods: { readonly selector: string; readonly rules: string[] }[] = [];
  for (const line of lines) {
    const [, selector] = SELECTOR.exec(line) ?? [];
    const [, verb, path = ''] = BINDING.exec(line) ?? [];
    if (selector !== undefined) methods.push({ selector: unquote(selector), rules: [] });
    else if (verb !== undefined) methods.at(-1)?.rules.push(`${verb.toUpperCase()} ${unquote(path)}`);
    else if (!IGNORED.test(line)) throw new Error(`unknown line of HTTP rules: ${line}`);
  }
  return methods;
}

const SCOPE_PREFIX = 'https://www.googleapis.com/auth/';

function readScopes(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const scopes = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    const [, selector] = SELECTOR.exec(line) ?? [];
    if (selector !== undefined) scopes.set(unquote(selector), (current = []));
    const found = line.match(/https:\/\/www\.googleapis\.com\/auth\/[\w.-]+/g) ?? [];
    current.push(...found.map((scope) => scope.slice(SCOPE_PREFIX.length)));
  }
  return scopes;
}
