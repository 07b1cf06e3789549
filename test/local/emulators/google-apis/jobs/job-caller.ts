import type { JsonObject } from '../../../../../local/emulators/google-apis/rpc-status.ts';
import { read, type Caller, type ReadAnswer } from '../service-caller.ts';
import type { JobSample } from '../../../../support/job-samples.ts';

/** Sends a request with an optional body of JSON. */
export async function call(caller: Caller, method: string, url: string, body?: object): Promise<ReadAnswer> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return read(await caller.send(url, { method, ...(body !== undefined && json) }));
}

/** The cancel as the reference has it. */
export const cancelJob = (caller: Caller, { cancel: { method, url, body } }: JobSample) =>
  call(caller, method, url, body);

/** The value at a path in an answer. */
export function valueAt(answer: ReadAnswer, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], answer.json);
}

/** The state that GET shows. */
export const stateOf = async (caller: Caller, { url, state }: JobSample) =>
  valueAt(await caller.get(url), state);

/** The error of an answer: its HTTP status, its status and its message. */
export function errorOf({ status, json }: ReadAnswer): readonly [number, string, string] {
  const { error } = json as { readonly error: { readonly status: string; readonly message: string } };
  return [status, error.status, error.message];
}

/** A URL with more in its query. */
export const withQuery = (url: string, query: string) => `${url}${url.includes('?') ? '&' : '?'}${query}`;

/** The URLs of a collection with other ids in the place of `my-job`. */
export const otherJob = ({ url }: JobSample, id: string) => url.replace('my-job', id);
