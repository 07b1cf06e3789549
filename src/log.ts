import { Failure } from './core/failure.ts';

/**
 * The function's log: one JSON object a line, as Cloud Logging reads it (https://cloud.google.com/logging/docs/structured-logging), with a
 * closed vocabulary of events. Nothing secret goes in: no tokens, no request's labels.
 */
export type LogEvent =
  | 'function.started'
  | 'request.accepted'
  | 'request.rejected'
  | 'request.fanned-out'
  | 'cancel.retrying'
  | 'cancel.answered'
  | 'look.answered'
  | 'recheck.scheduled'
  | 'recheck.not-due'
  | 'result.published'
  | 'dead-letter.answered'
  | 'message.ignored'
  | 'message.failed';

export type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export interface LogFields {
  readonly requestId?: string | undefined;
  /** Full resource name. */
  readonly operation?: string | undefined;
  readonly messageId?: string | undefined;
  readonly [field: string]: unknown;
}

export type Log = (severity: Severity, event: LogEvent, message: string, fields?: LogFields) => void;

/** One line of the log. `requestId` and `operation` become labels, by which Cloud Logging finds all of a request. */
export function logLine(
  severity: Severity,
  event: LogEvent,
  message: string,
  fields: LogFields = {},
): string {
  const { requestId, operation, ...others } = fields;
  return JSON.stringify({
    severity,
    message,
    event,
    'logging.googleapis.com/labels': { requestId, operation },
    ...others,
  });
}

/** A log that hands each line on. */
export const createLog =
  (write: (line: string) => void): Log =>
  (...entry) => {
    write(logLine(...entry));
  };

/**
 * Gives what a handler throws its line in the log. The framework writes the stack of what was thrown to the log and answers 500, so
 * the line takes the stack's place: each failure is logged once, and one that only means "later" not as an error.
 */
export function logFailures<Event>(handle: (event: Event) => Promise<void>): (event: Event) => Promise<void> {
  return async (event) => {
    try {
      await handle(event);
    } catch (thrown) {
      const notDue = thrown instanceof Failure && thrown.code === 'NotDue';
      const failure = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
      // Only a failure nobody foresaw needs its place in the code.
      const stack = thrown instanceof Failure ? undefined : failure.stack;
      failure.stack = notDue
        ? logLine('DEBUG', 'recheck.not-due', failure.message)
        : logLine('ERROR', 'message.failed', failure.message, { stack });
      throw failure;
    }
  };
}
