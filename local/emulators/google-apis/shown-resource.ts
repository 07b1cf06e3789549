import type { OperationScript } from './operation-script.ts';
import type { StoredOperation } from './stored-operation.ts';

/** An operation as the control surface and the page show it. */
export interface ShownResource {
  readonly url: string;
  readonly state: string;
  /** Since when, as RFC 3339 writes it. */
  readonly since: string;
  readonly script: OperationScript;
}

export const shownResources = (operations: Iterable<StoredOperation>): ShownResource[] =>
  Array.from(operations, (operation) => {
    const { state, sinceMs } = operation.present();
    const since = new Date(sinceMs).toISOString();
    return { url: operation.url, state, since, script: operation.script };
  });
