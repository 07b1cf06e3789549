import { addressOf } from '../address.ts';
import { jsonAnswer, type WholeAnswer } from '../answer.ts';
import type { FaultContext } from '../fault.ts';
import { throughFaults, type Reply, type ServiceRequest } from '../operation-methods.ts';
import { unknownParameters } from '../query-parameters.ts';
import { batchOperation } from './batch-operation.ts';
import { bodyOf } from './cancel-body.ts';
import { statusError } from './errors.ts';
import type { JobBackend } from './job-backend.ts';
import type { CancelForm, JobFacts, JobKind, Refusal } from './job-kind.ts';
import { isEnd } from './job-life.ts';
import { answerList } from './job-list.ts';
import { jobAddress, routed, type RoutedCall } from './job-routes.ts';
import { answerParents } from './parent-lists.ts';
import type { StoredJob } from './stored-job.ts';

/** Answers for every kind of jobs; undefined where the request is for something else. */
export function answerJobs(request: ServiceRequest, backend: JobBackend): Reply | undefined {
  const call = routed(request);
  if (!call) return answerParents(request, backend) ?? batchOperation(request, backend);
  const { kind, is, at } = call;
  const tooMany = backend.quotas.refusal(request.host, is === 'cancel' ? 'cancels' : 'reads');
  if (tooMany) return { answer: tooMany };
  const host = kind.host(request.host, at);
  if (typeof host === 'object') return { answer: refused(kind, host) };
  if (is === 'list') return answerList(request, call, backend);
  const form = is === 'cancel' ? kind.cancel : undefined;
  const refusal = unknownParameters(request.query, (form ? form.parameters : kind.getParameters) ?? []);
  if (refusal) return { answer: refusal };
  const body = form ? bodyOf(request.body, form) : {};
  if (isRefusal(body)) return { answer: refused(kind, body) };
  const job = backend.jobs.find(jobAddress(kind, request.host, at).key);
  if (!job || !isInLocation(job, kind, request.query)) return { answer: notFound(call, request.host) };
  return form ? cancel(job, { call, form, body, request, backend }) : get(job, { call, request, backend });
}

interface Asked {
  readonly call: RoutedCall;
  readonly request: ServiceRequest;
  readonly backend: JobBackend;
}

function get(job: StoredJob, { call, request, backend }: Asked): Reply {
  return throughFaults(job.nextFault('get'), {
    ...contextOf(job, call, backend),
    method: 'get',
    ordinary: () => {
      if (job.isGone) return notFound(call, request.host);
      const resource = job.resource(call.kind);
      return jsonAnswer(200, call.kind.getView?.(resource, request.query) ?? resource);
    },
  });
}

function cancel(
  job: StoredJob,
  { call, form, body, request, backend }: Asked & { readonly form: CancelForm; readonly body: object },
): Reply {
  const { kind } = call;
  const ordinary = (): WholeAnswer => {
    if (job.isGone) return notFound(call, request.host);
    const facts = job.facts();
    const asked = {
      facts,
      query: request.query,
      body: body as Readonly<Record<string, unknown>>,
      nowMs: backend.now(),
      cancelledAtMs: job.cancelledAtMs,
    };
    const refusal = form.check?.(asked) ?? refusalOf(job, form, facts);
    if (refusal) return refused(kind, refusal);
    if (!form.isDryRun?.(asked)) job.cancel();
    const answer = form.answer(job.resource(kind), job.facts());
    const operation = form.operation?.(facts);
    if (operation === undefined) return jsonAnswer(200, answer);
    const address = addressOf(`${request.host}/${kind.versions[0]}/${operation}`);
    // It ends when the cancel was taken, and well, whatever becomes of the job.
    if (address) backend.addOperation(address, { state: 'succeeded' });
    return jsonAnswer(200, { name: operation, ...answer });
  };
  return throughFaults(job.nextFault('cancel'), {
    ...contextOf(job, call, backend),
    method: 'cancel',
    ordinary,
  });
}

/** The refusal by the job's state: it has ended, or cannot be cancelled yet. */
function refusalOf(job: StoredJob, form: CancelForm, facts: JobFacts): Refusal | undefined {
  if (!isEnd(facts.phase)) return form.tooEarly?.(facts);
  const { whenFinished } = job.script;
  if (whenFinished === 'accepted') return undefined;
  const message = `${facts.name} is in state ${facts.word} and cannot be cancelled.`;
  const usual: Refusal | undefined =
    whenFinished === 'refused' ? { status: 'FAILED_PRECONDITION', message } : undefined;
  return form.finished?.(facts) ?? usual;
}

function contextOf(job: StoredJob, { kind, is }: RoutedCall, { now }: JobBackend) {
  const { host, name } = job.address;
  return {
    host,
    name,
    permission: kind.permissions[is],
    nowMs: now(),
    resource: () => job.resource(kind),
  } satisfies Partial<FaultContext>;
}

/** BigQuery knows a job outside of its multi-regions only together with its location. */
function isInLocation(job: StoredJob, { service }: JobKind, query: URLSearchParams): boolean {
  if (service !== 'bigquery') return true;
  const { location } = job.facts();
  const asked = query.get('location');
  if (asked === null) return location === 'US' || location === 'EU';
  return asked.toLowerCase() === location.toLowerCase();
}

function notFound({ kind, at }: RoutedCall, host: string): WholeAnswer {
  const { name } = jobAddress(kind, host, at);
  const message = kind.notFound?.(name, at) ?? `Resource '${name}' was not found`;
  return refused(kind, { status: 'NOT_FOUND', message });
}

function refused({ error = statusError }: JobKind, refusal: Refusal): WholeAnswer {
  return error(refusal);
}

function isRefusal(body: object): body is Refusal {
  return 'status' in body && 'message' in body;
}
