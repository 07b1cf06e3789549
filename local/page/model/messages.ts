/** A message that the page publishes, and that a person could publish with gcloud. */
export interface PublishedMessage {
  readonly topic: 'requests' | 'triggers';
  readonly message: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The fields of the form for a request, as they were typed. */
export interface RequestFields {
  readonly reference: string;
  readonly service: string;
  readonly reason: string;
  readonly requestId: string;
  readonly confirmWithin: string;
  readonly dryRun: boolean;
  /** Whether the reference is that of a job. */
  readonly isJob: boolean;
}

const URL_LIKE = /https:\/\/\S+|\/\/[a-z0-9.-]+\.googleapis\.com\/\S+/;

/** The request of a form. What is pasted may be a whole line of a log or a terminal with a URL in it. */
export function requestMessage(fields: RequestFields): PublishedMessage {
  const pasted = fields.reference.trim();
  const operation = URL_LIKE.exec(pasted)?.[0].replace(/["'`.,;)\]}>]+$/, '') ?? pasted;
  const given = Object.entries({
    service: operation.includes('//') ? '' : fields.service.trim(),
    requestId: fields.requestId.trim(),
    reason: fields.reason.trim(),
    confirmWithin: seconds(fields.confirmWithin.trim()),
  }).filter(([, value]) => value !== '');
  const reference = { [fields.isJob ? 'job' : 'operation']: operation };
  const message = { ...reference, ...Object.fromEntries(given), ...(fields.dryRun && { dryRun: true }) };
  return { topic: 'requests', message };
}

/** A number alone is in seconds. */
const seconds = (text: string) => (/^\d+(?:\.\d+)?$/.test(text) ? `${text}s` : text);

/** The message that starts a sweep, as Cloud Scheduler sends it. */
export const sweepMessage = (sweep: string, dryRun: boolean): PublishedMessage => ({
  topic: 'triggers',
  message: { sweep, ...(dryRun && { dryRun: true }) },
});

/** The message that approves a dry run; a field that is empty is left out. */
export function approvalMessage(
  runId: string,
  fields: { readonly requestedBy: string; readonly reason: string },
): PublishedMessage {
  const given = Object.entries(fields)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== '');
  return { topic: 'triggers', message: { approve: runId, ...Object.fromEntries(given) } };
}

/** The notification of a budget, as Cloud Billing writes it (docs/budgets.md). */
export function alertMessage(
  budget: { readonly budgetId?: string; readonly budgetDisplayName?: string },
  percent: number,
  nowMs: number,
): PublishedMessage {
  const fraction = Math.round(percent * 100) / 10_000;
  const message = {
    budgetDisplayName: budget.budgetDisplayName ?? 'budget',
    // A notification below the first threshold carries none.
    ...(fraction > 0 && { alertThresholdExceeded: fraction }),
    costAmount: Math.round(fraction * 100_000) / 100,
    costIntervalStart: `${new Date(nowMs).toISOString().slice(0, 7)}-01T00:00:00Z`,
    budgetAmount: 1_000,
    budgetAmountType: 'SPECIFIED_AMOUNT',
    currencyCode: 'USD',
  };
  const attributes = {
    billingAccountId: '01D4EE-079462-DFD6EC',
    budgetId: budget.budgetId ?? 'de72f49d-779b-4945-a127-4d6ce8def0bb',
    schemaVersion: '1.0',
  };
  return { topic: 'triggers', message, attributes };
}

/** The line that publishes the same message, in a shell where the variables of `npm start` are set. */
export function gcloudLine(
  { message, attributes = {}, topic }: PublishedMessage,
  topics: Readonly<Record<PublishedMessage['topic'], string>>,
): string {
  const pairs = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  const words = [
    `gcloud pubsub topics publish ${topics[topic]}`,
    ...(pairs.length > 0 ? [`--attribute=${quoted(pairs.join(','))}`] : []),
    `--message=${quoted(JSON.stringify(message))}`,
  ];
  return words.join(' ');
}

/** A word for a POSIX shell. */
export const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
