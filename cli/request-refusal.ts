import type { Failure, FieldPath } from '../src/validation/failure.ts';

/** The options that give the fields of a request. */
const OPTIONS: Readonly<Record<string, FieldPath>> = {
  service: ['--service'],
  version: ['--version'],
  region: ['--region'],
  reason: ['--reason'],
  requestedBy: ['--requested-by'],
  requestId: ['--request-id'],
  labels: ['--label'],
};

/** Why a request is refused, in the words of the command: its options in place of the fields of a message. */
export function requestRefusal(failure: Failure): string {
  const { misplacement } = failure;
  if (misplacement === undefined) return failure.inFieldsOf(OPTIONS).message;
  return `${misplacement.finding}: ${misplacement.field === 'job' ? 'add' : 'leave out'} --job`;
}
