import { jsonAnswer, statusAnswer } from '../answer.ts';
import { throughFaults, type Reply, type ServiceRequest } from '../operation-methods.ts';
import type { JsonObject } from '../rpc-status.ts';
import type { JobBackend } from './job-backend.ts';
import { isEnd } from './job-life.ts';
import { pathTemplate } from './path-template.ts';
import type { StoredJob } from './stored-job.ts';

const OPERATION = pathTemplate('/v1/projects/{project}/regions/{region}/operations/{id}');
const SERVICE = 'dataproc';

/**
 * The operation of a batch of Dataproc's, which is how one cancels it (google/cloud/dataproc/v1/batches.proto,
 * Batch.operation); undefined for any other.
 */
export function batchOperation(
  request: ServiceRequest,
  { jobs, quotas, now }: JobBackend,
): Reply | undefined {
  const isCancel = request.method === 'POST' && request.path.endsWith(':cancel');
  const path = isCancel ? request.path.slice(0, -':cancel'.length) : request.path;
  if (
    !(isCancel || request.method === 'GET') ||
    !request.host.startsWith(SERVICE) ||
    !OPERATION.match(path)
  ) {
    return undefined;
  }
  const operation = path.slice('/v1/'.length);
  const job = jobs.findByOperation(SERVICE, operation);
  if (!job) return undefined;
  const tooMany = quotas.refusal(request.host, isCancel ? 'cancels' : 'reads');
  if (tooMany) return { answer: tooMany };
  if (isCancel && request.body.length > 0) {
    return { answer: statusAnswer('INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected body.') };
  }
  const resource = () => resourceOf(job, operation);
  const ordinary = () => {
    if (job.isGone) return statusAnswer('NOT_FOUND', `Operation not found: ${operation}`);
    if (!isCancel) return jsonAnswer(200, resource());
    if (isEnd(job.present().phase) && job.script.whenFinished === 'refused') {
      return statusAnswer('FAILED_PRECONDITION', `Operation '${operation}' has already completed.`);
    }
    job.cancel();
    return jsonAnswer(200, {});
  };
  return throughFaults(isCancel ? job.nextFault('cancel') : undefined, {
    host: request.host,
    name: operation,
    method: isCancel ? 'cancel' : 'get',
    nowMs: now(),
    resource,
    ordinary,
  });
}

function resourceOf(job: StoredJob, name: string): JsonObject {
  const { name: batch, phase, createTime, endTime } = job.facts();
  return {
    name,
    metadata: {
      '@type': 'type.googleapis.com/google.cloud.dataproc.v1.BatchOperationMetadata',
      batch,
      createTime,
      doneTime: endTime,
      operationType: 'BATCH',
    },
    done: isEnd(phase) ? true : undefined,
    error:
      phase === 'cancelled'
        ? { code: 1, message: 'The operation was cancelled.' }
        : phase === 'failed'
          ? { code: 10, message: 'Job failed with message [Exit status 1].' }
          : undefined,
    response: phase === 'succeeded' ? job.resource(job.address.kind) : undefined,
  };
}
