import { parseArgs } from 'node:util';
import { resolve } from '../src/catalog/resolve.ts';
import { Failure, isPermanent, valueFailure } from '../src/validation/failure.ts';
import { targetOf } from '../src/resources/resource.ts';
import type { Call, Resource } from '../src/resources/resource.ts';
import { parseRequest } from '../src/messages/request.ts';
import { permissionOf } from '../tools/catalog/permissions.ts';

/**
 * `npm run explain -- <operation> [--service …] [--version …] [--region …]`: what would be called for an
 * operation, or why it is refused. Nothing is called. With `--json`, requests are read from standard input,
 * a JSON object a line, and a line of JSON is written for each.
 */

const USAGE = `Usage: npm run explain -- <operation> [--service <name>] [--version <version>] [--region <region>]
       npm run -s explain -- --json < requests.ndjson`;

/** The operation that a request means. */
function resolveRequest(data: unknown): Resource {
  const parsed = parseRequest(data, 'explain');
  if (!parsed.ok) throw parsed.failure;
  if ('one' in parsed) return resolve(parsed.one.reference);
  throw valueFailure('operations', 'name one operation at a time, in operation');
}

function explainAsJson(line: string): unknown {
  try {
    const { host, auth, calls } = resolveRequest(parseLine(line));
    const { cancel, get } = calls;
    const call = (one: Call) => ({ method: one.method, url: `https://${host}/${targetOf(one)}` });
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

function explainToPerson(data: unknown): string {
  const operation = resolveRequest(data);
  const { service, version, name, project, host, calls, auth } = operation;
  const { cancel, get } = calls;
  const { scopes, tokenScopes, delegated } = auth;
  const call = (one: Call) => `${one.method} https://${host}/${targetOf(one)}`;
  const rows = [
    ['Service', `${service} ${version}`],
    ['Operation', name],
    ['Host', host],
    ['Cancel', call(cancel)],
    [
      'Get',
      get === undefined ? 'the service has no GET: the result can be no better than UNCONFIRMED' : call(get),
    ],
    ['Scopes', scopes.length === 0 ? 'none named by the API' : `any one of ${scopes.join(' ')}`],
    [
      'Token for',
      `${tokenScopes[0] ?? ''}${delegated ? ', by domain-wide delegation (DELEGATED_SUBJECT)' : ''}`,
    ],
    ['Permission', permissionOf(service, name)],
    [
      'Policy',
      project === undefined
        ? `the name carries no project, so ALLOWED_SERVICES has to list ${service} by name`
        : `the project ${project} has to be the function's own, or in ALLOWED_PROJECTS`,
    ],
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

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      service: { type: 'string' },
      version: { type: 'string' },
      region: { type: 'string' },
    },
  });
  const { help, json, ...context } = values;
  if (help === true) {
    console.log(USAGE);
    return;
  }
  if (json === true) {
    if (positionals.length > 0 || Object.keys(context).length > 0)
      throw valueFailure('arguments', `with --json there are none\n${USAGE}`);
    for await (const line of linesOf(process.stdin)) {
      if (line.trim() !== '') console.log(JSON.stringify(explainAsJson(line)));
    }
    return;
  }
  const [operation, ...others] = positionals;
  if (operation === undefined || others.length > 0)
    throw valueFailure('arguments', `name one operation to explain\n${USAGE}`);
  console.log(explainToPerson({ operation, ...context }));
}

try {
  await main();
} catch (error) {
  const known = error instanceof Failure || (error instanceof TypeError && 'code' in error);
  if (!known) throw error;
  const unsupported = error instanceof Failure && error.code === 'Unsupported';
  console.error(`${unsupported ? 'Unsupported' : 'Refused'}: ${error.message}`);
  process.exitCode = 1;
}
