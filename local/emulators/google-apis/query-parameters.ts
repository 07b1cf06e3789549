import { statusAnswer, type WholeAnswer } from './answer.ts';

/** The `parameters` that the discovery document of every service lists for all of its methods. */
const SYSTEM_PARAMETERS: readonly string[] = [
  '$.xgafv',
  'access_token',
  'alt',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
];

/**
 * Refuses the query that has another parameter than the method knows: one that is misspelled, or that another
 * service has. Google's front end does so before the service sees the request.
 */
export function unknownParameters(query: URLSearchParams, known: readonly string[]): WholeAnswer | undefined {
  const unknown = [...new Set(query.keys())].filter(
    (name) => !known.includes(name) && !SYSTEM_PARAMETERS.includes(name),
  );
  if (unknown.length === 0) return undefined;
  const descriptions = unknown.map(
    (name) =>
      `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
  );
  return badRequest(descriptions);
}

/** Refuses the value of one parameter, as the front end does: with the field's name and type in protobuf. */
export function invalidValue(parameter: string, type: string, value: string): WholeAnswer {
  const field = parameter.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return badRequest([`Invalid value at '${field}' (${type}), ${JSON.stringify(value)}`]);
}

/** With `google.rpc.BadRequest`, which has each problem by itself. */
function badRequest(descriptions: readonly string[]): WholeAnswer {
  return statusAnswer('INVALID_ARGUMENT', descriptions.join('\n'), [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: descriptions.map((description) => ({ description })),
    },
  ]);
}
