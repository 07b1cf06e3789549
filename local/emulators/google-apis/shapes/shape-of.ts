import { serviceOf, type Address } from '../address.ts';
import { AIPLATFORM, DIALOGFLOW, DIALOGFLOW_CX, DISCOVERYENGINE, DOCUMENTAI, TRANSLATE } from './ai.ts';
import { controlPlane } from './control-plane.ts';
import { BIGTABLE, DATASTORE, FIRESTORE, SPANNER } from './databases.ts';
import { CLOUDBUILD, CLOUDCHANNEL, DATAPROC } from './jobs.ts';
import { CONTAINER, SQLADMIN } from './own-resources.ts';
import type { Shape } from './shape.ts';
import { STORAGE, STORAGETRANSFER } from './storage.ts';

const SHAPES: Readonly<Record<string, Shape>> = {
  aiplatform: AIPLATFORM,
  bigtableadmin: BIGTABLE,
  cloudaicompanion: controlPlane(
    'google.cloud.cloudaicompanion',
    'CodeRepositoryIndex',
    'requestedCancellation',
  ),
  cloudbuild: CLOUDBUILD,
  cloudchannel: CLOUDCHANNEL,
  container: CONTAINER,
  dataproc: DATAPROC,
  datastore: DATASTORE,
  dialogflow: DIALOGFLOW,
  discoveryengine: DISCOVERYENGINE,
  documentai: DOCUMENTAI,
  firestore: FIRESTORE,
  notebooks: controlPlane('google.cloud.notebooks', 'Instance', 'requestedCancellation'),
  spanner: SPANNER,
  sqladmin: SQLADMIN,
  storage: STORAGE,
  storagetransfer: STORAGETRANSFER,
  translate: TRANSLATE,
};

/** Services of which a version is another product, or another generation. */
const VERSIONS: Readonly<Record<string, Shape>> = {
  // google/devtools/cloudbuild/v2/cloudbuild.proto
  'cloudbuild v2': controlPlane('google.devtools.cloudbuild', 'Connection', 'requestedCancellation'),
  'dialogflow v3': DIALOGFLOW_CX,
  'dialogflow v3beta1': DIALOGFLOW_CX,
};

/**
 * The form in which the service at this address shows an operation. Services without one of their own have
 * that of most.
 */
export function shapeOf({ host, version }: Address): Shape {
  const service = serviceOf(host);
  return (
    own(VERSIONS, `${service} ${version}`) ??
    own(SHAPES, service) ??
    controlPlane(`google.cloud.${service}`, 'Resource', 'cancelRequested')
  );
}

function own(shapes: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(shapes, name) ? shapes[name] : undefined;
}
