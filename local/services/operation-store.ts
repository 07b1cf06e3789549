import type { Address } from './address.ts';
import { presentOf, type OperationPast, type OperationPresent } from './operation-life.ts';
import { operationResource } from './operation-resource.ts';
import type { FaultStep } from './fault.ts';
import type { OperationScript } from './operation-script.ts';
import type { JsonObject } from './rpc-status.ts';

/** One operation, as the methods of a service see it. */
export interface StoredOperation {
  readonly address: Address;
  /** Rises with every operation added: the order of a list, and what its page tokens point at. */
  readonly sequence: number;
  readonly script: OperationScript;
  present(): OperationPresent;
  resource(): JsonObject;
  /** Takes a cancel. `already-done` where the service refuses one for an operation that has ended. */
  cancel(): 'accepted' | 'already-done';
  /** The next scripted fault for a method; undefined once they are used up. */
  nextFault(method: 'cancel' | 'get'): FaultStep | undefined;
}

/** The operations of all services. */
export interface OperationStore {
  /** Adds, or replaces, which also forgets its past. Throws a RangeError when the store is full. */
  add(address: Address, script: OperationScript): void;
  find(url: string): StoredOperation | undefined;
  /** In the order in which they were first added. */
  all(): Iterable<StoredOperation>;
}

/** Keeps at most `limit` operations. */
export function createOperationStore({
  now,
  limit,
}: {
  readonly now: () => number;
  readonly limit: number;
}): OperationStore {
  const byUrl = new Map<string, StoredOperation>();
  let sequence = 0;
  return {
    add(address, script) {
      if (byUrl.size >= limit && !byUrl.has(address.url)) {
        throw new RangeError(`There are ${limit} operations already, the most that are kept.`);
      }
      const replaced = byUrl.get(address.url);
      const place = replaced?.sequence ?? (sequence += 1);
      byUrl.set(address.url, createOperation(address, script, place, now));
    },
    find: (url) => byUrl.get(url),
    all: () => byUrl.values(),
  };
}

function createOperation(
  address: Address,
  script: OperationScript,
  sequence: number,
  now: () => number,
): StoredOperation {
  let past: OperationPast = { script, addedAtMs: now() };
  const faults = { cancel: faultQueue(script.cancelFaults), get: faultQueue(script.getFaults) };
  const present = () => presentOf(past, now());
  return {
    address,
    sequence,
    script,
    present,
    resource: () => operationResource(address, past, present(), now()),
    cancel() {
      if (script.onCancel === 'already-done') {
        if (present().state === 'running') past = { ...past, foundDoneAtMs: now() };
        return 'already-done';
      }
      // Only the first cancel counts, and none that comes after the end.
      if (past.cancelledAtMs === undefined && present().state === 'running') {
        past = { ...past, cancelledAtMs: now() };
      }
      return 'accepted';
    },
    nextFault: (method) => faults[method](),
  };
}

/** Hands out each step as often as it says, in order; an `always` is never used up. */
export function faultQueue(steps: readonly FaultStep[] = []): () => FaultStep | undefined {
  let index = 0;
  let given = 0;
  return () => {
    for (; index < steps.length; index += 1, given = 0) {
      const step = steps[index];
      if (step && (step.times === 'always' || given < (step.times ?? 1))) {
        given += 1;
        return step;
      }
    }
    return undefined;
  };
}
