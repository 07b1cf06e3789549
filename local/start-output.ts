import type { ResultData } from '../src/cancellation/result.ts';
import type { SweepReport } from '../src/sweeps/report.ts';
import { environmentOf, exportLine } from './local-environment.ts';
import { alertMessage, gcloudLine } from './page/model/messages.ts';
import { duration, timeOfDay } from './page/model/words.ts';
import type { RunningLocal } from './run-local.ts';

const EXAMPLE = 'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/o1';

const idOf = (topic: string) => topic.split('/').at(-1) ?? '';
const topicIds = ({ system: { topology } }: RunningLocal) => ({
  requests: idOf(topology.topics.requests),
  triggers: idOf(topology.topics.triggers),
});

/** The first lines that a person sees: the address of the page, and how to publish from a shell. */
export function welcome(local: RunningLocal): string {
  const request = { topic: 'requests', message: { operation: EXAMPLE, reason: 'a first try' } } as const;
  return `Page: ${local.page.url}

${exportLine(environmentOf(local.system))}

With these variables in another shell:
  ${gcloudLine(request, topicIds(local))}
  gcloud pubsub subscriptions pull lro-cancel-results-pull --auto-ack --limit=5 \\
    --format='value(message.data.decode(base64))'

Results appear here and on the page. Ctrl-C stops. \`npm start -- --help\` lists options.
`;
}

/** Addresses, and lines for those without gcloud. */
export function verboseLines(local: RunningLocal): string {
  const { restUrl, services, fn, topology } = local.system;
  const { requests, triggers } = topology.topics;
  const curl = (topic: string, message: unknown) =>
    `curl -s ${restUrl}/v1/${topic}:publish -H 'content-type: application/json' ` +
    `-d "{\\"messages\\":[{\\"data\\":\\"$(printf '%s' '${JSON.stringify(message)}' | base64 | tr -d '\\n')\\"}]}"`;
  const mine = EXAMPLE.replace(/o1$/, 'mine');
  const add = JSON.stringify({ url: mine, onCancel: 'cancelled', afterMs: 3_000 });
  return `Pub/Sub ${restUrl}, simulated services ${services.url}, function ${fn.url}

Publish a request, and start a sweep, with curl:
${curl(requests, { operation: EXAMPLE, reason: 'with curl' })}
${curl(triggers, { sweep: 'nightly' })}

Add an operation of your own, which ends 3 s after its cancel, and cancel it:
curl -s -X PUT ${services.url}/_control/operations -H 'content-type: application/json' -d '${add}'
${curl(requests, { operation: mine })}

Send a budget alert with gcloud:
${gcloudLine(alertMessage({ budgetDisplayName: 'training' }, 100, Date.now()), topicIds(local))}
`;
}

const OUTCOME_WIDTH = 'UNSUPPORTED'.length;

/** A result on a line of at most `width` characters. */
export function resultLine(result: ResultData, width: number): string {
  const { outcome, requestId, requestedAt, finishedAt } = result;
  const about = result.operation ?? result.job;
  const took = duration(Date.parse(finishedAt) - Date.parse(requestedAt));
  const named = (about?.name ?? about?.reference ?? '').split('/').at(-1) ?? '';
  const start = `${timeOfDay(Date.parse(finishedAt))}  ${outcome.padEnd(OUTCOME_WIDTH)}  ${took.padStart(8)}  `;
  const names = [about?.service, named, named === requestId ? undefined : `(${requestId})`];
  return cut(start + names.filter(Boolean).join(' '), width);
}

/** A report on a line of at most `width` characters. */
export function reportLine({ sweep, detail, finishedAt }: SweepReport, width: number): string {
  return cut(`${timeOfDay(Date.parse(finishedAt))}  ${sweep}: ${detail}`, width);
}

const cut = (line: string, width: number) => (line.length > width ? `${line.slice(0, width - 1)}…` : line);
