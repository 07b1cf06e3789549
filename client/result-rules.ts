import type { Result } from './received-event.ts';

/** Outcomes that a GET showed: no later result of the same id replaces them. */
const ENDS: ReadonlySet<string> = new Set([
  'CANCELLED',
  'SUCCEEDED',
  'FAILED',
  'NOT_FOUND',
] satisfies Result['outcome'][]);

/** Whether a result tells the end of the operation or job. */
const isEnd = ({ outcome }: Result): boolean => ENDS.has(outcome);

/**
 * Whether a result is news after another one of the same id: the first is, and then the first end
 * (docs/messages.md, "One result id").
 */
export const isNews = (result: Result, before: Result | undefined): boolean =>
  before === undefined || (isEnd(result) && !isEnd(before));

/**
 * Whether a result answers one sending of a request. An end answers all of them. Anything else, such as `UNCONFIRMED`, can
 * be that of an earlier sending whose time was up before: it answers the sending whose message it names. A dead letter
 * comes under another message id.
 */
export const answers = (result: Result, messageId: string): boolean =>
  isEnd(result) || result.messageId === messageId || result.error?.type === 'DeadLetter';
