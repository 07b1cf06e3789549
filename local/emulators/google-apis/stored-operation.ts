import { addressOf, type Address } from './address.ts';
import type { FaultStep } from './fault.ts';
import { faultQueue, type FaultQueue } from './fault-queue.ts';
import { presentOf, type OperationPast, type OperationPresent } from './operation-life.ts';
import { operationResource } from './operation-resource.ts';
import type { OperationScript } from './operation-script.ts';
import type { JsonObject } from './rpc-status.ts';

/**
 * One operation, as the methods of a service see it. There can be a hundred thousand and more, so it keeps
 * nothing that follows from its URL and its script.
 */
export class StoredOperation {
  /** Rises with every operation added: the order of a list, and what its page tokens point at. */
  readonly sequence: number;
  /** The `collectionKey` of its address, one text for all that share it. */
  readonly collection: string;
  readonly #now: () => number;
  #url: string;
  #past: OperationPast;
  #faults: { readonly cancel: FaultQueue; readonly get: FaultQueue } | undefined;

  constructor(
    address: Address,
    script: OperationScript,
    place: { readonly sequence: number; readonly collection: string; readonly now: () => number },
  ) {
    this.sequence = place.sequence;
    this.collection = place.collection;
    this.#now = place.now;
    this.#url = address.url;
    this.#past = { script, addedAtMs: place.now() };
    this.#faults = faultsOf(script);
  }

  /** Begins anew in the same place, forgetting its past. */
  restart(address: Address, script: OperationScript): void {
    this.#url = address.url;
    this.#past = { script, addedAtMs: this.#now() };
    this.#faults = faultsOf(script);
  }

  /** Follows another script from now on; its past stays, such as a cancel that it took. */
  change(script: OperationScript): void {
    this.#past = { ...this.#past, script };
    this.#faults = faultsOf(script);
  }

  get url(): string {
    return this.#url;
  }

  get address(): Address {
    const address = addressOf(this.#url.slice('https://'.length));
    if (!address) throw new Error(`not the URL of an operation: ${this.#url}`);
    return address;
  }

  get script(): OperationScript {
    return this.#past.script;
  }

  present(): OperationPresent {
    return presentOf(this.#past, this.#now());
  }

  resource(): JsonObject {
    return operationResource(this.address, this.#past, this.present(), this.#now());
  }

  /** Takes a cancel. `already-done` where the service refuses one for an operation that has ended. */
  cancel(): 'accepted' | 'already-done' {
    const isRunning = this.present().state === 'running';
    if (this.script.onCancel === 'already-done') {
      if (isRunning) this.#past = { ...this.#past, foundDoneAtMs: this.#now() };
      return 'already-done';
    }
    // Only the first cancel counts, and none that comes after the end.
    if (this.#past.cancelledAtMs === undefined && isRunning) {
      this.#past = { ...this.#past, cancelledAtMs: this.#now() };
    }
    return 'accepted';
  }

  /** The next scripted fault for a method; undefined once they are used up. */
  nextFault(method: 'cancel' | 'get'): FaultStep | undefined {
    return this.#faults?.[method]();
  }
}

function faultsOf({ cancelFaults, getFaults }: OperationScript) {
  if (!cancelFaults && !getFaults) return undefined;
  return { cancel: faultQueue(cancelFaults), get: faultQueue(getFaults) };
}
