import { serviceOf } from './address.ts';
import type { JobScript } from './jobs/job-script.ts';
import type { StoredJob } from './jobs/stored-job.ts';
import type { OperationScript } from './operation-script.ts';
import type { StoredOperation } from './stored-operation.ts';

/** An operation or a job as the control surface and the page show it. */
export interface ShownResource {
  readonly url: string;
  readonly service: string;
  /** `operations`, or the kind of a job, as `customJobs`. */
  readonly kind: string;
  readonly state: string;
  /** The service's own word for the state of a job. */
  readonly word?: string;
  /** Since when, as RFC 3339 writes it. */
  readonly since: string;
  readonly script: OperationScript | JobScript;
}

export const shownOperations = (operations: Iterable<StoredOperation>): ShownResource[] =>
  Array.from(operations, (operation) => {
    const { state, sinceMs } = operation.present();
    const { url, script } = operation;
    const service = serviceOf(new URL(url).host);
    return { url, service, kind: 'operations', state, since: new Date(sinceMs).toISOString(), script };
  });

export const shownJobs = (jobs: Iterable<StoredJob>): ShownResource[] =>
  Array.from(jobs, (job) => {
    const { phase, word, sinceMs } = job.present();
    const { url, kind } = job.address;
    return {
      url,
      service: kind.service,
      kind: kind.kind,
      state: job.isGone ? 'gone' : phase,
      word,
      since: new Date(sinceMs).toISOString(),
      script: job.script,
    };
  });
