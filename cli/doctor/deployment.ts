import { isObject } from '../../src/validation/schema.ts';
import { topicsOf } from '../../client/topics.ts';
import type { Finding } from './finding.ts';
import { findingOf, unknown, wrong } from './finding.ts';
import type { Answer, GoogleApi, Unreadable } from './google-api.ts';

/** A deployment as its function describes it. Names that it does not tell are those that infra/ gives. */
export interface Deployment {
  readonly projectId: string;
  readonly name: string;
  /** Absent where the function was not found. */
  readonly region?: string;
  /** URL that Pub/Sub has to push to. */
  readonly uri?: string;
  /** Full names. */
  readonly topics: Readonly<Record<TopicKey, string>>;
  /** Full name; absent where re-checks are delayed by redelivery. */
  readonly queue?: string;
  readonly functionAccount: string;
  readonly tasksAccount: string;
  /** `service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com`; absent where the project could not be read. */
  readonly pubsubAgent?: string;
}

export type TopicKey = 'requests' | 'rechecks' | 'triggers' | 'dead-letters' | 'results';

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const object = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

/** Reads the function and the project, which tell where everything else is. */
export async function readDeployment(
  api: GoogleApi,
  projectId: string,
  name: string,
): Promise<{ readonly deployment: Deployment; readonly findings: readonly Finding[] }> {
  const [project, listed] = await Promise.all([
    api.get('cloudresourcemanager.googleapis.com', `v3/projects/${projectId}`),
    listFunctions(api, projectId),
  ]);
  const number = project.kind === 'found' ? text(project.body.name)?.replace('projects/', '') : undefined;
  const subject = `function ${name}`;
  const found =
    listed.kind === 'found'
      ? listed.functions.find((one) => text(one.name)?.endsWith(`/functions/${name}`))
      : undefined;
  const service = object(found?.serviceConfig);
  const environment = object(service.environmentVariables);
  const region = text(found?.name)?.split('/')[3];
  const uri = text(service.uri);
  const conventional = topicsOf(projectId, name);
  const setting = (key: string, conventionalName: string) => {
    const value = text(environment[key]) ?? conventionalName;
    return value.includes('/') ? value : `projects/${projectId}/topics/${value}`;
  };
  const queue = text(environment.RECHECK_QUEUE);
  const deployment: Deployment = {
    projectId,
    name,
    ...(region !== undefined && { region }),
    ...(uri !== undefined && { uri }),
    topics: {
      requests: setting('REQUESTS_TOPIC', conventional.requests),
      rechecks: setting('RECHECKS_TOPIC', `${name}-rechecks`),
      triggers: setting('TRIGGERS_TOPIC', conventional.triggers),
      'dead-letters': setting('DEAD_LETTER_TOPIC', `${name}-dead-letters`),
      results: setting('RESULTS_TOPIC', conventional.results),
    },
    ...(queue !== undefined && environment.RECHECK_DELAY !== 'redelivery' && { queue }),
    functionAccount: text(service.serviceAccountEmail) ?? `${name}@${projectId}.iam.gserviceaccount.com`,
    tasksAccount:
      text(environment.TASKS_SERVICE_ACCOUNT) ?? `${name}-tasks@${projectId}.iam.gserviceaccount.com`,
    ...(number !== undefined && { pubsubAgent: `service-${number}@gcp-sa-pubsub.iam.gserviceaccount.com` }),
  };
  return { deployment, findings: [findingOnProject(project, projectId), findingOnFunction()] };

  function findingOnFunction(): Finding {
    if (listed.kind === 'unreadable') return unknown(subject, `It cannot be read: ${listed.why}`);
    if (found === undefined)
      return wrong(
        subject,
        `There is none in ${projectId}. Deploy it (terraform apply, or infra/gcloud/deploy.sh), or name another with --prefix or --project.`,
      );
    const messages = Array.isArray(found.stateMessages)
      ? found.stateMessages.map((one) => text(object(one).message))
      : [];
    return findingOf(subject, [
      found.state !== 'ACTIVE' &&
        `Its state is ${String(found.state)}, and not ACTIVE: ${messages.join(' ') || 'see its build in the console.'} Deploy it again.`,
      uri === undefined && 'It has no URL. Deploy it again.',
    ]);
  }
}

function findingOnProject(project: Answer, projectId: string): Finding {
  const subject = `project ${projectId}`;
  if (project.kind === 'missing')
    return wrong(subject, 'There is no such project. Name another with --project.');
  if (project.kind === 'unreadable')
    return unknown(
      subject,
      `Its number cannot be read, so grants to Pub/Sub are not checked: ${project.why}`,
    );
  const { state = 'ACTIVE' } = project.body;
  return findingOf(subject, [state !== 'ACTIVE' && `Its state is ${String(state)}.`]);
}

type Listed =
  { readonly kind: 'found'; readonly functions: readonly Readonly<Record<string, unknown>>[] } | Unreadable;

const MAX_PAGES = 20;

/** The functions of all regions. https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/list */
async function listFunctions(api: GoogleApi, projectId: string): Promise<Listed> {
  const functions: Readonly<Record<string, unknown>>[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = pageToken === undefined ? '' : `&pageToken=${encodeURIComponent(pageToken)}`;
    const path = `v2/projects/${projectId}/locations/-/functions?pageSize=500${query}`;
    const answer = await api.get('cloudfunctions.googleapis.com', path);
    if (answer.kind === 'missing') break;
    if (answer.kind === 'unreadable') return answer;
    if (Array.isArray(answer.body.functions)) functions.push(...answer.body.functions.map(object));
    pageToken = text(answer.body.nextPageToken);
    if (pageToken === undefined) break;
  }
  return { kind: 'found', functions };
}
