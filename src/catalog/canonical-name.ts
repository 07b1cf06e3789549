/**
 * The one name that stands for an operation or a job in ids, so that the same request for the same one has the same result,
 * by whichever of its names it was asked for.
 *
 * Only aliases that the text alone shows are rewritten. An id must never depend on what happens to be known, as the number
 * of a project is only while the metadata server answers, and the parent of a short name is never.
 */
export const canonicalName = (fullResourceName: string): string =>
  REWRITES.reduce((name, [expression, canonical]) => name.replace(expression, canonical), fullResourceName);

/**
 * The text that stands for an operation or a job in ids: its full resource name, and its location where the name alone is
 * that of a job in each location, as jobs of BigQuery and the executions of Cloud Run's v1 are.
 */
export const identityOf = ({
  fullResourceName,
  region,
}: {
  readonly fullResourceName: string;
  readonly region?: string;
}): string =>
  region !== undefined && IN_EACH_LOCATION.test(fullResourceName)
    ? `${fullResourceName}?location=${region.toLowerCase()}`
    : fullResourceName;

const IN_EACH_LOCATION =
  /^\/\/(?:bigquery\.googleapis\.com\/projects\/[^/]+\/jobs\/|run\.googleapis\.com\/namespaces\/)/;

const REWRITES: readonly (readonly [RegExp, string])[] = [
  // Kubernetes Engine takes a zone as a location (google/container/v1/cluster_service.proto).
  [/^(\/\/container\.googleapis\.com\/projects\/[^/]+)\/zones\//, '$1/locations/'],
  // Dataproc has the operations of a region under both collections.
  [/^(\/\/dataproc\.googleapis\.com\/projects\/[^/]+)\/locations\//, '$1/regions/'],
  // Both have jobs without a location in the location `global`.
  [/^(\/\/cloudbuild\.googleapis\.com\/projects\/[^/]+)\/builds\//, '$1/locations/global/builds/'],
  [/^(\/\/dlp\.googleapis\.com\/projects\/[^/]+)\/dlpJobs\//, '$1/locations/global/dlpJobs/'],
  [/^(\/\/storage\.googleapis\.com)\/b\//, '$1/projects/_/buckets/'],
  [/^(\/\/videointelligence\.googleapis\.com)\/operations\/projects\//, '$1/projects/'],
  [
    /^(\/\/discoveryengine\.googleapis\.com\/projects\/[^/]+\/locations\/[^/]+)\/(dataStores|engines)\//,
    '$1/collections/default_collection/$2/',
  ],
];
