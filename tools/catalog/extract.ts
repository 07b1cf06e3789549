import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Reads what the npm package `googleapis` says of cancelling. The package is generated from the discovery
 * documents of all Google APIs: an API's `.js` holds HTTP method and path of each of its methods, the samples
 * in its `.d.ts` hold scopes, the resource's real spelling and a name of the right form.
 */

/** One API version, with what of it is about operations and cancelling. */
export interface ApiVersion {
  readonly api: string;
  readonly version: string;
  readonly host: string;
  readonly resources: readonly Resource[];
}

/** A resource that has operations, or a method that cancels something. */
export interface Resource {
  /** As in the method's id: `projects.locations.operations`. */
  readonly resource: string;
  /** HTTP method and path of each method, as `POST v1/{+name}:cancel`. */
  readonly methods: Readonly<Record<string, string>>;
  /** A name of the form that its methods take, as `projects/my-project/operations/my-operation`. */
  readonly sample?: string | undefined;
  /** OAuth scopes of which any one is accepted, without `https://www.googleapis.com/auth/`. */
  readonly scopes: readonly string[];
}

const SCOPE_PREFIX = 'https://www.googleapis.com/auth/';
const KEPT_OF_OPERATIONS = new Set(['cancel', 'get', 'list']);

/** Reads all APIs of an unpacked package. */
export async function extractApis(packageFolder: string): Promise<readonly ApiVersion[]> {
  const apis = join(packageFolder, 'build/src/apis');
  const versions: ApiVersion[] = [];
  const folders = (await readdir(apis, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const api of folders.map(({ name }) => name).sort()) {
    const files = (await readdir(join(apis, api))).filter((file) => file.endsWith('.d.ts'));
    for (const file of files.filter((name) => name !== 'index.d.ts').sort()) {
      const version = file.slice(0, -'.d.ts'.length);
      const read = (extension: string) => readFile(join(apis, api, `${version}${extension}`), 'utf8');
      versions.push(extractVersion(api, version, await read('.d.ts'), await read('.js')));
    }
  }
  return versions.filter(({ resources }) => resources.length > 0);
}

function extractVersion(api: string, version: string, declarations: string, code: string): ApiVersion {
  const calls = readCalls(code);
  const resources = new Map<string, { -readonly [Key in keyof Resource]: Resource[Key] }>();
  for (const { className, method, resource, sample, scopes } of readSamples(declarations)) {
    const call = calls.methods.get(`${className}.${method}`);
    if (call === undefined) throw new Error(`${api} ${version}: no call for ${className}.${method}`);
    const cancels = method === 'cancel' || /[:/]cancel$/.test(call);
    const ofOperations = /operations$/i.test(resource) && KEPT_OF_OPERATIONS.has(method);
    if (!cancels && !ofOperations) continue;
    const entry = resources.get(resource) ?? { resource, methods: {}, scopes: [] };
    entry.methods = { ...entry.methods, [method]: call };
    // The cancel is what the scopes and the form of the name are wanted for.
    if (cancels || (method === 'get' && entry.sample === undefined)) {
      // Of what is no operation, only the form is wanted: it is refused.
      entry.scopes = ofOperations ? scopes : [];
      entry.sample = sample;
    }
    resources.set(resource, entry);
  }
  const sorted = [...resources.values()].sort((a, b) => (a.resource < b.resource ? -1 : 1));
  return { api, version, host: calls.host, resources: sorted };
}

/** HTTP method and path of each method of each class, in the package's code. */
function readCalls(code: string): { host: string; methods: Map<string, string> } {
  const methods = new Map<string, string>();
  const expression =
    /^ {4}class (\S+) \{|^ {8}(\w+)\(paramsOrCallback|rootUrl = options\.rootUrl \|\| 'https:\/\/([^/']+)\/'|url: \(rootUrl \+\s*'([^']+)'\)|^ +method: '([A-Z]+)'/gm;
  let [className, method, host, path] = ['', '', '', ''];
  for (const [, newClass, newMethod, newHost, newPath, httpMethod] of code.matchAll(expression)) {
    className = newClass ?? className;
    method = newMethod ?? method;
    host = newHost ?? host;
    path = newPath ?? path;
    if (httpMethod !== undefined) methods.set(`${className}.${method}`, `${httpMethod} ${path.slice(1)}`);
  }
  return { host, methods };
}

/** The facts in the samples of the package's declarations. */
function* readSamples(declarations: string) {
  let className = '';
  const expression =
    /^ {4}(?:export )?class (\S+) \{|^ {8}\/\*\*\n((?: {9}\*.*\n)+) {8}(\w+)\(params: Params\$/gm;
  for (const [, newClass, comment, method] of declarations.matchAll(expression)) {
    className = newClass ?? className;
    if (comment === undefined || method === undefined) continue;
    const [, resource] = /await \w+\.((?:\w+\.)+)\w+\(/.exec(comment) ?? [];
    const [, scopes = ''] = /scopes: \[([^\]]*)\]/.exec(comment) ?? [];
    const [, sample] = /^ *\* +(?:name|operationId|bucket|operation): '([^']*)'/m.exec(comment) ?? [];
    yield {
      className,
      method,
      // A few methods have no sample; their class names the resource, in lower case.
      resource: resource?.slice(0, -1) ?? className.toLowerCase().split('$').slice(1).join('.'),
      sample,
      scopes: [...scopes.matchAll(/'([^']+)'/g)].map(([, scope = '']) => scope.replace(SCOPE_PREFIX, '')),
    };
  }
}
