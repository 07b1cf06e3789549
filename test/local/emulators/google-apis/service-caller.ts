import { setImmediate } from 'node:timers/promises';
import {
  startGoogleServices,
  type GoogleServices,
  type GoogleServicesOptions,
} from '../../../../local/emulators/google-apis/google-services.ts';
import { createVirtualTime } from '../../../support/virtual-time.ts';

/** An operation of the first service on the list, used where it does not matter which. */
export const OPERATION =
  'https://notebooks.googleapis.com/v2/projects/p/locations/us-central1/operations/operation-1';

/** The start of the fake clock. */
export const START_MS = Date.parse('2026-11-20T11:34:04.000Z');

/** An answer, read whole. `json` is undefined if the body is not JSON. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** The services, a clock that stands still until told otherwise, and a caller as the function is one. */
export interface Caller extends AsyncDisposable {
  readonly services: GoogleServices;
  readonly advance: (ms: number) => void;
  readonly get: (url: string) => Promise<ReadAnswer>;
  readonly cancel: (url: string) => Promise<ReadAnswer>;
  /** Any request to the real URL, sent to where GOOGLE_API_ENDPOINT says. */
  readonly send: (url: string, init?: RequestInit) => Promise<Response>;
}

/** Starts the services for one test; `await using` stops them. */
export async function startCaller(options: GoogleServicesOptions = {}): Promise<Caller> {
  const { now, advance } = createVirtualTime(START_MS);
  const services = await startGoogleServices({ now, ...options });
  const send = (url: string, init: RequestInit = {}) => {
    const { host, pathname, search } = new URL(url);
    const at = services.endpoint.replace('{host}', host);
    return fetch(at + pathname + search, { redirect: 'manual', ...init });
  };
  return {
    services,
    advance,
    get: async (url) => read(await send(url)),
    cancel: async (url) => read(await send(`${url}:cancel`, { method: 'POST' })),
    send,
    [Symbol.asyncDispose]: () => services.close(),
  };
}

/** Reads an answer to its end. */
export async function read(response: Response): Promise<ReadAnswer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

/** Waits until what another connection does has come about; the test's own timeout is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
