import type { IncomingMessage } from 'node:http';

/** Headers of every answer: the page loads what this server has, and nothing else. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** The parts of a request that the guard looks at. */
export type Guarded = Pick<IncomingMessage, 'method' | 'headers'>;

/**
 * Why a request is refused, or undefined. The server listens on loopback alone, but every page in the same browser can
 * reach it there: by another origin, or by a name of its own that it leads to 127.0.0.1 (DNS rebinding).
 *
 * @param port the one that the server listens on
 */
export function refusalOf({ method, headers }: Guarded, port: number): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin, 'sec-fetch-site': site, 'content-type': contentType = '' } = headers;
  if (!hosts.includes(host.toLowerCase())) {
    return `This server answers to ${hosts.join(' and ')} only, not to ${JSON.stringify(host.slice(0, 100))}.`;
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return 'This server answers its own page only, not one of another origin.';
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST') return 'There are GET and POST.';
  // A browser sends an Origin with every POST; a program has to send it on purpose.
  if (origin === undefined) return `A POST needs the header Origin: http://${host}.`;
  if (site !== undefined && site !== 'same-origin') return 'A POST must come from the page of this server.';
  // A form of another page can send only other types without asking first.
  if (!/^application\/json\b/i.test(contentType)) return 'A POST carries application/json.';
  return undefined;
}
