import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import type { Ports } from './google-hosts-process.ts';

/**
 * Loaded into a measured process: what it sends to Google's hosts and to the metadata server arrives at the servers of
 * google-hosts-process.ts, whose ports of 127.0.0.1 GOOGLE_HOSTS has, as JSON. The process does whole TLS handshakes, with
 * the names that it asked for; only the look-up of the names is left out. So the function needs no setting for this, and
 * sends its credentials. Nothing leaves the machine.
 */
const ports = JSON.parse(process.env.GOOGLE_HOSTS ?? '') as Ports;

/**
 * gRPC resolves a name before it connects, so this address stands for the name. 192.0.2.0/24 is reserved for
 * documentation (RFC 5737).
 */
const PUBSUB = { address: '192.0.2.1', family: 4 };
const { lookup } = dns.promises;
const lookupOrKnown = (name: string, ...options: unknown[]): unknown =>
  name === 'pubsub.googleapis.com'
    ? Promise.resolve([PUBSUB])
    : Reflect.apply(lookup, dns.promises, [name, ...options]);
Object.assign(dns.promises, { lookup: lookupOrKnown });
syncBuiltinESMExports();

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);
const METADATA = /^(?:169\.254\.169\.254|metadata(?:\.google\.internal)?\.?)$/;

/** The address that replaces a connection's target; undefined for one within the machine. */
function portFor(host: string, port: number): number | undefined {
  if (LOOPBACK.has(host)) return undefined;
  if (port === 443 && host === PUBSUB.address) return ports.pubsub;
  if (port === 443 && host.endsWith('.googleapis.com')) return ports.apis;
  if (port === 80 && METADATA.test(host)) return ports.metadata;
  throw new Error(`nothing stands for ${host}:${port}`);
}

// Every connection of net, tls, http, https and fetch begins here, with options, or with them in a list.
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the socket that it was asked of
const { connect } = Socket.prototype;
Socket.prototype.connect = function (this: Socket, ...parameters: unknown[]) {
  const [first, ...others] = parameters;
  const options = (Array.isArray(first) ? first[0] : first) as { host?: string; port?: number | string };
  const port = portFor(options.host ?? 'localhost', Number(options.port));
  if (port === undefined) return Reflect.apply(connect, this, parameters) as Socket;
  const redirected = { ...options, host: '127.0.0.1', port };
  // A list carries a mark of Node's, so it stays the same one.
  if (Array.isArray(first)) first[0] = redirected;
  return Reflect.apply(connect, this, [Array.isArray(first) ? first : redirected, ...others]) as Socket;
};
