import { resolve } from '../../../src/catalog/resolve.ts';
import { parseRequest } from '../../../src/messages/request.ts';
import { createPolicy } from '../../../src/policy/policy.ts';
import { targetOf } from '../../../src/resources/resource.ts';
import type { Call, Resource } from '../../../src/resources/resource.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { isPermanent, valueFailure } from '../../../src/validation/failure.ts';
import { isObject } from '../../../src/validation/schema.ts';
import type { Explained, Explanation, Rejected } from '../model/explanation.ts';

/**
 * Explains a request as `npm run explain` does, without calling anything, and asks the policy of the settings.
 *
 * @param isSimulated whether the simulated services know a URL
 */
export const explain = (
  data: unknown,
  settings: Settings,
  isSimulated: (url: string) => boolean,
): Promise<Explanation> =>
  explainBy(data, async (resource) => {
    const forbidden = await forbiddenBy(settings, resource);
    return {
      isSimulated: isSimulated(resource.url),
      ...(forbidden !== undefined && { forbidden }),
    };
  });

/** Explains a request by the catalog alone: for a system whose settings are not known. */
export const explainByCatalog = (data: unknown): Promise<Explanation> =>
  explainBy(data, () => Promise.resolve({}));

async function explainBy(
  data: unknown,
  furtherFacts: (resource: Resource) => Promise<Pick<Explained, 'isSimulated' | 'forbidden'>>,
): Promise<Explanation> {
  let resource: Resource;
  try {
    resource = resolveRequest(data);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    const { code, message } = error;
    if (code === 'Unsupported') return { unsupported: message };
    const belongsIn = otherFieldOf(data);
    return { rejected: message, ...(belongsIn !== undefined && { belongsIn }) };
  }
  const { service, version, name, host, calls, url } = resource;
  const call = (one: Call) => `${one.method} https://${host}/${targetOf(one)}`;
  return {
    service: `${service} ${version}`,
    name,
    cancel: call(calls.cancel),
    ...(calls.get !== undefined && { get: call(calls.get) }),
    url,
    ...(await furtherFacts(resource)),
  };
}

/** The field in which the reference of a refused request would be understood; undefined where there is no such field. */
function otherFieldOf(data: unknown): Rejected['belongsIn'] {
  if (!isObject(data)) return undefined;
  const { operation, job, ...others } = data;
  if ((operation === undefined) === (job === undefined)) return undefined;
  try {
    resolveRequest(job === undefined ? { ...others, job: operation } : { ...others, operation: job });
    return job === undefined ? 'job' : 'operation';
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return undefined;
  }
}

/** The operation that a request means. */
function resolveRequest(data: unknown): Resource {
  const parsed = parseRequest(data, 'explain');
  if (!parsed.ok) throw parsed.failure;
  if ('one' in parsed) return resolve(parsed.one.reference);
  throw valueFailure('operations', 'name one operation at a time, in operation');
}

/** The sentence with which the policy refuses; undefined where it does not. */
async function forbiddenBy(settings: Settings, resource: Resource): Promise<string | undefined> {
  const own = settings.project ?? '';
  try {
    await createPolicy(settings).check(resource, { id: () => own, names: () => [own] });
    return undefined;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return error.message;
  }
}
