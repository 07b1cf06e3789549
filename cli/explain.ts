import { parseArgs } from 'node:util';
import { resolve } from '../src/catalog/resolve.ts';
import { Failure, isPermanent, valueFailure } from '../src/validation/failure.ts';
import { targetOf } from '../src/resources/resource.ts';
import type { Call, Resource } from '../src/resources/resource.ts';
import { parseRequest } from '../src/messages/request.ts';
import { jobKindNames } from '../src/catalog/catalog.ts';
import { permissionOf } from '../tools/catalog/permissions.ts';
import { printLine } from './print-line.ts';
import { requestRefusal } from './request-refusal.ts';

/**
 * `npm run explain -- <operation> [--job] [--service …] [--version …] [--region …]`, and `lro-cancel explain`: what would be
 * called for an operation or job, or why it is refused. Nothing is called. With `--json`, requests are read from standard input,
 * a JSON object a line, and a line of JSON is written for each.
 */

const USAGE = `Usage: npm run explain -- <operation> [--job] [--service <name>] [--version <version>] [--region <region>]
       npm run -s explain -- --json < requests.ndjson`;

/** The operation that a request means. */
function resolveRequest(data: unknown): Resource {
  const parsed = parseRequest(data, 'explain');
  if (!parsed.ok) throw parsed.failure;
  if ('one' in parsed) return resolve(parsed.one.reference);
  throw valueFailure('operations', 'name one at a time, in operation or job');
}

function explainAsJson(line: string): unknown {
  try {
    const { host, auth, calls } = resolveRequest(parseLine(line));
    const { cancel, get } = calls;
    const call = (one: Call) => ({
      method: one.method,
      url: `https://${host}/${targetOf(one)}`,
      ...(one.body !== undefined && { body: one.body }),
    });
    return { host, scopes: auth.scopes, cancel: call(cancel), get: get === undefined ? null : call(get) };
  } catch (error) {
    if (!isPermanent(error)) throw error;
    const { code, message } = error;
    return code === 'Unsupported' ? { unsupported: message } : { rejected: { type: code, message } };
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    throw Failure.from(error, 'ValueError', 'is not JSON').at('data');
  }
}

/** The permissions for the cancel and the GET of a kind of jobs. */
async function permissionsOfJob(service: string, kind: string): Promise<string> {
  // Loaded here, because an operation needs none of it.
  const { jobs } = await import('../tools/catalog/jobs.ts');
  const entry = jobs.find((one) => one.service === service && one.kind === kind);
  return entry === undefined ? 'not known' : `${entry.permissions.cancel}; and ${entry.permissions.get}`;
}

const allowedBy = (kind: string, service: string) =>
  jobKindNames.get(kind)?.explicit === true
    ? `${kind} in ALLOWED_JOBS, by its full name`
    : `${kind}, ${service} or * in ALLOWED_JOBS`;

/** The calls that would be made for a request, in lines for a person. @throws Failure for one that is refused */
export async function explainToPerson(data: unknown): Promise<string> {
  const operation = resolveRequest(data);
  const { service, version, name, job, project, host, calls, auth } = operation;
  const { cancel, get } = calls;
  const { scopes, tokenScopes, delegated } = auth;
  const call = (one: Call) => `${one.method} https://${host}/${targetOf(one)}`;
  const rows = [
    ['Service', `${service} ${version}`],
    [job === undefined ? 'Operation' : 'Job', job === undefined ? name : `${name} (${service}.${job})`],
    ['Host', host],
    ['Cancel', call(cancel)],
    ...(cancel.body === undefined ? [] : [['Body', JSON.stringify(cancel.body)]]),
    [
      'Get',
      get === undefined ? 'the service has no GET: the result can be no better than UNCONFIRMED' : call(get),
    ],
    ['Scopes', scopes.length === 0 ? 'none named by the API' : `any one of ${scopes.join(' ')}`],
    [
      'Token for',
      `${tokenScopes[0] ?? ''}${delegated ? ', by domain-wide delegation (DELEGATED_SUBJECT)' : ''}`,
    ],
    ['Permission', job === undefined ? permissionOf(service, name) : await permissionsOfJob(service, job)],
    [
      'Policy',
      project === undefined
        ? `the name carries no project, so ALLOWED_SERVICES has to list ${service} by name`
        : `the project ${project} has to be the function's own, or in ALLOWED_PROJECTS`,
    ],
    ...(job === undefined ? [] : [['Allowed by', allowedBy(`${service}.${job}`, service)]]),
  ];
  return rows.map(([label = '', text = '']) => `${label.padEnd(11)} ${text}`).join('\n');
}

/** Only a line feed ends a line: in JSON, other separators may stand in a string. */
async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

/** Writes a line of JSON for each request of standard input. */
export async function explainRequests(): Promise<void> {
  for await (const line of linesOf(process.stdin)) {
    if (line.trim() !== '') printLine(JSON.stringify(explainAsJson(line)));
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      job: { type: 'boolean' },
      service: { type: 'string' },
      version: { type: 'string' },
      region: { type: 'string' },
    },
  });
  const { help, json, job: isJob = false, ...context } = values;
  if (help === true) {
    console.log(USAGE);
    return;
  }
  if (json === true) {
    if (positionals.length > 0 || isJob || Object.keys(context).length > 0)
      throw valueFailure('arguments', `with --json there are none\n${USAGE}`);
    await explainRequests();
    return;
  }
  const [reference, ...others] = positionals;
  if (reference === undefined || others.length > 0)
    throw valueFailure('arguments', `name one operation or job to explain\n${USAGE}`);
  printLine(await explainToPerson({ [isJob ? 'job' : 'operation']: reference, ...context }));
}

/**
 * Performs an explanation, and prints why it is refused.
 *
 * @returns the exit code
 */
export async function explaining(explain: () => void | Promise<void>): Promise<number> {
  try {
    await explain();
    return 0;
  } catch (error) {
    const known = error instanceof Failure || (error instanceof TypeError && 'code' in error);
    if (!known) throw error;
    const unsupported = error instanceof Failure && error.code === 'Unsupported';
    const reason = error instanceof Failure ? requestRefusal(error) : error.message;
    console.error(`${unsupported ? 'Unsupported' : 'Refused'}: ${reason}`);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await explaining(main);
