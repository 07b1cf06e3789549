import { jsonAnswer, type Answer } from './answer.ts';
import { ControlInputError } from './control-fields.ts';
import {
  readImport,
  readJobInput,
  readListInput,
  readOperationInput,
  readQuotaInput,
} from './control-input.ts';
import type { ControlImport } from './control-input.ts';
import type { JobScript } from './jobs/job-script.ts';
import type { JobStore } from './jobs/job-store.ts';
import type { ServiceRequest } from './operation-methods.ts';
import type { ListScript, OperationScript } from './operation-script.ts';
import type { OperationStore } from './operation-store.ts';
import type { QuotaScript } from './quota.ts';
import type { Quotas } from './quotas.ts';
import type { RequestLog } from './request-log.ts';
import type { ScriptedList } from './scripted-list.ts';
import { shownJobs, shownOperations } from './shown-resource.ts';

/** Stands where a host would. No service of Google's has an underscore in its name. */
export const CONTROL_HOST = '_control';

/** Maximum number of entries in an answer. */
const MAX_SHOWN = 10_000;
const DEFAULT_SHOWN = 1_000;

/** The parts of the services that the control surface reads and changes. */
interface Controlled {
  readonly add: (url: string, script: OperationScript) => void;
  readonly addJob: (url: string, script: JobScript) => void;
  readonly addList: (url: string, script: ListScript) => void;
  readonly addQuota: (host: string, script: QuotaScript) => void;
  readonly import: (input: ControlImport) => void;
  readonly reset: () => void;
  readonly operations: OperationStore;
  readonly lists: ReadonlyMap<string, ScriptedList>;
  readonly jobs: JobStore;
  readonly quotas: Quotas;
  readonly log: RequestLog;
}

/**
 * For a person with curl, and for other processes:
 *
 *     curl -X PUT localhost:PORT/_control/operations -d '{"url": "https://…", "onCancel": "cancelled", "afterMs": 3000}'
 *     curl -X PUT localhost:PORT/_control/lists -d '{"url": "https://…/operations", "unreachable": ["us-east1"]}'
 *     curl -X PUT localhost:PORT/_control/quotas -d '{"host": "notebooks.googleapis.com", "calls": "cancels", "perSecond": 50}'
 *     curl -X PUT localhost:PORT/_control/jobs -d '{"url": "https://…/customJobs/j", "onCancel": "cancelled", "afterMs": 3000}'
 *     curl localhost:PORT/_control/operations
 *     curl localhost:PORT/_control/jobs
 *     curl localhost:PORT/_control/quotas
 *     curl 'localhost:PORT/_control/requests?method=POST&url=https://…:cancel&last=10'
 *
 *     curl localhost:PORT/_control > everything.json
 *     curl -X POST localhost:PORT/_control -d @everything.json
 *     curl -X DELETE localhost:PORT/_control
 *
 * The last three list everything in the form that the second takes, add it, and forget everything, requests included.
 *
 * A quota also takes `"windowMs": 60000` and `"retryAfter": false`; it is shown with what it let through and
 * refused.
 */
export function answerControl(request: ServiceRequest, controlled: Controlled): Answer {
  try {
    switch (`${request.method} ${request.path}`) {
      case 'GET ':
        return jsonAnswer(200, everything(controlled));
      case 'POST ': {
        const input = readImport(request.body.toString());
        controlled.import(input);
        const count = Object.entries(input).map(([field, entries]) => [field, (entries as unknown[]).length]);
        return jsonAnswer(200, Object.fromEntries(count));
      }
      case 'DELETE ':
        controlled.reset();
        return jsonAnswer(200, {});
      case 'PUT /operations': {
        const { url, script } = readOperationInput(request.body.toString());
        controlled.add(url, script);
        return jsonAnswer(200, { url });
      }
      case 'PUT /jobs': {
        const { url, script } = readJobInput(request.body.toString());
        controlled.addJob(url, script);
        return jsonAnswer(200, { url });
      }
      case 'PUT /lists': {
        const { url, script } = readListInput(request.body.toString());
        controlled.addList(url, script);
        return jsonAnswer(200, { url });
      }
      case 'PUT /quotas': {
        const { host, script } = readQuotaInput(request.body.toString());
        controlled.addQuota(host, script);
        return jsonAnswer(200, { host });
      }
      case 'GET /operations':
        return jsonAnswer(200, {
          operations: shownOperations([...controlled.operations.all()].slice(-lastOf(request))),
        });
      case 'GET /jobs':
        return jsonAnswer(200, { jobs: shownJobs(controlled.jobs.all().slice(-lastOf(request))) });
      case 'GET /quotas':
        return jsonAnswer(200, { quotas: controlled.quotas.uses().slice(-lastOf(request)) });
      case 'GET /requests':
        return jsonAnswer(200, { requests: shownRequests(controlled.log, request) });
      default:
        return refused(
          404,
          'There are GET, POST and DELETE /_control, PUT and GET /_control/operations, /_control/jobs and /_control/quotas, PUT /_control/lists, GET /_control/requests.',
        );
    }
  } catch (error) {
    if (error instanceof ControlInputError) return refused(400, error.message);
    // `add`, `addJob`, `addList` and `addQuota` refuse URLs and hosts of other things, and one entry too many.
    const field = request.path === '/quotas' ? 'host' : 'url';
    if (error instanceof TypeError) return refused(400, `${field}: ${error.message}`);
    if (error instanceof RangeError) return refused(507, error.message);
    throw error;
  }
}

/** Everything in the form in which it can be imported. The past of operations and jobs is not in it. */
function everything({ operations, jobs, lists, quotas }: Controlled): ControlImport {
  return {
    operations: Array.from(operations.all(), ({ url, script }) => ({ url, ...script })),
    jobs: jobs.all().map(({ address, script }) => ({ url: address.url, ...script })),
    lists: Array.from(lists, ([url, { script }]) => ({ url, ...script })),
    quotas: quotas.scripts(),
  };
}

function shownRequests(log: RequestLog, request: ServiceRequest) {
  const url = request.query.get('url');
  const method = request.query.get('method');
  const filter = { ...(url !== null && { url }), ...(method !== null && { method }) };
  return log.list(filter).slice(-lastOf(request));
}

function lastOf({ query }: ServiceRequest): number {
  const text = query.get('last');
  if (text === null) return DEFAULT_SHOWN;
  const last = Number(text);
  if (!Number.isInteger(last) || last < 1 || last > MAX_SHOWN) {
    throw new ControlInputError('last', `must be a whole number from 1 to ${MAX_SHOWN}`);
  }
  return last;
}

function refused(status: number, message: string): Answer {
  return jsonAnswer(status, { error: message });
}
