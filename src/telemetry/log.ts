import { Failure } from '../validation/failure.ts';
import type { Message } from '../messages/message.ts';
import type { TraceContext } from '../messages/trace-context.ts';

/**
 * The function's log: one JSON object a line, as Cloud Logging reads it
 * (https://cloud.google.com/logging/docs/structured-logging), with a closed vocabulary of events. Nothing
 * secret goes in: no tokens, no request's labels.
 */
export const LOG_EVENTS = [
  'settings.refused',
  'request.accepted',
  'request.rejected',
  'request.fanned-out',
  'cancel.retrying',
  'cancel.answered',
  'call.postponed',
  'calls.throttled',
  'get.answered',
  'recheck.scheduled',
  'message.not-due',
  'result.published',
  'dead-letter.answered',
  'message.ignored',
  'message.failed',
  'sweep.started',
  'sweep.page',
  'sweep.retrying',
  'sweep.list-failed',
  'sweep.continued',
  'sweep.finished',
  'approval.accepted',
  'approval.continued',
  'approval.finished',
  'run-list.expired',
  'budget.crossed',
  'budget.swept-before',
  'budget.not-crossed',
  'budget.lacks-threshold',
  'budget.unnamed',
  'idempotency.unknown',
  'trigger.unknown',
] as const;

export type LogEvent = (typeof LOG_EVENTS)[number];

export type Severity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL';

interface LogFields {
  readonly requestId?: string | undefined;
  /** Full resource name. */
  readonly operation?: string | undefined;
  readonly messageId?: string | undefined;
  readonly trace?: TraceContext | undefined;
  readonly [field: string]: unknown;
}

export type Log = (severity: Severity, event: LogEvent, message: string, fields?: LogFields) => void;

/**
 * One line of the log. `requestId` and `operation` become labels, by which Cloud Logging finds all of a
 * request; the trace is shown beside it.
 */
function logLine(
  [severity, event, message, fields = {}]: Parameters<Log>,
  project: string | undefined,
): string {
  const { requestId, operation, trace, ...others } = fields;
  const [, traceId, spanId] = trace?.traceparent.split('-') ?? [];
  return JSON.stringify({
    severity,
    message,
    event,
    'logging.googleapis.com/labels': { requestId, operation },
    ...(traceId !== undefined && {
      'logging.googleapis.com/trace':
        project === undefined ? traceId : `projects/${project}/traces/${traceId}`,
      'logging.googleapis.com/spanId': spanId,
    }),
    ...others,
  });
}

/**
 * Makes a log.
 *
 * @param write receives each line, without a line break
 * @param project the project that stores traces: it links a line to its trace
 */
export const createLog =
  (write: (line: string) => void, project?: string): Log =>
  (...entry) => {
    write(logLine(entry, project));
  };

/**
 * Logs the failures of a handler. The framework writes the stack of a thrown error to the log and answers 500, so a line of
 * the log replaces the stack: each failure is logged once, and "not due yet" is not an error.
 */
export function logFailures(
  handle: (message: Message) => Promise<void>,
): (message: Message) => Promise<void> {
  return async (message) => {
    try {
      await handle(message);
    } catch (thrown) {
      const failure = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
      const { id: messageId } = message;
      if (failure instanceof Failure && failure.code === 'NotDue') {
        failure.stack = logLine(['DEBUG', 'message.not-due', failure.message, { messageId }], undefined);
      } else {
        // Only an unexpected error needs its place in the code.
        const stack = failure instanceof Failure ? undefined : failure.stack;
        failure.stack = logLine(
          ['ERROR', 'message.failed', failure.message, { messageId, stack }],
          undefined,
        );
      }
      throw failure;
    }
  };
}

/** Ends the process with a line in the log for each mistake in the settings: the function cannot run without them. */
export function exitOnInvalidSettings<T>(
  log: Log,
  reading:
    | { readonly ok: true; readonly settings: T }
    | { readonly ok: false; readonly mistakes: readonly Failure[] },
): T {
  if (reading.ok) return reading.settings;
  for (const { message } of reading.mistakes) log('CRITICAL', 'settings.refused', message);
  process.exit(1);
}
