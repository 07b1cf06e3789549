/**
 * Every Google API on this machine: one HTTP server, with the API's host as the first segment of the path.
 *
 * GOOGLE_API_ENDPOINT=http://127.0.0.1:PORT/{host} makes of
 * https://notebooks.googleapis.com/v2/projects/…:cancel POST
 * http://127.0.0.1:PORT/notebooks.googleapis.com/v2/projects/…:cancel. Operations are added with a script
 * that says how they end and what goes wrong on the way; see operation-script.ts and fault.ts. A host
 * takes whatever comes until it gets a quota; see quota.ts.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isServiceHost, parseAddress, type Address } from './address.ts';
import type { ControlImport } from './control-input.ts';
import { scriptedJobList } from './jobs/job-list-script.ts';
import { answerJobs } from './jobs/job-methods.ts';
import { jobAt, jobListAt } from './jobs/job-routes.ts';
import type { JobScript, SharedScript } from './jobs/job-script.ts';
import { createJobStore } from './jobs/job-store.ts';
import { answerControl, CONTROL_HOST } from './control-surface.ts';
import { shownJobs, shownOperations } from './shown-resource.ts';
import type { ShownResource } from './shown-resource.ts';
import { answerService, type Reply, type ServiceRequest } from './operation-methods.ts';
import type { ListScript, OperationScript } from './operation-script.ts';
import { createOperationStore } from './operation-store.ts';
import type { QuotaScript } from './quota.ts';
import { createQuotas, type QuotaUse } from './quotas.ts';
import { createRequestHandler } from './request-handler.ts';
import { createRequestLog, type RecordedRequest, type RequestFilter } from './request-log.ts';
import { scriptedList, type ScriptedList } from './scripted-list.ts';

export { jsonAnswer } from './answer.ts';
export type { FaultStep } from './fault.ts';
export type { JobScript } from './jobs/job-script.ts';
export type { Reply, ServiceRequest } from './operation-methods.ts';
export type { CancelEffect, OperationScript } from './operation-script.ts';
export type { QuotaScript } from './quota.ts';
export type { RecordedRequest } from './request-log.ts';

/** Answers for one host in place of the operations API, such as Cloud Tasks' simulation. */
export type HostHandler = (request: ServiceRequest) => Reply | Promise<Reply>;

/** Settings of the server; every field has a default. */
export interface GoogleServicesOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Number of requests that are remembered. Default 100,000. */
  readonly requestLimit?: number;
  /** Maximum number of operations, and of jobs, parents and quotas each. Default 200,000. */
  readonly operationLimit?: number;
  /** Hosts with an API of their own, `cloudtasks.googleapis.com` for one. */
  readonly hosts?: Readonly<Record<string, HostHandler>>;
  /** Is told of each request to an API once its answer is known. */
  readonly onAnswer?: (request: RecordedRequest) => void;
}

/** The running server. */
export interface GoogleServices {
  /** For GOOGLE_API_ENDPOINT: `http://127.0.0.1:PORT/{host}`. */
  readonly endpoint: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /**
   * Adds an operation, or replaces it, past and all. `url` is its real one,
   * https://notebooks.googleapis.com/v2/projects/…; a TypeError where it is not that of an operation, a
   * RangeError when there are too many.
   */
  add(url: string, script?: OperationScript): void;
  /**
   * Has an operation or a job follow another script from now on; its past stays. A TypeError where the services do not
   * know it.
   */
  change(url: string, script: SharedScript): void;
  /** Every operation and job as it is now, in the order in which they were added. */
  resources(): ShownResource[];
  /**
   * Adds a job, or replaces it, past and all. `url` is its real one,
   * https://us-central1-aiplatform.googleapis.com/v1/projects/…/customJobs/j; a TypeError where no job of the
   * kinds that are simulated is there, or where its service has no such state.
   */
  addJob(url: string, script?: JobScript): void;
  /**
   * Scripts the list method of a parent, of operations or of jobs. `url` is the list's real one,
   * https://notebooks.googleapis.com/v2/…/operations; a TypeError where it is not, or where that service's list
   * could not do what the script says.
   */
  addList(url: string, script: ListScript): void;
  /**
   * Gives a host, as `notebooks.googleapis.com`, a quota; replaces the one it has for the same calls. A TypeError
   * where no operations are at that host.
   */
  addQuota(host: string, script: QuotaScript): void;
  /** The quotas, and how many calls each has let through and refused. */
  quotas(): QuotaUse[];
  /** Adds many; a TypeError or a RangeError as of `add`, and then those before it are added. */
  import(input: ControlImport): void;
  /** Forgets operations, lists, quotas and requests. */
  reset(): void;
  /** Every request seen but those to the control surface, oldest first. */
  requests(filter?: RequestFilter): RecordedRequest[];
  /** Drops every connection, answered or not. */
  close(): Promise<void>;
}

/** Starts the simulated services on 127.0.0.1. */
export async function startGoogleServices(options: GoogleServicesOptions = {}): Promise<GoogleServices> {
  const { port = 0, now = Date.now, requestLimit = 100_000, operationLimit = 200_000, hosts = {} } = options;
  const { onAnswer = () => undefined } = options;
  const operations = createOperationStore({ now, limit: operationLimit });
  const jobs = createJobStore({ now, limit: operationLimit });
  const lists = new Map<string, ScriptedList>();
  const quotas = createQuotas({ now, limit: operationLimit });
  const log = createRequestLog(requestLimit);
  const hostHandlers = new Map(Object.entries(hosts));

  const add = (url: string, script: OperationScript = {}) => {
    const address = addressAt(url);
    if (address?.operationId === undefined) throw new TypeError(`Not the URL of an operation: ${url}`);
    operations.add(address, script);
  };
  const change = (url: string, script: SharedScript) => {
    const job = jobAt(url);
    const address = addressAt(url);
    const resource = job ? jobs.find(job.key) : address && operations.find(address);
    if (!resource) throw new TypeError(`The simulated services do not know ${url}`);
    resource.change(script);
  };
  const addJob = (url: string, script: JobScript = {}) => {
    const address = jobAt(url);
    if (!address) throw new TypeError(`Not the URL of a job: ${url}`);
    jobs.add(address, script);
  };
  const keepList = (key: string, list: ScriptedList) => {
    if (lists.size >= operationLimit && !lists.has(key)) {
      throw new RangeError(`There are ${operationLimit} scripted lists already, the most that are kept.`);
    }
    lists.set(key, list);
  };
  const addList = (url: string, script: ListScript) => {
    const jobList = jobListAt(url);
    if (jobList) {
      keepList(url, scriptedJobList(url, jobList, script));
      return;
    }
    const address = addressAt(url);
    if (!address || address.operationId !== undefined) {
      throw new TypeError(`Not the URL of a list of operations or jobs: ${url}`);
    }
    keepList(address.key, scriptedList(address, script));
  };

  const addQuota = (host: string, script: QuotaScript) => {
    if (!isServiceHost(host) || hostHandlers.has(host)) {
      throw new TypeError(`Not the host of operations: ${host}`);
    }
    quotas.add(host, script);
  };

  const importAll = (input: ControlImport) => {
    for (const { url, ...script } of input.operations ?? []) add(url, script);
    for (const { url, ...script } of input.jobs ?? []) addJob(url, script);
    for (const { url, ...script } of input.lists ?? []) addList(url, script);
    for (const { host, ...script } of input.quotas ?? []) addQuota(host, script);
  };
  const reset = () => {
    for (const store of [operations, jobs, lists, quotas, log]) store.clear();
  };
  const controlled = {
    ...{ add, addJob, addList, addQuota, import: importAll, reset },
    ...{ operations, jobs, lists, quotas, log },
  };

  const addOperation = (address: Address, script: OperationScript) => operations.add(address, script);
  const answer = (request: ServiceRequest): Reply | Promise<Reply> =>
    request.host === CONTROL_HOST
      ? { answer: answerControl(request, controlled) }
      : (hostHandlers.get(request.host)?.(request) ??
        answerJobs(request, { jobs, lists, quotas, now, addOperation }) ??
        answerService(request, { operations, lists, quotas, now }));

  const server = createServer(createRequestHandler({ now, answer, log, onAnswer }));
  // A caller's pool keeps connections; closing one that is about to be used would be an unscripted fault.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    endpoint: `${url}/{host}`,
    url,
    add,
    change,
    resources: () => [...shownOperations(operations.all()), ...shownJobs(jobs.all())],
    addJob,
    addList,
    addQuota,
    quotas: () => quotas.uses(),
    import: importAll,
    reset,
    requests: (filter) => log.list(filter),
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function addressAt(url: string): Address | undefined {
  // An operation added under the URL of its cancel would never be found.
  if (!url.startsWith('https://') || /[?#]|:cancel$/.test(url)) return undefined;
  return parseAddress(url.slice('https://'.length));
}
