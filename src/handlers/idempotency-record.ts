import { dataOf } from '../messages/cloud-event.ts';
import type { Delivery } from '../ports.ts';
import type { App } from './app-context.ts';
import { orReject } from './reject.ts';

/** Keeps a record of the idempotency store alive, by the message that the record scheduled for that. */
export const handleIdempotencyRecord = (delivery: Delivery, app: App): Promise<void> =>
  orReject(delivery, app, () => app.idempotencyStore.renew(dataOf(delivery.message), delivery));
