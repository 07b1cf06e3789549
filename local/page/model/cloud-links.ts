/** Links to the console of Google Cloud. What they carry is text of others, so each part of it is encoded. */
const CONSOLE = 'https://console.cloud.google.com';

/** A search of Cloud Logging begins this long before the first message, because clocks differ. */
const EARLIER_MS = 60_000;

/**
 * The lines of the log that a comparison selects (https://cloud.google.com/logging/docs/view/logging-query-language), from
 * shortly before a time on: without one, the page of the log shows the last hour.
 */
function logsUrl(project: string, comparison: string, sinceMs: number): string {
  const since = new Date(sinceMs - EARLIER_MS).toISOString();
  const query = ['resource.type="cloud_run_revision"', comparison, `timestamp>="${since}"`].join('\n');
  return `${CONSOLE}/logs/query;query=${encoded(query)}?project=${encoded(project)}`;
}

/** The log of a request: `requestId` is a label of its lines (docs/operations.md). */
export const logsOfRequest = (project: string, requestId: string, sinceMs: number) =>
  logsUrl(project, `labels.requestId=${literal(requestId)}`, sinceMs);

/** The log of a run: `runId` is a field of its lines. */
export const logsOfRun = (project: string, runId: string, sinceMs: number) =>
  logsUrl(project, `jsonPayload.runId=${literal(runId)}`, sinceMs);

/** The log of a message that was dead-lettered: the failures of its deliveries, and those of its request. */
export const logsOfMessage = (
  project: string,
  { messageId, requestId }: { readonly messageId: string; readonly requestId: string | undefined },
  sinceMs: number,
) => {
  const ofMessage = `jsonPayload.messageId=${literal(messageId)}`;
  // OR binds closer than AND, which the lines of a query are joined by.
  const comparison =
    requestId === undefined ? ofMessage : `${ofMessage} OR labels.requestId=${literal(requestId)}`;
  return logsUrl(project, comparison, sinceMs);
};

export const traceUrl = (project: string, traceId: string) =>
  `${CONSOLE}/traces/explorer;traceId=${encoded(traceId)}?project=${encoded(project)}`;

/** A string of the query language, in which these two characters are escaped. */
const literal = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** A part of a URL: also the characters are encoded that `encodeURIComponent` leaves, which mean something to the console. */
const encoded = (text: string) =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
