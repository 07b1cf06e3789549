import { parseConnectorCall } from '../../src/messages/connector-call.ts';
import type { ConnectorCall } from '../../src/messages/connector-call.ts';
import { parseRequest } from '../../src/messages/request.ts';
import { NAME } from '../support/fakes.ts';
import { refusalsOf } from '../support/refusals.ts';

const call = 'googleapis.aiplatform.v1beta1.projects.locations.operations.cancel';
const zonal = 'googleapis.container.v1.projects.zones.operations.cancel';
const parts = { projectId: 'p', zone: 'us-central1-a', operationId: 'o1' };

/** Calls of the Workflows connector. */
export const REFUSED_CALLS = refusalsOf(
  (changed: ConnectorCall) => parseConnectorCall(changed),
  [
    [
      'another method',
      { call: call.replace('cancel', 'delete'), args: { name: NAME } },
      'ValueError',
      ['call'],
    ],
    [
      'a method of another resource',
      { call: 'googleapis.cloudchannel.v1.accounts.customers.entitlements.cancel', args: { name: NAME } },
      'ValueError',
      ['call'],
    ],
    [
      'no service',
      { call: 'projects.locations.operations.cancel', args: { name: NAME } },
      'ValueError',
      ['call'],
    ],
    [
      'a name of another collection',
      { call, args: { name: 'projects/p/locations/l/datasets/d/operations/o1' } },
      'ValueError',
      ['args', 'name'],
    ],
    [
      'a name that is a URL',
      { call, args: { name: `https://evil.example/v1/${NAME}` } },
      'ValueError',
      ['args', 'name'],
    ],
    ['an empty name', { call, args: { name: '' } }, 'ValueError', ['args', 'name']],
    ['no name', { call, args: {} }, 'ValueError', ['args', 'name']],
    ['a name twice', { call, args: { name: NAME, projectId: 'p' } }, 'ValueError', ['args', 'name']],
    [
      'half of the parts',
      { call: zonal, args: { projectId: 'p', operationId: 'o' } },
      'ValueError',
      ['args', 'zone'],
    ],
    ['a part of dots', { call: zonal, args: { ...parts, zone: '..' } }, 'ValueError', ['args', 'zone']],
    ['a part with a query', { call: zonal, args: { ...parts, zone: 'a?b' } }, 'ValueError', ['args', 'zone']],
    [
      'a body that names what the call does not have',
      {
        call: 'googleapis.cloudbuild.v1.operations.cancel',
        args: { name: 'operations/o', body: { projectId: 'operations' } },
      },
      'ValueError',
      ['args', 'body', 'projectId'],
    ],
    [
      'a part of two segments',
      { call: zonal, args: { ...parts, zone: 'z/operations/x' } },
      'ValueError',
      ['args', 'zone'],
    ],
    [
      'a body that names another',
      { call: zonal, args: { ...parts, body: { zone: 'y' } } },
      'ValueError',
      ['args', 'body', 'zone'],
    ],
    [
      'a body with another name',
      { call, args: { name: NAME, body: { name: `${NAME}2` } } },
      'ValueError',
      ['args', 'body', 'name'],
    ],
  ],
);

/** The data of requests. */
export const REFUSED_REQUESTS = refusalsOf(
  (data: unknown) => parseRequest(data, 'event-1'),
  [
    ['an array', [], 'TypeError', ['data']],
    ['a string', 'cancel', 'TypeError', ['data']],
    ['a number', 5, 'TypeError', ['data']],
    ['null', null, 'TypeError', ['data']],
    ['an empty object', {}, 'ValueError', ['operation']],
    ['a misspelled field', { operation: NAME, dryrun: true }, 'ValueError', ['dryrun']],
    [
      'a field of the prototype',
      JSON.parse(`{"operation":"${NAME}","__proto__":{"dryRun":true}}`),
      'ValueError',
      ['__proto__'],
    ],
    ['a field whose name is no name', { operation: NAME, '\u001b[31mx': 1 }, 'ValueError', ['\u001b[31mx']],
    [
      'a label called __proto__',
      JSON.parse(`{"operation":"${NAME}","labels":{"__proto__":"x"}}`),
      'ValueError',
      ['labels'],
    ],
    [
      '65 labels',
      { operation: NAME, labels: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`l${n}`, 'x'])) },
      'ValueError',
      ['labels'],
    ],
    [
      'a requestId that turns the direction of text',
      { operation: NAME, requestId: 'a\u202eb' },
      'ValueError',
      ['requestId'],
    ],
    [
      'an operation of many that is too long',
      { operations: [NAME, 'x'.repeat(2_049)] },
      'ValueError',
      ['operations', 1],
    ],
    ['a field called constructor', { operation: NAME, constructor: 1 }, 'ValueError', ['constructor']],
    ['an operation that is no string', { operation: 5 }, 'TypeError', ['operation']],
    ['an operation that is null', { operation: null }, 'TypeError', ['operation']],
    ['dryRun as a string', { operation: NAME, dryRun: 'true' }, 'TypeError', ['dryRun']],
    ['labels as an array', { operation: NAME, labels: [] }, 'TypeError', ['labels']],
    ['a label that is no string', { operation: NAME, labels: { a: 1 } }, 'TypeError', ['labels', 'a']],
    ['an empty requestId', { operation: NAME, requestId: '' }, 'ValueError', ['requestId']],
    ['a requestId of 129', { operation: NAME, requestId: 'x'.repeat(129) }, 'ValueError', ['requestId']],
    ['a requestId with a line break', { operation: NAME, requestId: 'a\nb' }, 'ValueError', ['requestId']],
    ['both operation and operations', { operation: NAME, operations: [NAME] }, 'ValueError', ['operations']],
    ['no operations', { operations: [] }, 'ValueError', ['operations']],
    [
      '1,001 operations',
      { operations: Array.from({ length: 1_001 }, (_, n) => `${NAME}${n}`) },
      'ValueError',
      ['operations'],
    ],
    ['operations that are no strings', { operations: [NAME, 5] }, 'TypeError', ['operations', 1]],
    ['confirmWithin as a number', { operation: NAME, confirmWithin: 900 }, 'TypeError', ['confirmWithin']],
    [
      'confirmWithin that is no duration',
      { operation: NAME, confirmWithin: '15m' },
      'ValueError',
      ['confirmWithin'],
    ],
    ['confirmWithin of nothing', { operation: NAME, confirmWithin: '0s' }, 'ValueError', ['confirmWithin']],
    [
      'confirmWithin below nothing',
      { operation: NAME, confirmWithin: '-5s' },
      'ValueError',
      ['confirmWithin'],
    ],
    [
      'confirmWithin above 30 days, of many',
      { operations: [NAME], confirmWithin: '2592001s' },
      'ValueError',
      ['confirmWithin'],
    ],
    ['a call without args', { call: 'x' }, 'ValueError', ['args']],
    ['args without a call', { args: { name: NAME } }, 'ValueError', ['call']],
    ['unknown args', { call: 'x', args: { name: NAME, place: 'x' } }, 'ValueError', ['args', 'place']],
    [
      'a call together with an operation',
      { call: 'x', args: { name: NAME }, operation: NAME },
      'ValueError',
      ['operation'],
    ],
  ],
);

/** A request whose every field is wrong: five of them are described. */
export const WRONG_EVERYWHERE = refusalsOf(
  (data: unknown) => parseRequest(data, 'e'),
  [
    [
      'seven wrong fields',
      { operation: 1, service: 2, version: 3, region: 4, reason: 5, requestedBy: 6, extra: 7 },
      'TypeError',
      ['operation'],
    ],
  ],
);

/** Requests whose fields for the result are too large together, each by itself within its limit. */
export const TOO_LARGE_TOGETHER = refusalsOf(
  (data: unknown) => parseRequest(data, 'e'),
  [
    [
      'a reason of control characters and labels',
      {
        operation: NAME,
        reason: '\u0001'.repeat(2_048),
        labels: Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`k${n}`, 'l'.repeat(1_000)])),
      },
      'ValueError',
      ['reason'],
    ],
  ],
);

/** Requests without an id, by the id of their event. */
export const REFUSED_IDS = refusalsOf(
  (eventId: string) => parseRequest({ operation: NAME }, eventId),
  [['an id of the event that is too long', 'x'.repeat(129), 'ValueError', ['requestId']]],
);
