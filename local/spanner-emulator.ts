import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gcloudRoot, startEmulatorProcess } from './emulator-process.ts';
import { freePort } from './free-port.ts';

/**
 * Google's own Spanner emulator, which comes with gcloud (component `cloud-spanner-emulator`): a service with real
 * long-running operations, over REST.
 */
interface SpannerEmulator {
  /** Its REST gateway: `http://127.0.0.1:PORT`, before `/v1/…`. */
  readonly restUrl: string;
  /** The program that was started. */
  readonly program: string;
  close(): Promise<void>;
}

/** Starts it on free ports, or returns the reason why it cannot be started here. */
export async function startSpannerEmulator(): Promise<SpannerEmulator | { readonly missing: string }> {
  const root = await gcloudRoot();
  if (root === undefined) return { missing: 'gcloud is not installed, so there is no Spanner emulator' };
  // The component of gcloud lies beside `bin`, that of the Debian package in it.
  const folders = ['bin/cloud_spanner_emulator', 'cloud_spanner_emulator'].map((path) => join(root, path));
  const folder = folders.find((path) => existsSync(join(path, 'gateway_main')));
  if (folder === undefined) {
    return { missing: `gcloud has no component cloud-spanner-emulator (looked for ${folders.join(', ')})` };
  }
  const [restPort, grpcPort] = [await freePort(), await freePort()];
  const program = join(folder, 'gateway_main');
  const args = [
    ['-hostname', '127.0.0.1'],
    ['-http_port', String(restPort)],
    ['-grpc_port', String(grpcPort)],
    ['-grpc_binary', join(folder, 'emulator_main')],
  ].flat();
  const emulator = await startEmulatorProcess(program, args, restPort);
  return { restUrl: `http://127.0.0.1:${restPort}`, program, close: () => emulator.close() };
}
