import type { OperationScript } from './emulators/google-apis/google-services.ts';

/** One request of the demo: what its operation does, and how it has to end. */
export interface Scenario {
  /** The request's id. */
  readonly id: string;
  /** The behavior that it shows, for a person. */
  readonly shows: string;
  /** The request as a sender writes it. */
  readonly request: Readonly<Record<string, unknown>>;
  /** The operation at the simulated service; absent if it does not exist there. */
  readonly operation?: { readonly url: string; readonly script: OperationScript };
  readonly outcome: string;
  /** Minimum number of POSTs, for scenarios whose point is a retry. */
  readonly cancelAttempts?: number;
}

const inLocation = (service: string, version: string, location: string, id: string, host = service) =>
  `https://${host}.googleapis.com/${version}/projects/my-project/locations/${location}/operations/${id}`;

const notebook = inLocation('notebooks', 'v2', 'us-central1', 'operation-create-instance');
const forgotten = inLocation('notebooks', 'v2', 'us-central1', 'operation-of-last-year');
const agent = inLocation(
  'dialogflow',
  'v2beta1',
  'europe-west1',
  'import-documents',
  'europe-west1-dialogflow',
);
const exported = inLocation(
  'dialogflow',
  'v2beta1',
  'europe-west1',
  'export-agent',
  'europe-west1-dialogflow',
);
const training = inLocation('aiplatform', 'v1beta1', 'us-central1', '4812', 'us-central1-aiplatform');
const stubborn = inLocation('aiplatform', 'v1beta1', 'us-central1', '7301', 'us-central1-aiplatform');
const preview = inLocation('aiplatform', 'v1beta1', 'us-central1', '5550', 'us-central1-aiplatform');
const companion = inLocation('cloudaicompanion', 'v1', 'global', 'operation-index-repository');
const transfer = 'https://cloudchannel.googleapis.com/v1/operations/transfer-entitlements';
const provision = 'https://cloudchannel.googleapis.com/v1/operations/provision-identity';

/** Requests for the five services that, together, end in every way that is common in practice. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'notebooks-throttled',
    shows: 'a 429, then a 503, then accepted',
    request: { operation: notebook, reason: 'budget spent', requestedBy: 'finops' },
    operation: {
      url: notebook,
      script: {
        onCancel: 'cancelled',
        afterMs: 3_000,
        cancelFaults: [
          { kind: 'RESOURCE_EXHAUSTED', retryAfterSeconds: 1 },
          { kind: 'UNAVAILABLE', retryDelayMs: 500 },
        ],
      },
    },
    outcome: 'CANCELLED',
    cancelAttempts: 3,
  },
  {
    id: 'notebooks-forgotten',
    shows: 'no such operation',
    request: { operation: forgotten },
    outcome: 'NOT_FOUND',
  },
  {
    id: 'dialogflow-too-late',
    shows: 'finishes despite the cancel',
    request: { operation: nameOf(agent), service: 'dialogflow', version: 'v2beta1' },
    operation: { url: agent, script: { onCancel: 'succeeded', afterMs: 2_000 } },
    outcome: 'SUCCEEDED',
  },
  {
    id: 'dialogflow-done',
    shows: 'it had failed before',
    request: { operation: exported },
    operation: { url: exported, script: { onCancel: 'already-done', state: 'failed' } },
    outcome: 'FAILED',
  },
  {
    id: 'aiplatform-connector',
    shows: 'as a workflow writes it',
    request: {
      call: 'googleapis.aiplatform.v1beta1.projects.locations.operations.cancel',
      args: { name: nameOf(training), region: 'us-central1' },
    },
    operation: { url: training, script: { onCancel: 'cancelled', afterMs: 3_000 } },
    outcome: 'CANCELLED',
  },
  {
    id: 'aiplatform-stubborn',
    shows: 'goes on past the deadline',
    request: { operation: stubborn, confirmWithin: '8s' },
    operation: { url: stubborn, script: { onCancel: 'never-ends' } },
    outcome: 'UNCONFIRMED',
  },
  {
    id: 'aiplatform-dry-run',
    shows: 'looked at, not cancelled',
    request: { operation: preview, dryRun: true },
    operation: { url: preview, script: {} },
    outcome: 'DRY_RUN',
  },
  {
    id: 'companion',
    shows: 'the service cannot cancel it',
    request: { operation: nameOf(companion), service: 'cloudaicompanion' },
    operation: { url: companion, script: { cancelFaults: [{ kind: 'UNIMPLEMENTED', times: 'always' }] } },
    outcome: 'UNSUPPORTED',
  },
  {
    id: 'channel-transfer',
    shows: 'a full resource name',
    request: { operation: transfer.replace('https:', '').replace('/v1/', '/') },
    operation: { url: transfer, script: { onCancel: 'cancelled' } },
    outcome: 'CANCELLED',
  },
  {
    id: 'channel-denied',
    shows: 'a 403',
    request: { operation: provision },
    operation: { url: provision, script: { cancelFaults: [{ kind: 'PERMISSION_DENIED', times: 'always' }] } },
    outcome: 'DENIED',
  },
  {
    id: 'channel-entitlement',
    shows: 'not an operation',
    request: {
      operation: 'https://cloudchannel.googleapis.com/v1/accounts/A1/customers/C1/entitlements/E1:cancel',
    },
    outcome: 'REJECTED',
  },
  {
    id: 'misspelled',
    shows: '"dryrun" for "dryRun"',
    request: { operation: notebook, dryrun: true },
    outcome: 'REJECTED',
  },
];

function nameOf(url: string): string {
  return url.split('/').slice(4).join('/');
}

/** The operations that the example requests of docs/messages.md name. */
export const exampleOperations = [
  inLocation('aiplatform', 'v1', 'us-central1', '123', 'us-central1-aiplatform'),
  inLocation('aiplatform', 'v1beta1', 'us-central1', '123', 'us-central1-aiplatform'),
  'https://cloudchannel.googleapis.com/v1/operations/o1',
  inLocation('dialogflow', 'v2beta1', 'europe-west1', 'o1', 'europe-west1-dialogflow'),
  inLocation('notebooks', 'v2', 'us-central1', 'o1'),
];
