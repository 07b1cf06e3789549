/**
 * Services with regional endpoints `{service}.{location}.rep.googleapis.com`, used where a URL names one, and
 * the locations that they have them in: `*` is every location of `REGIONS`, and a minus takes one away.
 *
 * Source: `endpoints` of the discovery documents, September 2026.
 */
export const REGIONS =
  'africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-south2 asia-southeast1 asia-southeast2 australia-southeast1 australia-southeast2 europe-central2 europe-north1 europe-north2 europe-southwest1 europe-west1 europe-west10 europe-west12 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9 me-central1 me-central2 me-west1 northamerica-northeast1 northamerica-northeast2 northamerica-south1 southamerica-east1 southamerica-west1 us-central1 us-central2 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4 us-west8';

export const regionalEndpoints: Readonly<Record<string, string>> = {
  alloydb: '* -us-west8',
  apihub:
    'asia-east1 asia-south1 asia-southeast1 europe-north1 europe-west1 europe-west3 europe-west9 northamerica-northeast2 us-central1 us-east1 us-east4 us-west1 us-west2',
  artifactregistry: '* eu us',
  auditmanager: 'asia-south1 europe-west1 us-central1',
  backupdr: '* eu us',
  bigqueryreservation:
    '* -africa-south1 -asia-east1 -asia-east2 -asia-northeast1 -asia-northeast2 -asia-northeast3 -asia-southeast1 -asia-southeast2 -australia-southeast1 -australia-southeast2 -europe-central2 -europe-north1 -europe-north2 -europe-southwest1 -europe-west10 -europe-west12 -me-central1 -me-west1 -northamerica-south1 -southamerica-east1 -southamerica-west1',
  ces: 'eu us',
  cloudbuild: '* asia-southeast3 europe-west15',
  clouddeploy:
    'asia-south1 asia-south2 us-central1 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4',
  config: 'us-central1 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4',
  connectors: 'us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4',
  dataform: '* -europe-north2 -northamerica-south1 -us-central2 -us-east7 -us-west8',
  datafusion:
    '* -europe-central2 -europe-west10 -northamerica-northeast2 -us-central2 -us-west3 -us-west4 -us-west8',
  datalineage: '* asia-southeast3 eu europe-west15 us',
  datamigration: '* asia-southeast3 europe-west15',
  dataplex: '* asia-southeast3 eu europe-west15 us',
  dataproc:
    'asia-south1 asia-south2 europe-west3 europe-west8 europe-west9 me-central2 us-central1 us-central2 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4 us-west8',
  datastore: '* -us-central2 -us-east7 -us-west8 asia-southeast3 eu us',
  datastream: '* -us-central2 -us-west8 asia-southeast3 europe-west15',
  developerconnect: '* -africa-south1 -europe-north2 -northamerica-south1 -us-west8',
  discoveryengine: 'asia-northeast1 asia-southeast1 ca eu europe-west2 europe-west3 in us',
  documentai:
    'asia-south1 asia-southeast1 australia-southeast1 eu europe-west2 europe-west3 northamerica-northeast1 us',
  eventarc:
    '* -africa-south1 -asia-east1 -asia-east2 -asia-northeast1 -asia-northeast2 -asia-northeast3 -asia-southeast1 -asia-southeast2 -australia-southeast1 -australia-southeast2 -europe-west2 -me-central1 -me-west1 -northamerica-south1 -southamerica-east1 -southamerica-west1 -us-central2 -us-east7 eu us',
  file: '* asia-southeast3 europe-west15',
  firestore: '* -us-central2 -us-east7 -us-west8 asia-southeast3 eu us',
  gkebackup: '* -us-central2',
  gkehub:
    'asia-south1 asia-south2 us-central1 us-central2 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4 us-west8',
  hypercomputecluster: 'us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4',
  logging: '* -us-central2 -us-east7 -us-west8 asia-southeast3 ca ch eu europe-north3 in sa us',
  looker: 'us-central1 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4',
  managedkafka: '* -northamerica-south1 -us-central2 -us-west8',
  netapp: '* -us-central2 -us-west8',
  observability: '* -us-central2 -us-east7 -us-west8 asia-southeast3 eu us',
  oracledatabase:
    'asia-northeast2 asia-south1 asia-south2 australia-southeast2 europe-west8 northamerica-northeast2',
  osconfig: '* asia-southeast3 europe-west15 us-central6',
  redis: '* asia-southeast3 europe-west15',
  securesourcemanager:
    'asia-east1 asia-northeast1 asia-northeast3 australia-southeast1 europe-west4 me-central2 me-west1 northamerica-northeast1 us-central1',
  securitycenter: 'eu me-central2 us',
  spanner:
    'europe-west8 me-central2 us-central1 us-central2 us-east1 us-east4 us-east5 us-east7 us-south1 us-west1 us-west2 us-west3 us-west4 us-west8',
  speech: 'europe-west1 europe-west2 europe-west3 europe-west4 me-west1 us-central1 us-west1',
  sqladmin: '* asia-southeast3',
  storage: '* -us-central2 -us-east7 eu us',
  workstations: 'us-central1 us-east1 us-east4 us-east5 us-west1 us-west4',
};
