import { subscribe } from 'node:diagnostics_channel';
import domain from 'node:domain';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Loaded before the built function: makes it fail as the header `x-error` of a request says, in places where its own
 * code never fails. Writes a line for each domain of Node that is made.
 */
const fail = () => {
  throw new Error('an injected error');
};
const ways: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'in the handler': (response) => {
    const { now } = Date;
    Date.now = fail;
    response.once('close', () => (Date.now = now));
  },
  'in a callback': () => void setTimeout(fail, 100),
  'in a promise that nothing awaits': () => void Promise.resolve().then(() => setTimeout(reject, 100)),
  'in a callback after the answer': (response) => void response.once('close', () => setImmediate(fail)),
  'in a promise after the answer': (response) => void response.once('close', reject),
};
const reject = () => void Promise.reject(new Error('an injected error'));

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  ways[String(request.headers['x-error'])]?.(response);
});

const report = () => process.stderr.write('a domain was made\n');
const { create, Domain } = domain as typeof domain & { Domain: new () => domain.Domain };
Object.assign(domain, {
  create: () => {
    report();
    return create();
  },
  Domain: class extends Domain {
    constructor() {
      super();
      report();
    }
  },
});
