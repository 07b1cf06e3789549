import type { Address } from '../address.ts';
import type { OperationScript } from '../operation-script.ts';
import type { Quotas } from '../quotas.ts';
import type { ScriptedList } from '../scripted-list.ts';
import type { JobStore } from './job-store.ts';

/** The jobs, lists, quotas and clock that the methods use. */
export interface JobBackend {
  readonly jobs: JobStore;
  /** By URL. */
  readonly lists: ReadonlyMap<string, ScriptedList>;
  readonly quotas: Quotas;
  readonly now: () => number;
  /** Adds an operation that an answer names. */
  readonly addOperation: (address: Address, script: OperationScript) => void;
}
