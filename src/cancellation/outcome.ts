import type { ResourceDescription } from '../resources/description.ts';
import type { ErrorReport } from '../resources/response.ts';
import type { ResourceError } from '../resources/resource-state.ts';

/** The ways in which a request can end. See "Outcomes" in docs/messages.md for when each is published. */
export const OUTCOMES = [
  'CANCELLED',
  'SUCCEEDED',
  'FAILED',
  'UNCONFIRMED',
  'UNSUPPORTED',
  'NOT_FOUND',
  'DENIED',
  'REJECTED',
  'ERROR',
  'DRY_RUN',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** The end of a request. */
export interface Verdict {
  readonly outcome: Outcome;
  /** One sentence for a person. */
  readonly detail: string;
  /** For a dry run: the facts by which a person decides, as the service states them. */
  readonly description?: ResourceDescription;
  /** The error with which the operation itself ended. */
  readonly operationError?: ResourceError;
  /** The error with which a service answered, or that kept it from being asked. */
  readonly error?: ErrorReport | undefined;
}
