import { readRequest } from '../../src/cancellation/read-request.ts';
import { checkPolicy } from '../../src/policy/policy.ts';
import { NAME, URL_OF_NAME } from '../support/fakes.ts';
import { refusalsOf } from '../support/refusals.ts';
import { pushBody } from '../support/test-app.ts';
import { readEvent } from '../support/events.ts';

/** A project that is not the function's own. */
export const OF_ANOTHER_PROJECT = 'projects/other-project/locations/us-central1/operations/o1';
const of = (changes: object) => ({ operation: NAME, service: 'notebooks', ...changes });
const other = OF_ANOTHER_PROJECT;

/** The push body of a message with this data; undefined stands for a message with attributes only. */
export const posted = (data: unknown) => pushBody(data, data === undefined ? { a: 'b' } : undefined);

/** Reads a request as the function does whose project is `my-project`. */
export function readAsFunction(data: unknown): unknown {
  const reading = readRequest(readEvent(posted(data)), '4711');
  if (reading.ok && 'operation' in reading) {
    const policy = { projects: ['my-project'], services: ['*'], protectedOperations: [] };
    checkPolicy(policy, reading.operation);
  }
  return reading;
}

/** The data of messages on the topic of requests. */
export const REJECTED_MESSAGES = refusalsOf(readAsFunction, [
  ['not JSON', 'cancel it', 'ValueError', ['data']],
  ['empty', '', 'ValueError', ['data']],
  ['attributes only', undefined, 'ValueError', ['data']],
  ['an array', [], 'TypeError', ['data']],
  ['a string', '"x"', 'TypeError', ['data']],
  ['an unknown field', of({ dryrun: true }), 'ValueError', ['dryrun']],
  ['a wrong type', of({ dryRun: 'yes' }), 'TypeError', ['dryRun']],
  ['an unknown service', of({ service: 'notebook' }), 'ValueError', ['service']],
  ['a version that there is not', of({ version: 'v3' }), 'ValueError', ['version']],
  ['a missing version', of({ service: 'dialogflow' }), 'ValueError', ['version']],
  ['a missing region', of({ operation: 'operations/o1', service: 'aiplatform' }), 'ValueError', ['region']],
  [
    'a host that is not listed',
    { operation: `https://evil.example/v2/${NAME}` },
    'ValueError',
    ['operation'],
  ],
  ['a path with ..', of({ operation: `projects/../${NAME}` }), 'ValueError', ['operation']],
  ['http:', { operation: URL_OF_NAME.replace('https', 'http') }, 'ValueError', ['operation']],
  ['user information', { operation: URL_OF_NAME.replace('//', '//me@') }, 'ValueError', ['operation']],
  ['a port', { operation: URL_OF_NAME.replace('.com', '.com:443') }, 'ValueError', ['operation']],
  ['a query', { operation: `${URL_OF_NAME}?alt=json` }, 'ValueError', ['operation']],
  ['a fragment', { operation: `${URL_OF_NAME}#x` }, 'ValueError', ['operation']],
  ['%2F', of({ operation: NAME.replace('/o1', '%2Fo1') }), 'ValueError', ['operation']],
  ['a control character', of({ operation: `${NAME}\u0007` }), 'ValueError', ['operation']],
  ['10,000 characters', of({ operation: `${NAME}${'x'.repeat(10_000)}` }), 'ValueError', ['operation']],
  [
    'an entitlement',
    of({ operation: 'accounts/A/customers/C/entitlements/E', service: 'cloudchannel' }),
    'ValueError',
    ['operation'],
  ],
  ['no operations', { operations: [] }, 'ValueError', ['operations']],
  [
    '1,001 operations',
    { operations: Array.from({ length: 1_001 }, (_, n) => `o${n}`) },
    'ValueError',
    ['operations'],
  ],
  ['operation and operations', of({ operations: [NAME] }), 'ValueError', ['operations']],
  ['confirmWithin: 0s', of({ confirmWithin: '0s' }), 'ValueError', ['confirmWithin']],
  ['another project', of({ operation: other }), 'ValueError', ['operation']],
  [
    'a name without a project',
    of({ operation: 'operations/o1', service: 'cloudchannel' }),
    'ValueError',
    ['operation'],
  ],
]);
