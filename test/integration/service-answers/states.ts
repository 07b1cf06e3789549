import { jsonAnswer, type Answer } from '../../../local/emulators/google-apis/answer.ts';
import type { JsonObject } from '../../../local/emulators/google-apis/rpc-status.ts';
import { DONE, DONE_CANCELLED, NO_ANSWER, OK, RUNNING, withMetadata, SAYS_ENDED_BEFORE } from './answers.ts';
import type { Case } from './answers.ts';

const LOCATION = 'locations/us-central1/operations/o';
const at = (host: string, version: string, path: string) => (project: string) =>
  `https://${host}.googleapis.com/${version}/projects/${project}/${path}`;

const translation = at('translation', 'v3', LOCATION);
const documentai = at('us-documentai', 'v1', 'locations/us/operations/o');
const logging = at('logging', 'v2', 'locations/global/operations/o');
const datastore = at('datastore', 'v1', 'operations/o');
const firestore = at('firestore', 'v1', 'databases/(default)/operations/o');
const spanner = at('spanner', 'v1', 'instances/i/databases/d/operations/o');
const container = at('container', 'v1', LOCATION);

const typed = (type: string, fields: JsonObject) => ({
  '@type': `type.googleapis.com/google.${type}`,
  ...fields,
});

/** Ends that services write into their metadata, with the messages of googleapis/googleapis that have them. */
const CANCELLED: readonly [string, Case['url'] | undefined, JsonObject][] = [
  [
    'translate (BatchTranslateMetadata)',
    translation,
    typed('cloud.translation.v3.BatchTranslateMetadata', { state: 'CANCELLED' }),
  ],
  [
    'translate (CreateGlossaryMetadata)',
    translation,
    typed('cloud.translation.v3.CreateGlossaryMetadata', { state: 'CANCELLED' }),
  ],
  [
    'documentai (CommonOperationMetadata)',
    documentai,
    typed('cloud.documentai.v1.DeployProcessorVersionMetadata', { commonMetadata: { state: 'CANCELLED' } }),
  ],
  [
    'documentai (BatchProcessMetadata)',
    documentai,
    typed('cloud.documentai.v1.BatchProcessMetadata', { state: 'CANCELLED' }),
  ],
  [
    'logging (CopyLogEntriesMetadata)',
    logging,
    typed('logging.v2.CopyLogEntriesMetadata', { state: 'OPERATION_STATE_CANCELLED' }),
  ],
  [
    'datastore (CommonMetadata)',
    datastore,
    typed('datastore.admin.v1.ExportEntitiesMetadata', { common: { state: 'CANCELLED' } }),
  ],
  [
    'firestore (ExportDocumentsMetadata)',
    firestore,
    typed('firestore.admin.v1.ExportDocumentsMetadata', { operationState: 'CANCELLED' }),
  ],
  [
    'storagetransfer (TransferOperation)',
    (project) => `https://storagetransfer.googleapis.com/v1/transferOperations/transferJobs-${project}`,
    typed('storagetransfer.v1.TransferOperation', { status: 'ABORTED' }),
  ],
];

/** Words for a success that are not SUCCEEDED. */
const SUCCESS = new Map([
  ['datastore (CommonMetadata)', 'SUCCESSFUL'],
  ['firestore (ExportDocumentsMetadata)', 'SUCCESSFUL'],
  ['storagetransfer (TransferOperation)', 'SUCCESS'],
]);

const reworded = (metadata: JsonObject, word: RegExp, by: string) =>
  JSON.parse(JSON.stringify(metadata).replace(word, by)) as JsonObject;

/** Signs of a cancel under way. */
const UNDER_WAY: readonly [string, Case['url'] | undefined, JsonObject][] = [
  ['requestedCancellation', undefined, { requestedCancellation: true }],
  ['cancelRequested', undefined, { cancelRequested: true }],
  [
    'genericMetadata.requestedCancellation',
    at('us-central1-aiplatform', 'v1', LOCATION),
    { genericMetadata: { requestedCancellation: true } },
  ],
  [
    'cancellationRequested of logging',
    logging,
    typed('logging.v2.CopyLogEntriesMetadata', {
      state: 'OPERATION_STATE_RUNNING',
      cancellationRequested: true,
    }),
  ],
  [
    'state CANCELLING of translate',
    translation,
    typed('cloud.translation.v3.BatchTranslateMetadata', { state: 'CANCELLING' }),
  ],
  [
    'commonMetadata.state CANCELLING of documentai',
    documentai,
    typed('cloud.documentai.v1.DeployProcessorVersionMetadata', { commonMetadata: { state: 'CANCELLING' } }),
  ],
  [
    'state CANCELLING of documentai',
    documentai,
    typed('cloud.documentai.v1.BatchProcessMetadata', { state: 'CANCELLING' }),
  ],
  [
    'common.state CANCELLING of datastore',
    datastore,
    typed('datastore.admin.v1.ExportEntitiesMetadata', { common: { state: 'CANCELLING' } }),
  ],
  [
    'operationState CANCELLING of firestore',
    firestore,
    typed('firestore.admin.v1.ExportDocumentsMetadata', { operationState: 'CANCELLING' }),
  ],
  [
    'cancelTime of spanner',
    spanner,
    typed('spanner.admin.database.v1.CreateBackupMetadata', { cancelTime: '2026-11-20T11:34:04Z' }),
  ],
];

const inContainer = (status: string, fields: JsonObject = {}): Answer =>
  jsonAnswer(200, { name: 'o', operationType: 'UPGRADE_NODES', status, ...fields });

export const states: readonly Case[] = [
  ...CANCELLED.flatMap(([title, url, metadata]): Case[] => [
    {
      title: `an end that ${title} writes into its metadata as cancelled, with a response, is CANCELLED`,
      ...(url && { url }),
      post: [OK],
      get: [withMetadata(metadata, 'done')],
      outcome: 'CANCELLED',
      posts: 1,
      gets: 1,
    },
    {
      title: `an operation of ${title} whose metadata says that it has succeeded is SUCCEEDED`,
      ...(url && { url }),
      post: [OK],
      get: [withMetadata(reworded(metadata, /CANCELLED|ABORTED/, SUCCESS.get(title) ?? 'SUCCEEDED'), 'done')],
      outcome: 'SUCCEEDED',
    },
    {
      title: `a state of ${title} that is not known is no cancel`,
      ...(url && { url }),
      post: [OK],
      get: [withMetadata(reworded(metadata, /CANCELLED|ABORTED/, 'CANCELLED_MAYBE'), 'done')],
      outcome: ['SUCCEEDED', 'UNCONFIRMED'],
    },
  ]),
  {
    title:
      'an operation with CANCELLED in the metadata of a service that documents no such field is not CANCELLED',
    post: [OK],
    get: [withMetadata({ target: { state: 'CANCELLED' } }, 'done')],
    outcome: 'SUCCEEDED',
  },
  {
    title:
      'an operation of container that was seen ABORTING, and then is DONE, is told in words that are true',
    url: container,
    post: [OK],
    get: [inContainer('ABORTING'), inContainer('DONE')],
    outcome: ['SUCCEEDED', 'UNCONFIRMED', 'CANCELLED'],
    gets: 2,
    saysNot: [/despite/],
  },
  {
    title: 'an operation of container that is DONE with the error CANCELLED is CANCELLED',
    url: container,
    post: [OK],
    get: [inContainer('ABORTING'), inContainer('DONE', { error: { code: 1, message: 'Aborted.' } })],
    outcome: 'CANCELLED',
    gets: 2,
  },
  ...UNDER_WAY.flatMap(([title, url, metadata]): Case[] => [
    {
      title: `a cancel without an answer that is under way by ${title} is CANCELLED when a GET shows it, without another POST`,
      ...(url && { url }),
      post: [NO_ANSWER],
      get: [withMetadata(metadata), withMetadata(metadata), DONE_CANCELLED],
      outcome: 'CANCELLED',
      posts: 1,
      gets: 3,
    },
    {
      title: `a cancel without an answer that is under way by ${title} up to the deadline is UNCONFIRMED`,
      ...(url && { url }),
      post: [NO_ANSWER],
      get: [withMetadata(metadata)],
      outcome: 'UNCONFIRMED',
      posts: 1,
      says: [/under way|running/],
    },
  ]),
  {
    title:
      'a cancel without an answer, of an operation that shows no cancel, is an ERROR at the deadline at the latest',
    post: [NO_ANSWER],
    get: [withMetadata({ requestedCancellation: false, cancelTime: null })],
    outcome: 'ERROR',
  },
  {
    title: 'an operation that this request watched running, and that then finishes, has not "ended already"',
    post: [NO_ANSWER],
    get: [RUNNING, DONE],
    outcome: 'SUCCEEDED',
    saysNot: [SAYS_ENDED_BEFORE, /despite/],
  },
  {
    title:
      'an operation that this request watched running, and that then is cancelled, was not cancelled "already"',
    post: [NO_ANSWER],
    get: [RUNNING, RUNNING, DONE_CANCELLED],
    outcome: 'CANCELLED',
    saysNot: [SAYS_ENDED_BEFORE],
  },
];
