import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

/**
 * A fake of the metadata server of Cloud Run
 * (https://cloud.google.com/run/docs/container-contract#metadata-server).
 */
export interface FakeMetadataServer {
  /** Requested paths, oldest first. */
  readonly asked: readonly string[];
  /** `broken` answers 404 to every request, `silent` does not answer. */
  mode: 'healthy' | 'broken' | 'silent';
  /** A token for a scope with this suffix is refused. */
  refused: string | undefined;
  /** The lifetime of a token. */
  expiresInSeconds: number;
}

/**
 * Starts the fake, points Google's libraries of this process to it, and stops it after the tests of the
 * file.
 */
export async function startFakeMetadataServer(): Promise<FakeMetadataServer> {
  const asked: string[] = [];
  const fake: FakeMetadataServer = { asked, mode: 'healthy', refused: undefined, expiresInSeconds: 3_600 };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://metadata');
    asked.push(`${url.pathname.replace('/computeMetadata/v1', '')}${url.search}`);
    if (fake.mode === 'silent') return;
    response.setHeader('metadata-flavor', 'Google');
    if (fake.mode === 'broken') {
      response.writeHead(404).end('broken');
      return;
    }
    if (fake.refused !== undefined && url.search.endsWith(fake.refused)) {
      response.writeHead(400).end('invalid_scope');
      return;
    }
    const [type, body] = answers(url, fake.expiresInSeconds);
    response.setHeader('content-type', type);
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env.GCE_METADATA_HOST = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  // Without it, google-auth-library runs gcloud to learn the project, where gcloud is installed.
  process.env.GOOGLE_CLOUD_PROJECT = 'my-project';
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return fake;
}

function answers(url: URL, expiresInSeconds: number): [type: string, body: string] {
  switch (url.pathname) {
    case '/computeMetadata/v1/project/project-id':
      return ['text/plain', 'my-project'];
    case '/computeMetadata/v1/project/numeric-project-id':
      return ['text/plain', '123456789012'];
    case '/computeMetadata/v1/universe/universe-domain':
      return ['text/plain', 'googleapis.com'];
    case '/computeMetadata/v1/instance/service-accounts/default/token': {
      const token = {
        access_token: `token for ${url.search}`,
        expires_in: expiresInSeconds,
        token_type: 'Bearer',
      };
      return ['application/json', JSON.stringify(token)];
    }
    case '/computeMetadata/v1/instance/service-accounts/default/email':
      return ['text/plain', 'function@my-project.iam.gserviceaccount.com'];
    default:
      return ['text/plain', 'ok'];
  }
}
