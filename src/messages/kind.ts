import { isObject } from '../validation/schema.ts';
import { EVENT_TYPE, readData } from './cloud-event.ts';
import type { EventContext } from './cloud-event.ts';
import type { Message } from './message.ts';

/** The kinds of message, by their content. */
export type MessageKind =
  | 'request'
  | 'recheck'
  /** Continues a sweep. */
  | 'sweep-run'
  | 'idempotency-record'
  /** A part of the list of a dry run. */
  | 'run-list'
  /** Requests what an approved dry run found. */
  | 'approval'
  /** Names a sweep, or a dry run that is approved. */
  | 'trigger'
  | 'budget-notification'
  | 'result'
  | 'sweep-report';

const kindsOfTypes: ReadonlyMap<string | undefined, MessageKind> = new Map([
  [EVENT_TYPE.request, 'request'],
  [EVENT_TYPE.recheck, 'recheck'],
  [EVENT_TYPE.sweepRun, 'sweep-run'],
  [EVENT_TYPE.idempotencyRecord, 'idempotency-record'],
  [EVENT_TYPE.runList, 'run-list'],
  [EVENT_TYPE.approval, 'approval'],
  [EVENT_TYPE.trigger, 'trigger'],
  [EVENT_TYPE.result, 'result'],
  [EVENT_TYPE.sweepReport, 'sweep-report'],
]);

/** Whether a type of event is one of this system's, in any version. */
export const isOwnType = (type: string | undefined) => type?.startsWith('lro-cancel.') === true;

/** The kind of a message by its type or, where that is not one of this system's, by its data. */
export const kindOf = (message: Message, { type }: EventContext): MessageKind | undefined =>
  isOwnType(type) ? kindsOfTypes.get(type) : kindOfData(message);

/**
 * The kind of a message by its data alone, which is all that payload unwrapping leaves. Undefined where the data is not
 * unmistakable.
 */
export function kindOfData(message: Message): MessageKind | undefined {
  const { budgetId, billingAccountId } = message.attributes;
  if (budgetId !== undefined && billingAccountId !== undefined) return 'budget-notification';
  const read = readData(message);
  return read.ok && isObject(read.data) ? kindOfFields(read.data) : undefined;
}

function kindOfFields(data: Readonly<Record<string, unknown>>): MessageKind | undefined {
  const has = (...names: readonly string[]) => names.every((name) => Object.hasOwn(data, name));
  if (has('requestId', 'outcome', 'detail', 'cancel', 'confirm', 'finishedAt')) return 'result';
  if (has('sweep', 'runId', 'detail', 'cause', 'finishedAt')) return 'sweep-report';
  if (has('requestId', 'operation', 'step', 'attempt', 'deadline', 'notBefore')) return 'recheck';
  if (has('sweep', 'runId', 'fingerprint', 'deadline', 'notBefore')) return 'sweep-run';
  if (has('key', 'window', 'renewals')) return 'idempotency-record';
  if (has('runId', 'entry')) return 'run-list';
  if (has('runId', 'step', 'offset', 'requested')) return 'approval';
  if (['operation', 'operations', 'job', 'jobs', 'call'].some((name) => has(name))) return 'request';
  if (typeof data.sweep === 'string' || typeof data.approve === 'string') return 'trigger';
  const isBudget =
    has('budgetDisplayName') ||
    has('costAmount', 'budgetAmount') ||
    has('alertThresholdExceeded') ||
    has('forecastThresholdExceeded');
  return isBudget ? 'budget-notification' : undefined;
}
