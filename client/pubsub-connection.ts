import { PubSub } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { once } from 'node:events';
import { connect as openSocket } from 'node:net';
import { ClientError } from './client-error.ts';
import type { ConnectOptions } from './options.ts';
import { toClientError } from './pubsub-error.ts';
import { topicsOf } from './topics.ts';
import type { ClientTopics } from './topics.ts';

export interface Connection {
  readonly pubsub: PubSub;
  readonly projectId: string;
  readonly topics: ClientTopics;
  readonly emulatorHost: string | undefined;
}

/** The project of `npm start`, and of whoever names no other to an emulator, which takes any. */
const EMULATOR_PROJECT = 'my-project';
const EMULATOR_PATIENCE_MS = 3_000;

/** Makes the client of Pub/Sub, with the credentials and the project of the environment. */
export async function openConnection(options: ConnectOptions): Promise<Connection> {
  const { prefix = 'lro-cancel', emulatorHost = fromEnvironment('PUBSUB_EMULATOR_HOST') } = options;
  const named = options.projectId ?? fromEnvironment('GOOGLE_CLOUD_PROJECT');
  const connection = (pubsub: PubSub, projectId: string): Connection => ({
    pubsub,
    projectId,
    topics: { ...topicsOf(projectId, prefix), ...options.topics },
    emulatorHost,
  });
  if (emulatorHost !== undefined) {
    await checkReachable(emulatorHost);
    const projectId = named ?? EMULATOR_PROJECT;
    const authClient = new PassThroughClient();
    return connection(
      new PubSub({ projectId, apiEndpoint: emulatorHost, emulatorMode: true, authClient }),
      projectId,
    );
  }
  const pubsub = new PubSub(named === undefined ? {} : { projectId: named });
  try {
    // Asked for here, because a call would wait for credentials that do not come until its own time is up.
    await pubsub.auth.getClient();
    return connection(pubsub, named ?? (await pubsub.auth.getProjectId()));
  } catch (error) {
    throw toClientError(error, { action: 'connect' });
  }
}

const fromEnvironment = (name: string) => {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
};

/** Without this check, the client library would try for minutes and report nothing. */
async function checkReachable(emulatorHost: string): Promise<void> {
  const { hostname, port } = new URL(`http://${emulatorHost}`);
  const socket = openSocket({
    host: hostname,
    port: Number(port === '' ? 80 : port),
    timeout: EMULATOR_PATIENCE_MS,
  });
  try {
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    await once(socket, 'connect');
  } catch (cause) {
    throw new ClientError(
      'Unreachable',
      `There is no Pub/Sub at ${emulatorHost}. Start it with \`npm start\`, or unset PUBSUB_EMULATOR_HOST.`,
      { cause },
    );
  } finally {
    socket.destroy();
  }
}
