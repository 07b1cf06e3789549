import { Server } from 'node:net';

/**
 * Loaded into the function's process before the framework, which listens on all interfaces and has no option
 * for another: what runs here for development is not to be reached from elsewhere.
 */
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the server that it was asked of
const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...parameters: unknown[]) {
  const [port, ...others] = parameters;
  const isPort = typeof port === 'number' || (typeof port === 'string' && /^\d+$/.test(port));
  const hasHost = typeof others[0] === 'string';
  return Reflect.apply(
    listen,
    this,
    isPort && !hasHost ? [port, '127.0.0.1', ...others] : parameters,
  ) as Server;
};
