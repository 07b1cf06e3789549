import type { Address } from './address.ts';
import { overlaid } from './fault.ts';
import type { OperationPast, OperationPresent } from './operation-life.ts';
import type { JsonObject } from './rpc-status.ts';
import type { OperationFacts } from './shapes/shape.ts';
import { shapeOf } from './shapes/shape-of.ts';

/** The operation as its service's GET and list show it. */
export function operationResource(
  address: Address,
  past: OperationPast,
  present: OperationPresent,
  nowMs: number,
): JsonObject {
  const { script } = past;
  const shape = shapeOf(address);
  const facts = factsOf(address, past, present, nowMs);
  const overlay = script.metadata ?? {};
  if (shape.is === 'own') return overlaid(shape.operation(facts), overlay);
  const isDone = facts.endTime !== undefined;
  return {
    name: address.name,
    metadata: overlaid(shape.metadata(facts), overlay),
    ...(isDone ? { done: true } : shape.saysNotDone && { done: false }),
    ...(facts.error && { error: facts.error }),
    ...(facts.state === 'succeeded' && { response: script.response ?? shape.response(facts) }),
    ...shape.besides?.(facts),
  };
}

function factsOf(
  address: Address,
  { script, addedAtMs, cancelledAtMs }: OperationPast,
  { state, sinceMs }: OperationPresent,
  nowMs: number,
): OperationFacts {
  const isDone = state !== 'running';
  const ended = state === 'gone' ? 'neither' : state;
  return {
    address,
    parent: address.collection.replace(/\/?[A-Za-z]+$/, ''),
    id: address.operationId ?? '',
    state: !isDone && cancelledAtMs !== undefined ? 'cancelling' : ended,
    createTime: script.ageMs === 'unknown' ? undefined : timestamp(addedAtMs - (script.ageMs ?? 0)),
    updateTime: timestamp(isDone ? sinceMs : (cancelledAtMs ?? nowMs)),
    cancelTime: cancelledAtMs === undefined ? undefined : timestamp(cancelledAtMs),
    endTime: isDone ? timestamp(sinceMs) : undefined,
    error: errorOf(state, script.error),
  };
}

function errorOf(state: OperationPresent['state'], scripted?: JsonObject): JsonObject | undefined {
  if (state === 'cancelled') return scripted ?? { code: 1, message: 'The operation was cancelled.' };
  if (state === 'failed') return scripted ?? { code: 13, message: 'Internal error encountered.' };
  return undefined;
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
