import { jsonAnswer, statusAnswer, type WholeAnswer } from '../answer.ts';
import { RPC_STATUSES } from '../rpc-status.ts';
import type { Refusal } from './job-kind.ts';

/** An error as `google.rpc.Status` has it. */
export const statusError = ({ status, message }: Refusal): WholeAnswer => statusAnswer(status, message);

const REASONS: Readonly<Record<string, string>> = {
  NOT_FOUND: 'notFound',
  INVALID_ARGUMENT: 'invalid',
  FAILED_PRECONDITION: 'failedPrecondition',
};

/** An error of the older APIs, which have each problem in `errors`. */
export function legacyError({ status, message }: Refusal): WholeAnswer {
  const { httpStatus } = RPC_STATUSES[status];
  const errors = [{ message, domain: 'global', reason: REASONS[status] ?? 'backendError' }];
  return jsonAnswer(httpStatus, { error: { code: httpStatus, message, errors, status } });
}

/** The job has ended, or not begun. */
export const failedPrecondition = (message: string): Refusal => ({ status: 'FAILED_PRECONDITION', message });
