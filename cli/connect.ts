import { connect } from '../client/client.ts';
import type { Client } from '../client/client.ts';
import { ClientError } from '../client/client-error.ts';
import { readLocalAddress } from '../local/local-address.ts';
import type { ConnectionOptions } from './connection-options.ts';

/** @throws ClientError with what to do */
export async function connectTo({ project, prefix, local = false }: ConnectionOptions): Promise<Client> {
  if (!local) return connect({ ...(project !== undefined && { projectId: project }), prefix });
  const address = readLocalAddress();
  if (address === undefined)
    throw new ClientError(
      'Unreachable',
      'No system runs on this machine. Start one with `npm start`, in another terminal.',
    );
  const { pubsubHost, projectId } = address;
  return connect({ emulatorHost: pubsubHost, projectId, prefix: address.prefix });
}
