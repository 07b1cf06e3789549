/**
 * The variables that Cloud Run functions set in each instance
 * (https://cloud.google.com/functions/docs/configuring/env-var), so that everything runs here as it is deployed: with
 * LOG_EXECUTION_ID the framework rewrites what a request writes, and the signature type is not that of the function.
 */
export const PLATFORM_VARIABLES = {
  FUNCTION_SIGNATURE_TYPE: 'http',
  FUNCTION_TARGET: 'cancelOperation',
  K_CONFIGURATION: 'lro-cancel',
  K_REVISION: 'lro-cancel-00001-abc',
  K_SERVICE: 'lro-cancel',
  LOG_EXECUTION_ID: 'true',
  NODE_ENV: 'production',
} as const;

/**
 * The heap that Node makes by itself in an instance of 512 MiB, as options of Node: it depends on the memory that there is
 * (https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib).
 */
const PLATFORM_HEAP = '--max-old-space-size=256 --max-semi-space-size=1';

/** NODE_OPTIONS as infra/ sets it for an instance of 512 MiB. */
export const DEPLOYED_NODE_OPTIONS = '--max-semi-space-size=16';

/** NODE_OPTIONS of a process that has these options in an instance of 512 MiB. */
export const nodeOptions = (...options: readonly (string | undefined)[]) =>
  [PLATFORM_HEAP, ...options].filter((option) => option !== undefined).join(' ');
