import { parseAddress, serviceOf, type Address } from './address.ts';
import { htmlAnswer, jsonAnswer, statusAnswer, type Answer, type WholeAnswer } from './answer.ts';
import { dialectOf } from './dialect.ts';
import { faultAnswer, type FaultContext, type FaultStep } from './fault.ts';
import { listAnswer } from './operation-list.ts';
import type { OperationStore } from './operation-store.ts';
import type { Quotas } from './quotas.ts';
import { unknownParameters } from './query-parameters.ts';
import { PLAIN_LIST, type ScriptedList } from './scripted-list.ts';
import type { StoredOperation } from './stored-operation.ts';

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

/** An answer, and its delay. */
export interface Reply {
  readonly answer: Answer;
  readonly delayMs?: number;
}

/** The operations, lists, quotas and clock that the methods use. */
export interface Backend {
  readonly operations: OperationStore;
  /** By the keys of their addresses. */
  readonly lists: ReadonlyMap<string, ScriptedList>;
  readonly quotas: Quotas;
  readonly now: () => number;
}

/**
 * Answers for every service: google.longrunning.Operations over HTTP, and the front end's page for all else.
 */
export function answerService(request: ServiceRequest, backend: Backend): Reply {
  const { method, path, query } = request;
  const { cancel: form, hasGet, hasList } = dialectOf(serviceOf(request.host));
  const namesCancel = path.endsWith(form.suffix);
  const isCancel = method === form.method && namesCancel;
  const address = parseAddress(request.host + (isCancel ? path.slice(0, -form.suffix.length) : path));
  const isGet = method === 'GET' && !namesCancel;
  if (!address || !(isCancel || isGet)) return { answer: noSuchMethod(path) };
  const isList = address.operationId === undefined;
  const hasMethod = isList ? isGet && hasList(address) : isCancel || hasGet;
  if (!hasMethod) return { answer: noSuchMethod(path) };
  // Counted before the service sees the request, which therefore uses up no fault that is scripted for it.
  const tooMany = backend.quotas.refusal(request.host, isCancel ? 'cancels' : 'reads');
  if (tooMany) return { answer: tooMany };
  if (isList) return list(address, query, backend);
  const refusal = unknownParameters(query, []);
  if (refusal) return { answer: refusal };
  if (isCancel && request.body.length > 0) return { answer: unexpectedBody() };
  const operation = backend.operations.find(address);
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

function list(collection: Address, query: URLSearchParams, { operations, lists, now }: Backend): Reply {
  const { list: form } = dialectOf(serviceOf(collection.host));
  const refusal = unknownParameters(query, [...form.parameters, ...(form.size ? [form.size.parameter] : [])]);
  if (refusal) return { answer: refusal };
  const { script, nextFault } = lists.get(collection.key) ?? PLAIN_LIST;
  return throughFaults(nextFault(), {
    host: collection.host,
    name: collection.name,
    method: 'list',
    nowMs: now(),
    ordinary: () => listAnswer(operations, { collection, query, form, script }),
    resource: () => ({ name: collection.name }),
  });
}

/** The answer to a request, which is that of a fault if one is due. */
export function throughFaults(step: FaultStep | undefined, context: FaultContext): Reply {
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
