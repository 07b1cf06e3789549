import { createInterface } from 'node:readline';
import { makeCertificate } from './certificate.ts';
import type { Asked, Ports } from './google-hosts-process.ts';
import { startPinned } from './process.ts';

/**
 * Google, for processes that send credentials: its hosts and the metadata server, as a process of their own. A process
 * that is started with `imports` and `env` reaches them under their real names, and needs no setting for it.
 */
export interface GoogleHosts {
  readonly imports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The requests since the last time. */
  asked(): Promise<Asked>;
  close(): Promise<void>;
}

/** Starts the hosts on a core, or returns the reason why they cannot be started here. */
export async function startGoogleHosts(core: number): Promise<GoogleHosts | { readonly missing: string }> {
  const certificate = await makeCertificate('*.googleapis.com');
  if ('missing' in certificate) return certificate;
  const { keyFile, certFile } = certificate;
  const google = startPinned(core, ['bench/compare/google-hosts-process.ts', keyFile, certFile]);
  const close = async () => {
    await google.close();
    await certificate.close();
  };
  try {
    const { stdin, stdout } = google.child;
    if (stdin === null || stdout === null) throw new Error('its streams are not there');
    const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    const nextLine = async <T>(): Promise<T> => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error('what stands for Google has ended');
      return JSON.parse(value) as T;
    };
    const ports = await nextLine<Ports>();
    return {
      imports: ['./bench/compare/redirect.ts'],
      env: { GOOGLE_HOSTS: JSON.stringify(ports), NODE_EXTRA_CA_CERTS: certFile },
      asked: () => {
        stdin.write('\n');
        return nextLine<Asked>();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
