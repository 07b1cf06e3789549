import { createRequire } from 'node:module';
import { fromJSON } from '@grpc/proto-loader';

const require = createRequire(import.meta.url);

/**
 * google.pubsub.v1 as the client library ships it, so that both speak the same version. Requests are decoded
 * with every field present; that is the form of `wire-types.ts`.
 */
export const serviceDefinition = fromJSON(
  require('@google-cloud/pubsub/build/protos/protos.json') as Parameters<typeof fromJSON>[0],
  { keepCase: false, longs: String, enums: String, defaults: true },
);
