import { statusAnswer, type WholeAnswer } from './answer.ts';
import type { QuotaScript } from './quota.ts';
import { errorInfo } from './rpc-status.ts';
import { CONSUMER_NUMBER } from './status-fault.ts';

/** Google's names of the metrics that most services have. */
const METRICS = {
  cancels: { metric: 'write_requests', limit: 'WriteRequestsPerMinutePerProject', title: 'Write requests' },
  reads: { metric: 'read_requests', limit: 'ReadRequestsPerMinutePerProject', title: 'Read requests' },
} as const;

/**
 * A call above the quota (google/api/error_reason.proto, RATE_LIMIT_EXCEEDED): its details say the quota by
 * the minute, as all of Google's are.
 */
export function quotaAnswer(host: string, quota: QuotaScript, waitMs: number): WholeAnswer {
  const { metric, limit, title } = METRICS[quota.calls];
  const info = errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', {
    consumer: `projects/${CONSUMER_NUMBER}`,
    quota_limit: limit,
    quota_limit_value: String(Math.max(1, Math.round(quota.perSecond * 60))),
    quota_location: 'global',
    quota_metric: `${host}/${metric}`,
    quota_unit: '1/min/{project}',
    service: host,
  });
  const message = `Quota exceeded for quota metric '${title}' and limit '${title} per minute' of service '${host}' for consumer 'project_number:${CONSUMER_NUMBER}'.`;
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return statusAnswer('RESOURCE_EXHAUSTED', message, [info], {
    ...(quota.retryAfter !== false && { 'retry-after': String(retryAfterSeconds) }),
  });
}
