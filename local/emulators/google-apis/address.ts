/**
 * A Google API's host (anything else in front of the path is no service's), what its paths begin with, and the
 * rest. Older APIs have their name in front of the version, Pub/Sub Lite has `admin` behind it.
 */
const HOST_AND_PATH =
  /^([a-z0-9-]+(?:\.[a-z0-9-]+)*\.googleapis\.com)\/((?:[a-z]+\/)?(v\d+[a-z0-9]*)\/(?:admin\/)?)(.*)$/s;

/**
 * Where operations are in a name: after pairs of collection and id, in a collection of operations. The last
 * group is what `operations/**` allows: an id with slashes. `ragEngineConfig` is aiplatform's one singleton
 * in front of operations.
 */
const NAME =
  /^((?:[A-Za-z]+\/[^/]+\/)*?(?:[A-Za-z]+\/[^/]+\/ragEngineConfig\/|ragEngineConfig\/)?(?:operations|transferOperations))(?:\/(.+))?$/s;

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
  /** `https://notebooks.googleapis.com/v2/projects/…`, not encoded. */
  readonly url: string;
  /** The key of the operation: its URL, in one form where a service accepts two. */
  readonly key: string;
  /** The key of its collection, which is `key` itself where the address is that of a collection. */
  readonly collectionKey: string;
}

/** Whether there can be operations at a host, as `notebooks.googleapis.com`. */
export function isServiceHost(text: string): boolean {
  return addressOf(`${text}/v1/operations`)?.host === text;
}

/** Reads `host/version/name`, as it comes after `https://` or after this server's own address. */
export function parseAddress(hostAndPath: string): Address | undefined {
  const plain = decoded(hostAndPath);
  return plain === undefined ? undefined : addressOf(plain);
}

/** The same for what is decoded already, such as the rest of an address' `url`. */
export function addressOf(plainHostAndPath: string): Address | undefined {
  const [, host = '', base = '', version = '', name = ''] = HOST_AND_PATH.exec(plainHostAndPath) ?? [];
  const match = NAME.exec(name);
  const collection = match?.[1];
  if (collection === undefined) return undefined;
  const operationId = match?.[2];
  const url = `https://${host}/${base}${name}`;
  const collectionKey = keyOf(host, base, collection);
  const key = operationId === undefined ? collectionKey : keyOf(host, base, name);
  return {
    host,
    version,
    name,
    collection,
    url,
    key: key === url ? url : key,
    collectionKey,
    ...(operationId !== undefined && { operationId }),
  };
}

/**
 * Kubernetes Engine takes `zones/Z` wherever it takes `locations/Z`, for the same operation: the additional
 * bindings in google/container/v1/cluster_service.proto.
 */
function keyOf(host: string, base: string, name: string): string {
  const spelled =
    serviceOf(host) === 'container' ? name.replace(/^(projects\/[^/]+)\/zones\//, '$1/locations/') : name;
  return `https://${host}/${base}${spelled}`;
}

/**
 * The service's name, as the front of its host without a region: `aiplatform` for
 * `us-central1-aiplatform.googleapis.com`. Translation has two names, and its region behind them
 * (https://cloud.google.com/translate/docs/advanced/endpoints).
 */
export function serviceOf(host: string): string {
  const first = host.split('.')[0] ?? host;
  if (/^transl(?:ation$|ate-)/.test(first)) return 'translate';
  return first.slice(first.lastIndexOf('-') + 1);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
