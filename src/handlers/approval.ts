import { dataOf } from '../messages/cloud-event.ts';
import type { Delivery } from '../ports.ts';
import { parseApprovalProgress } from '../sweeps/approval.ts';
import { endDeadApproval, performApproval } from '../sweeps/perform-approval.ts';
import type { App } from './app-context.ts';
import { orReject } from './reject.ts';

/** Continues the approval that a message carries. */
export const handleApproval = (delivery: Delivery, app: App): Promise<void> =>
  orReject(delivery, app, () => performApproval(readProgress(delivery), app.settings.sweeps, delivery, app));

/**
 * Ends the approval whose message Pub/Sub stopped delivering.
 *
 * @throws Failure `TypeError` or `ValueError` for a message that carries no approval
 */
export const endDeadApprovalOf = (problem: string, delivery: Delivery, app: App): Promise<void> =>
  endDeadApproval(readProgress(delivery), problem, delivery, app);

const readProgress = ({ message, context }: Delivery) =>
  parseApprovalProgress(dataOf(message), context.trace);
