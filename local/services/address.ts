/**
 * A Google API's host (anything else in front of the path is no service's), what its paths begin with, and the
 * rest. Older APIs have their name in front of the version, Pub/Sub Lite has `admin` behind it.
 */
const HOST_AND_PATH =
  /^([a-z0-9-]+(?:\.[a-z0-9-]+)*\.googleapis\.com)\/((?:[a-z]+\/)?(v\d+[a-z0-9]*)\/(?:admin\/)?)(.*)$/;

/**
 * Where operations are in a name: after pairs of collection and id, in a collection of operations. The last
 * group is what `operations/**` allows: an id with slashes. `ragEngineConfig` is aiplatform's one singleton
 * in front of operations.
 */
const NAME =
  /^((?:[A-Za-z]+\/[^/]+\/)*?(?:[A-Za-z]+\/[^/]+\/ragEngineConfig\/|ragEngineConfig\/)?(?:operations|transferOperations))(?:\/(.+))?$/;

/** The resource that a URL of an operations API stands for. */
export interface Address {
  /** `notebooks.googleapis.com` */
  readonly host: string;
  /** `v2` */
  readonly version: string;
  /** `projects/p/locations/l/operations/o`, or the collection itself. */
  readonly name: string;
  /** `projects/p/locations/l/operations` */
  readonly collection: string;
  /** Absent where the address is that of the collection. */
  readonly operationId?: string;
  /**
   * `https://notebooks.googleapis.com/v2/projects/…`: what identifies it, since names are unique within a
   * service only.
   */
  readonly url: string;
}

/** Reads `host/version/name`, as it comes after `https://` or after this server's own address. */
export function parseAddress(hostAndPath: string): Address | undefined {
  const [, host = '', base = '', version = '', path = ''] = HOST_AND_PATH.exec(hostAndPath) ?? [];
  const name = path === '' ? undefined : decoded(path);
  const match = name === undefined ? null : NAME.exec(name);
  const collection = match?.[1];
  if (name === undefined || collection === undefined) return undefined;
  const operationId = match?.[2];
  const url = `https://${host}/${base}${name}`;
  return { host, version, name, collection, url, ...(operationId !== undefined && { operationId }) };
}

/**
 * The service's name, as the front of its host without a region: `aiplatform` for
 * `us-central1-aiplatform.googleapis.com`.
 */
export function serviceOf(host: string): string {
  const first = host.split('.')[0] ?? host;
  return first.slice(first.lastIndexOf('-') + 1);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
