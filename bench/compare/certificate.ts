import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A key, and a certificate that it has signed itself, in files that are gone after `close`. */
interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
  close(): Promise<void>;
}

/**
 * Makes a certificate with openssl, with a key of the kind that Google's hosts have, or returns the reason
 * why it cannot be made here.
 *
 * @param host a name, which may begin with `*.`
 */
export async function makeCertificate(host: string): Promise<Certificate | { readonly missing: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-certificate-'));
  const close = () => rm(directory, { recursive: true, force: true });
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  try {
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-keyout', keyFile, '-out', certFile, '-days', '2', '-subj', `/CN=${host}`],
      ...['-addext', `subjectAltName=DNS:${host}`],
    ]);
    return { keyFile, certFile, close };
  } catch (error) {
    await close();
    const { code, message } = error as NodeJS.ErrnoException;
    return { missing: code === 'ENOENT' ? 'openssl is not installed' : `openssl made none: ${message}` };
  }
}
