import { failedPrecondition } from '../errors.ts';
import { globalHost } from '../hosts.ts';
import { at } from '../job-filter.ts';
import type { CancelForm, JobKind } from '../job-kind.ts';
import { standardList } from '../list-parts.ts';

const fields = {
  status: at('status'),
  create_time: at('createTime'),
  start_time: at('startTime'),
  finish_time: at('finishTime'),
  tags: at('tags'),
  trigger_id: at('buildTriggerId'),
  build_trigger_id: at('buildTriggerId'),
};

const CANCEL: CancelForm = {
  method: 'POST',
  suffix: ':cancel',
  // CancelBuildRequest calls both of them required; its name may stand in the path or in the body.
  fields: ['name', 'projectId', 'id'],
  required: ['projectId', 'id'],
  check: ({ body, facts: { at: path } }) =>
    (body['projectId'] ?? path['project']) === path['project'] && (body['id'] ?? path['id']) === path['id']
      ? undefined
      : { status: 'INVALID_ARGUMENT', message: 'The build of the body is not that of the path.' },
  finished: ({ word }) => failedPrecondition(`Cannot cancel build in status ${word}.`),
  answer: (build) => build,
};

/** Cloud Build (google/devtools/cloudbuild/v1/cloudbuild.proto), for any region and `global`. */
const REGIONAL: JobKind = {
  service: 'cloudbuild',
  kind: 'builds',
  versions: ['v1'],
  name: 'projects/{project}/locations/{location}/builds/{id}',
  host: globalHost('cloudbuild'),
  getParameters: ['projectId', 'id'],
  words: {
    QUEUED: 'queued',
    PENDING: 'queued',
    WORKING: 'running',
    CANCELLED: 'cancelled',
    SUCCESS: 'succeeded',
    FAILURE: 'failed',
    INTERNAL_ERROR: 'failed',
    TIMEOUT: 'failed',
    EXPIRED: 'failed',
  },
  resource: ({ at: { project, location = 'global', id }, word, createTime, startTime, endTime }) => ({
    name: `projects/${project}/locations/${location}/builds/${id}`,
    id,
    projectId: project,
    status: word,
    createTime,
    startTime,
    finishTime: endTime,
    tags: ['nightly'],
    buildTriggerId: 'trigger-1',
    substitutions: { TRIGGER_NAME: 'nightly', REPO_NAME: 'app', BRANCH_NAME: 'main' },
  }),
  cancel: CANCEL,
  list: standardList('projects/{project}/locations/{location}/builds', 'builds', {
    fields,
    parameters: ['projectId'],
    wildcards: ['location'],
  }),
  permissions: {
    cancel: 'cloudbuild.builds.update',
    get: 'cloudbuild.builds.get',
    list: 'cloudbuild.builds.list',
  },
};

/** The path without a location, which reaches global builds alone. */
const GLOBAL: JobKind = {
  ...REGIONAL,
  name: 'projects/{project}/builds/{id}',
  getParameters: ['name'],
  fullName: (name) => name.replace('/builds/', '/locations/global/builds/'),
  cancel: { ...CANCEL, fields: ['name'], required: [] },
  list: {
    ...standardList('projects/{project}/builds', 'builds', { fields, parameters: ['parent'] }),
    within: { location: 'global' },
  },
};

export const CLOUDBUILD_JOBS: readonly JobKind[] = [REGIONAL, GLOBAL];
