import { connect } from '../client/client.ts';
import type { Client } from '../client/client.ts';
import { ClientError } from '../client/client-error.ts';
import type { ConnectOptions } from '../client/options.ts';
import { readLocalAddress } from '../local/local-address.ts';
import type { LocalAddress } from '../local/local-address.ts';
import type { ConnectionOptions } from './connection-options.ts';

/** @throws ClientError with what to do */
export const connectTo = async (options: ConnectionOptions): Promise<Client> => connect(whereIs(options));

/** Where a system is, as the client is told it. */
export interface Whereabouts extends ConnectOptions {
  readonly prefix: string;
  /** The system of `npm start`, where that is meant. */
  readonly local?: LocalAddress;
}

/** @throws ClientError where `--local` is given and no system runs on this machine */
export function whereIs({ project, prefix, local = false }: ConnectionOptions): Whereabouts {
  if (!local) return { ...(project !== undefined && { projectId: project }), prefix };
  const address = readLocalAddress();
  if (address === undefined)
    throw new ClientError(
      'Unreachable',
      'No system runs on this machine. Start one with `npm start`, in another terminal.',
    );
  const { pubsubHost, projectId } = address;
  return { emulatorHost: pubsubHost, projectId, prefix: address.prefix, local: address };
}
