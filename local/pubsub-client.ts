import { PubSub } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';

/** A client of a local Pub/Sub: it sends no credentials and looks for no metadata server. */
export const createPubSubClient = (host: string, projectId: string) =>
  new PubSub({ projectId, apiEndpoint: host, emulatorMode: true, authClient: new PassThroughClient() });
