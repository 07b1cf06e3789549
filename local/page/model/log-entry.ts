/** One line of the function's log, as `src/telemetry/log.ts` writes it. */
export interface LogEntry {
  readonly severity: string;
  readonly event: string;
  readonly message: string;
  readonly requestId?: string;
  /** Full resource name. */
  readonly operation?: string;
  /** The other fields of the line. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const LABELS = 'logging.googleapis.com/labels';

/** Reads a line; undefined where it is no JSON with an event, such as what the framework prints. */
export function readLogEntry(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { severity, event, message, [LABELS]: labels, ...fields } = parsed as Record<string, unknown>;
  if (typeof event !== 'string') return undefined;
  const { requestId, operation } = (labels ?? {}) as Record<string, unknown>;
  return {
    severity: textOf(severity),
    event,
    message: textOf(message),
    ...(typeof requestId === 'string' && { requestId }),
    ...(typeof operation === 'string' && { operation }),
    fields,
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
