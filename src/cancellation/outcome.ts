/** How a request can end. See "Outcomes" in the README for when each is said. */
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
