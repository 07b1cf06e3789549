import { parseAddress, serviceOf, type Address } from './address.ts';
import { htmlAnswer, jsonAnswer, statusAnswer, type Answer, type WholeAnswer } from './answer.ts';
import { dialectOf } from './dialect.ts';
import { faultAnswer, type FaultContext, type FaultStep } from './fault.ts';
import { listAnswer } from './operation-list.ts';
import type { ListScript } from './operation-script.ts';
import { faultQueue, type OperationStore, type StoredOperation } from './operation-store.ts';

/** A request to a Google API, its body read. */
export interface ServiceRequest {
  readonly method: string;
  readonly host: string;
  /** Behind the host, without the query: `/v2/projects/…`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What to answer, and how much later. */
export interface Reply {
  readonly answer: Answer;
  readonly delayMs?: number;
}

/** The list method of one parent, with its faults. */
export interface ScriptedList {
  readonly script: ListScript;
  readonly nextFault: () => FaultStep | undefined;
}

/** Makes a parent's list script ready to be called. */
export function scriptedList(script: ListScript): ScriptedList {
  return { script, nextFault: faultQueue(script.listFaults) };
}

/** Where the methods look operations, parents and the time up. */
export interface Backend {
  readonly operations: OperationStore;
  readonly lists: ReadonlyMap<string, ScriptedList>;
  readonly now: () => number;
}

const NO_FAULT = () => undefined;

/**
 * Answers for every service: google.longrunning.Operations over HTTP, and the front end's page for all else.
 */
export function answerService(request: ServiceRequest, backend: Backend): Reply {
  const { method, path } = request;
  const { cancel: form, hasGet } = dialectOf(serviceOf(request.host));
  const namesCancel = path.endsWith(form.suffix);
  const isCancel = method === form.method && namesCancel;
  const address = parseAddress(request.host + (isCancel ? path.slice(0, -form.suffix.length) : path));
  const isGet = method === 'GET' && !namesCancel;
  if (!address || !(isCancel || isGet)) return { answer: noSuchMethod(path) };
  if (address.operationId === undefined) {
    return isCancel ? { answer: noSuchMethod(path) } : list(address, request, backend);
  }
  if (isCancel && request.body.length > 0) return { answer: unexpectedBody() };
  if (isGet && !hasGet) return { answer: noSuchMethod(path) };
  const operation = backend.operations.find(address.url);
  if (!operation) return { answer: notFound(address) };
  return isCancel ? cancel(operation, backend) : get(operation, backend);
}

function get(operation: StoredOperation, { now }: Backend): Reply {
  const { address } = operation;
  return throughFaults(operation.nextFault('get'), {
    host: address.host,
    name: address.name,
    method: 'get',
    nowMs: now(),
    ordinary: () =>
      operation.present().state === 'gone' ? notFound(address) : jsonAnswer(200, operation.resource()),
    resource: () => operation.resource(),
  });
}

function cancel(operation: StoredOperation, { now }: Backend): Reply {
  const { address } = operation;
  const ordinary = (): WholeAnswer => {
    if (operation.present().state === 'gone') return notFound(address);
    return operation.cancel() === 'accepted'
      ? jsonAnswer(200, {})
      : statusAnswer('FAILED_PRECONDITION', `Operation '${address.name}' has already completed.`);
  };
  return throughFaults(operation.nextFault('cancel'), {
    host: address.host,
    name: address.name,
    method: 'cancel',
    nowMs: now(),
    ordinary,
    resource: () => operation.resource(),
  });
}

function list(address: Address, { query }: ServiceRequest, backend: Backend): Reply {
  const { script, nextFault } = backend.lists.get(address.url) ?? { script: {}, nextFault: NO_FAULT };
  const parameter = (name: string) => query.get(name) ?? undefined;
  const pages = {
    pageSize: parameter('pageSize'),
    pageToken: parameter('pageToken'),
    filter: parameter('filter'),
  };
  return throughFaults(nextFault(), {
    host: address.host,
    name: address.name,
    method: 'list',
    nowMs: backend.now(),
    ordinary: () => listAnswer(backend.operations, address, pages, script),
    resource: () => ({ name: address.name }),
  });
}

function throughFaults(step: FaultStep | undefined, context: FaultContext): Reply {
  if (!step) return { answer: context.ordinary() };
  // `ordinary` is also what carries the request out; the faults that show part of it have therefore been
  // applied.
  if (step.applied) context.ordinary();
  const answer = faultAnswer(step, context);
  return step.kind === 'slow' ? { answer, delayMs: step.delayMs } : { answer };
}

function notFound({ name }: Address): WholeAnswer {
  return statusAnswer('NOT_FOUND', `Resource '${name}' was not found`);
}

/** The front end knows no such method, and no service ever sees the request. */
export function noSuchMethod(path: string): WholeAnswer {
  const shown = path.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return htmlAnswer(
    404,
    'Not Found',
    `The requested URL <code>${shown}</code> was not found on this server.`,
  );
}

/** As for a method whose `http` annotation names no body. */
function unexpectedBody(): WholeAnswer {
  return statusAnswer(
    'INVALID_ARGUMENT',
    'Invalid JSON payload received. Unexpected body: this method takes none.',
  );
}
