/** How a request can end. See "Outcomes" in docs/messages.md for when each is published. */
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
