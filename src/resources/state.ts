import { isObject } from '../validation/schema.ts';
import type { StateForm } from './resource.ts';

/** What a GET told of an operation. */
export type OperationState =
  | { readonly kind: 'running'; readonly cancellationRequested: boolean }
  | { readonly kind: 'cancelled'; readonly error: OperationError }
  | { readonly kind: 'failed'; readonly error: OperationError }
  | { readonly kind: 'succeeded' }
  /** The body is no operation, so it says nothing of one. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** `google.rpc.Status` of an operation that ended with an error. */
export interface OperationError {
  readonly code: number;
  readonly message: string;
}

/** google.rpc.Code. */
const CANCELLED = 1;
const UNKNOWN = 2;
const MAX_MESSAGE_LENGTH = 2_048;

/**
 * Reads the body of a GET. Strict where it matters: `cancelled` is said only of an operation that is done with
 * the error CANCELLED; a body that is no operation says nothing.
 */
export function readOperationState(form: StateForm, body: unknown): OperationState {
  if (!isObject(body)) return unreadable('the answer is not a JSON object');
  switch (form) {
    case 'longrunning':
      return readLongRunning(body);
    case 'container':
      return readStatus(body, CONTAINER_STATUSES, readContainerError);
    case 'sqladmin':
      return readStatus(body, SQL_STATUSES, readSqlErrors);
  }
}

const unreadable = (problem: string): OperationState => ({ kind: 'unreadable', problem });

type Body = Readonly<Record<string, unknown>>;

/** `google.longrunning.Operation` in JSON. */
function readLongRunning(body: Body): OperationState {
  const { done, error, metadata } = body;
  // Proto3 JSON leaves out what has its default: an operation without `done` is running.
  if (done === undefined || done === null || done === false) {
    if (typeof body.name !== 'string') return unreadable('the answer has no operation name');
    return { kind: 'running', cancellationRequested: cancellationRequested(metadata) };
  }
  if (done !== true) return unreadable('"done" is not a boolean');
  return readEnd(error);
}

/** The end of an operation that is done, by its `google.rpc.Status`. */
function readEnd(error: unknown): OperationState {
  // `done` with neither response nor error exists in the wild, and so does an error of code 0, which is OK.
  if (error === undefined || error === null) return { kind: 'succeeded' };
  if (!isObject(error)) return unreadable('"error" is not an object');
  const code = error.code ?? 0;
  const message = textOf(error.message);
  if (typeof code !== 'number' || !Number.isInteger(code)) {
    return unreadable('"error.code" is not a whole number');
  }
  if (code === CANCELLED) return { kind: 'cancelled', error: { code, message } };
  if (code === 0 && message === '') return { kind: 'succeeded' };
  return { kind: 'failed', error: { code, message } };
}

const textOf = (value: unknown) =>
  typeof value === 'string' ? value.slice(0, MAX_MESSAGE_LENGTH).toWellFormed() : '';

/**
 * Services say in their metadata that a cancel is under way, under one of two names; aiplatform one level
 * deeper.
 */
function cancellationRequested(metadata: unknown): boolean {
  if (!isObject(metadata)) return false;
  const generic = isObject(metadata.genericMetadata) ? metadata.genericMetadata : {};
  return [metadata, generic].some(
    (fields) => fields.requestedCancellation === true || fields.cancelRequested === true,
  );
}

/** The statuses of an operation that runs, with whether a cancel is under way. */
const SQL_STATUSES: ReadonlyMap<unknown, boolean> = new Map([
  ['PENDING', false],
  ['RUNNING', false],
]);
const CONTAINER_STATUSES: ReadonlyMap<unknown, boolean> = new Map([...SQL_STATUSES, ['ABORTING', true]]);

/** An operation that tells its state by `status` instead of `done`. */
function readStatus(
  body: Body,
  running: ReadonlyMap<unknown, boolean>,
  readError: (body: Body) => OperationState,
): OperationState {
  const { status } = body;
  if (status === 'DONE') return readError(body);
  const cancellationRequested = running.get(status);
  if (cancellationRequested !== undefined) return { kind: 'running', cancellationRequested };
  return unreadable('"status" is none that an operation has');
}

/** Kubernetes Engine: `error`, or the older `statusMessage`, which is there only for a failure. */
function readContainerError(body: Body): OperationState {
  const statusMessage = textOf(body.statusMessage);
  const end = readEnd(body.error);
  if (end.kind === 'succeeded' && statusMessage !== '') {
    return { kind: 'failed', error: { code: UNKNOWN, message: statusMessage } };
  }
  return end;
}

/** Cloud SQL: a list of errors, each with a code in words. */
function readSqlErrors({ error }: Body): OperationState {
  if (isAbsent(error)) return { kind: 'succeeded' };
  const errors: readonly unknown[] = isObject(error) && Array.isArray(error.errors) ? error.errors : [];
  if (errors.length === 0 || !errors.every(isObject)) {
    return unreadable('"error.errors" is not a list of errors');
  }
  const codes = errors.map(({ code }) => textOf(code));
  const message = textOf(
    errors.map((entry, index) => `${codes[index]}: ${textOf(entry.message)}`).join('; '),
  );
  return codes.every((code) => code === 'CANCELLED')
    ? { kind: 'cancelled', error: { code: CANCELLED, message } }
    : { kind: 'failed', error: { code: UNKNOWN, message } };
}

const isAbsent = (value: unknown) => value === undefined || value === null;
