import type { Address } from '../address.ts';
import type { DoneState } from '../operation-script.ts';
import type { JsonObject } from '../rpc-status.ts';

/** The facts of an operation that a service can show. Times are absent that are unknown or in the future. */
export interface OperationFacts {
  readonly address: Address;
  /** `projects/p/locations/l`: the name in front of `operations`. */
  readonly parent: string;
  readonly id: string;
  readonly state: 'running' | 'cancelling' | DoneState;
  readonly createTime: string | undefined;
  readonly updateTime: string;
  readonly cancelTime: string | undefined;
  readonly endTime: string | undefined;
  /** `google.rpc.Status` of an operation that has ended so. */
  readonly error: JsonObject | undefined;
}

/** A service that shows `google.longrunning.Operation`. Fields that are undefined do not appear in JSON. */
export interface LongrunningShape {
  readonly is: 'longrunning';
  /**
   * Whether a running operation says `"done": false`. Services on the common control plane do; others leave a
   * false field out, as proto3 JSON does.
   */
  readonly saysNotDone: boolean;
  readonly metadata: (facts: OperationFacts) => JsonObject;
  readonly response: (facts: OperationFacts) => JsonObject;
  /** Fields of the operation itself, added or replaced. */
  readonly besides?: (facts: OperationFacts) => JsonObject;
}

/** A service whose operations are older than that: a resource of its own, with the metadata in it. */
export interface OwnShape {
  readonly is: 'own';
  readonly operation: (facts: OperationFacts) => JsonObject;
}

/** The form in which one service shows its operations. */
export type Shape = LongrunningShape | OwnShape;

/** The `@type` of a message. */
export const typeOf = (message: string) => ({ '@type': `type.googleapis.com/${message}` });

/** The resource that an operation works on, where its parent does not name it. */
export const targetOf = ({ parent, id }: OperationFacts) =>
  parent === '' ? `instances/${id}` : `${parent}/instances/${id}`;

/** The service's names of the states. A service that does not show a cancel keeps its name for running. */
interface StateWords {
  readonly running: string;
  readonly cancelling?: string;
  readonly cancelled: string;
  readonly failed: string;
  readonly succeeded: string;
}

/** The service's word for the state it is in; what ended with neither response nor error counts as done well. */
export function wordFor({ state }: OperationFacts, words: StateWords): string {
  if (state === 'cancelling') return words.cancelling ?? words.running;
  return words[state === 'neither' ? 'succeeded' : state];
}
