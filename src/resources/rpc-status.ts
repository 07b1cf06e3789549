import { isObject } from '../validation/schema.ts';
import { unreadable } from './resource-state.ts';
import type { ResourceState } from './resource-state.ts';

/** The values of google.rpc.Code that this system uses. */
export const CANCELLED = 1;
export const UNKNOWN = 2;

const MAX_MESSAGE_LENGTH = 2_048;

/** The end of a resource that is done, by the `google.rpc.Status` of its error. */
export function readEnd(error: unknown): ResourceState {
  // `done` with neither response nor error exists in the wild, and so does an error of code 0, which is OK.
  if (error === undefined || error === null) return { kind: 'succeeded' };
  if (!isObject(error)) return unreadable('"error" is not an object');
  const code = error.code ?? 0;
  const message = readMessage(error.message);
  if (typeof code !== 'number' || !Number.isInteger(code)) {
    return unreadable('"error.code" is not a whole number');
  }
  if (code === CANCELLED) return { kind: 'cancelled', error: { code, message } };
  if (code === 0 && message === '') return { kind: 'succeeded' };
  return { kind: 'failed', error: { code, message } };
}

/** A text of the service, bounded and well-formed; empty where it is no text. */
export const readMessage = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, MAX_MESSAGE_LENGTH).toWellFormed() : '';
