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
