import { openConnection } from '../../client/pubsub-connection.ts';
import type { Connection } from '../../client/pubsub-connection.ts';
import type { ConsoleArguments } from '../command-arguments.ts';
import { whereIs } from '../connect.ts';
import { readDeployment } from '../doctor/deployment.ts';
import { createGoogleApi } from '../doctor/google-api.ts';
import type { GoogleApi } from '../doctor/google-api.ts';
import { UsageError } from '../usage-error.ts';

/** The system that the console shows. */
export interface ConsoleTarget {
  readonly connection: Connection;
  /** Full names. */
  readonly topics: Readonly<Record<'requests' | 'triggers' | 'results' | 'deadLetters', string>>;
  readonly queue: QueueTarget;
  /** Whether it is on Google Cloud, and not an emulator. */
  readonly isDeployed: boolean;
}

/** The queue of the re-checks: where it is, or why it is not shown. */
export type QueueTarget =
  | { readonly kind: 'known'; readonly name: string; readonly api: GoogleApi }
  | { readonly kind: 'unreadable' | 'absent'; readonly why: string };

const REDELIVERY =
  'Re-checks are delayed by redelivery: they wait in Pub/Sub, where they cannot be listed. A request appears here with its result.';
const NO_QUEUE_HERE =
  'The queue of an emulator is not known. GOOGLE_API_ENDPOINT and --queue name one; --local finds that of npm start.';

/**
 * Connects, and asks the function of the deployment for its topics and its queue.
 *
 * @throws ClientError `NoCredentials`, `NoProject` or `Unreachable`, and UsageError for a --queue that names none
 */
export async function openTarget(given: ConsoleArguments): Promise<ConsoleTarget> {
  const where = whereIs(given);
  const { prefix, local } = where;
  const isQueueNamed = given.queue !== undefined && QUEUE_NAME.test(given.queue);
  if (given.queue !== undefined && !isQueueNamed && !REGION.test(given.queue))
    throw new UsageError(
      `--queue must be a region such as europe-west1, or projects/P/locations/L/queues/Q, not ${JSON.stringify(given.queue)}`,
    );
  const connection = await openConnection(where);
  try {
    const { projectId } = connection;
    const isDeployed = connection.emulatorHost === undefined;
    const endpoint = endpointOfEnvironment() ?? local?.googleApiEndpoint;
    const conventional = {
      requests: connection.topics.requests,
      triggers: connection.topics.triggers,
      results: connection.topics.results,
      deadLetters: `projects/${projectId}/topics/${prefix}-dead-letters`,
    };
    const at = (queue: QueueTarget, topics = conventional) => ({ connection, topics, queue, isDeployed });
    if (!isDeployed && endpoint === undefined) return at({ kind: 'absent', why: NO_QUEUE_HERE });

    const api = await createGoogleApi(endpoint);
    const named =
      given.queue === undefined || isQueueNamed
        ? given.queue
        : `projects/${projectId}/locations/${given.queue}/queues/${prefix}-rechecks`;
    const known = (name: string) => ({ kind: 'known', name, api }) as const;
    if (local !== undefined) {
      const name = named ?? local.recheckQueue;
      return at(name === undefined ? { kind: 'absent', why: REDELIVERY } : known(name));
    }
    const { deployment, findings } = await readDeployment(api, projectId, prefix);
    const { topics, queue, region } = deployment;
    const name = named ?? queue;
    const why =
      'The queue is not known, because the function is not: ' +
      `${findings[1]?.advice ?? ''} --queue REGION names it.`;
    return at(
      name !== undefined
        ? known(name)
        : region === undefined
          ? { kind: 'unreadable', why }
          : { kind: 'absent', why: REDELIVERY },
      {
        requests: topics.requests,
        triggers: topics.triggers,
        results: topics.results,
        deadLetters: topics['dead-letters'],
      },
    );
  } catch (error) {
    await connection.pubsub.close();
    throw error;
  }
}

const QUEUE_NAME = /^projects\/[^/]+\/locations\/[^/]+\/queues\/[^/]+$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;

function endpointOfEnvironment(): string | undefined {
  const endpoint = process.env.GOOGLE_API_ENDPOINT?.trim();
  return endpoint === '' ? undefined : endpoint;
}
