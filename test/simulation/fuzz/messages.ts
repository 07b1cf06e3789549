import { attributesOf, EVENT_TYPE } from '../../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../../src/messages/cloud-event.ts';
import type { Random } from '../../support/random.ts';
import { mutated, oddJson, oddText } from './json.ts';

const PLACE = 'projects/my-project/locations/us-central1';
const NAME = `${PLACE}/operations/o1`;
const VALID: readonly [object, ...object[]] = [
  { operation: `https://notebooks.googleapis.com/v2/${NAME}`, requestId: 'r', confirmWithin: '60s' },
  { operation: `//cloudchannel.googleapis.com/operations/o1`, labels: { a: 'b' }, reason: 'x' },
  { operation: `https://translation.googleapis.com/v3/${NAME}` },
  { operation: `//logging.googleapis.com/${NAME}`, confirmWithin: '900s' },
  { operation: NAME, service: 'container', dryRun: true },
  { operations: [`https://notebooks.googleapis.com/v2/${NAME}`], dryRun: false },
  {
    call: 'googleapis.container.v1.projects.zones.operations.cancel',
    args: { projectId: 'my-project', zone: 'us-central1-a', operationId: 'o1', body: {} },
  },
  { operation: 'https://storage.googleapis.com/storage/v1/b/bucket/operations/o1' },
  { job: `https://us-central1-aiplatform.googleapis.com/v1/${PLACE}/customJobs/j1`, confirmWithin: '60s' },
  { job: `//dataflow.googleapis.com/${PLACE}/jobs/j1`, reason: 'x' },
  { jobs: [`https://run.googleapis.com/v2/${PLACE}/jobs/j/executions/e1`, 'my-project:EU.query_1'] },
  { job: `${PLACE}/batches/b1`, service: 'dataproc', dryRun: true },
  {
    call: 'googleapis.aiplatform.v1.projects.locations.customJobs.cancel',
    args: { name: `${PLACE}/customJobs/j1`, region: 'us-central1' },
  },
];
const TRIGGERS: readonly [object, ...object[]] = [
  { sweep: 'nightly' },
  { sweep: 'nightly', dryRun: true },
  { sweep: 'dry', dryRun: false },
  {
    budgetDisplayName: 'training',
    alertThresholdExceeded: 1,
    costAmount: 100.01,
    costIntervalStart: '2026-11-01T00:00:00Z',
    budgetAmount: 100,
    budgetAmountType: 'SPECIFIED_AMOUNT',
    currencyCode: 'USD',
  },
];
/** For the function's settings: what the triggers name. */
export const TRIGGER_SETTINGS = {
  SWEEPS: JSON.stringify({
    nightly: {
      targets: [
        { service: 'notebooks', parents: ['projects/my-project/locations/us-central1'] },
        { service: 'container', version: 'v1', parents: ['projects/my-project/locations/-'] },
      ],
      olderThan: '60s',
      dryRun: false,
    },
    dry: { targets: [{ service: 'cloudchannel' }] },
  }),
  BUDGETS: JSON.stringify([{ budgetDisplayName: 'training', sweep: 'nightly' }]),
};
const TOPICS = ['requests', 'rechecks', 'dead-letters', 'triggers', 'results', 'unknown', ''] as const;

/** A message as the framework hands it over, or what pretends to be one. */
export function oddEvent(random: Random, seenRecheck: OutgoingEvent | undefined): unknown {
  switch (random.between(0, 9)) {
    case 0:
      return random.pick<unknown>([
        null,
        undefined,
        5,
        'text',
        [],
        {},
        Buffer.from([255, 254]),
        { id: 1 },
        true,
      ]);
    case 1:
      return parsedOr(oddJson(random));
    case 2:
      return {
        specversion: '1.0',
        id: oddText(random),
        type: random.pick(['lro-cancel.request.v1', 'lro-cancel.recheck.v1', oddText(random)]),
        source: oddText(random),
        data: parsedOr(oddJson(random)),
      };
    default:
      return pushed(random, seenRecheck);
  }
}

function pushed(random: Random, seenRecheck: OutgoingEvent | undefined): unknown {
  const topic = random.chance(0.6) ? 'requests' : random.pick(TOPICS);
  const recheck = seenRecheck !== undefined && random.chance(0.3) ? seenRecheck : undefined;
  const json = JSON.stringify(recheck?.data ?? random.pick(topic === 'triggers' ? TRIGGERS : VALID));
  const text = random.chance(0.4)
    ? json
    : random.pick([mutated(random, json), mutated(random, json), oddJson(random), oddText(random)]);
  const bytes = random.chance(0.1)
    ? Buffer.from(Array.from({ length: random.between(0, 60) }, () => random.between(0, 255)))
    : Buffer.from(text);
  const attributes: Record<string, string> = {
    ...(recheck !== undefined && attributesOf(recheck)),
    ...(random.chance(0.2) && { 'ce-specversion': random.pick(['1.0', '0.3', '', 'x']) }),
    ...(random.chance(0.2) && { 'ce-id': oddText(random) }),
    ...(random.chance(0.1) && {
      'ce-type': random.pick(['x', ...Object.values(EVENT_TYPE)]),
    }),
    ...(random.chance(0.1) && {
      'content-type': random.pick(['application/cloudevents+json', 'text/html', '']),
    }),
    ...(topic === 'triggers' &&
      random.chance(0.5) && { budgetId: 'b', schemaVersion: random.pick(['1.0', '1.0', '2.0', '']) }),
    ...(random.chance(0.1) && { CloudPubSubDeadLetterSourceSubscription: oddText(random) }),
  };
  const to = recheck !== undefined && random.chance(0.8) ? 'rechecks' : topic;
  return {
    specversion: '1.0',
    id: '4711',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source:
      to === '' ? oddText(random) : `//pubsub.googleapis.com/projects/my-project/topics/lro-cancel-${to}`,
    data: {
      message: {
        messageId: random.chance(0.95) ? `m${random.between(0, 1e9)}` : oddText(random),
        ...(random.chance(0.9) && {
          publishTime: random.pick(['2026-11-20T12:00:00Z', 'soon', oddText(random)]),
        }),
        attributes: random.chance(0.97) ? attributes : parsedOr(oddJson(random)),
        ...(random.chance(0.97) && { data: bytes.toString('base64') }),
      },
    },
  };
}

function parsedOr(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
}
