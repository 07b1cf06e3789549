import { dataOf } from '../messages/cloud-event.ts';
import type { Delivery } from '../ports.ts';
import { checkEntry } from '../sweeps/run-list.ts';
import type { App } from './app-context.ts';
import { orReject } from './reject.ts';

/** Drops an entry of a run's list, which the event store brings when it is no longer kept. */
export const handleRunListEntry = (delivery: Delivery, app: App): Promise<void> =>
  orReject(delivery, app, () => dropRunListEntry(delivery, app));

/** @throws Failure `TypeError` or `ValueError` for a message that carries no entry */
export function dropRunListEntry({ message, context }: Delivery, { log }: App): Promise<void> {
  return new Promise((resolve) => {
    checkEntry(dataOf(message));
    const text = 'A part of the list of a dry run is no longer kept';
    log('DEBUG', 'run-list.expired', text, { messageId: message.id, trace: context.trace });
    resolve();
  });
}
