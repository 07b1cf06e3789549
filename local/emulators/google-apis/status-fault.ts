import { serviceOf } from './address.ts';
import { statusAnswer, type WholeAnswer } from './answer.ts';
import { errorInfo, retryInfo, RPC_STATUSES, type JsonObject, type RpcStatusName } from './rpc-status.ts';

/** An answer in the form of `google.rpc.Status`. */
export interface StatusFault {
  readonly kind: RpcStatusName;
  readonly message?: string;
  /**
   * `ErrorInfo.reason`, such as RESOURCE_QUOTA_EXCEEDED. RESOURCE_EXHAUSTED without one says
   * RATE_LIMIT_EXCEEDED.
   */
  readonly reason?: string;
  /** Sends `Retry-After`: whole seconds, or a date where `retryAfterForm` says so (RFC 9110, 10.2.3). */
  readonly retryAfterSeconds?: number;
  readonly retryAfterForm?: 'seconds' | 'http-date';
  /** Adds `google.rpc.RetryInfo`. */
  readonly retryDelayMs?: number;
}

/** The call that meets a fault. */
export interface Call {
  /** `notebooks.googleapis.com` */
  readonly host: string;
  /** The operation or parent asked for. */
  readonly name: string;
  readonly method: 'cancel' | 'get' | 'list' | 'create';
  /** The collection's name in permissions. Default `operations`. */
  readonly resources?: string;
  /** The permission that the call needs, where it does not follow from the rest. */
  readonly permission?: string;
  readonly nowMs: number;
}

/** Whether a fault is answered in the form of `google.rpc.Status`. */
export function isStatusFault(fault: { readonly kind: string }): fault is StatusFault {
  return Object.hasOwn(RPC_STATUSES, fault.kind);
}

/** The error as the service gives it, with the details its kind has. */
export function statusFaultAnswer(fault: StatusFault, call: Call): WholeAnswer {
  const details: JsonObject[] = [];
  const usualInfo = ERROR_INFOS[fault.kind]?.(call);
  if (fault.reason !== undefined || usualInfo) {
    const { reason, domain, metadata } = usualInfo ?? unnamedInfo(call);
    details.push(errorInfo(fault.reason ?? reason, domain, metadata));
  }
  if (fault.retryDelayMs !== undefined) details.push(retryInfo(fault.retryDelayMs));
  const message = fault.message ?? MESSAGES[fault.kind]?.(call) ?? `The call ended with ${fault.kind}.`;
  return statusAnswer(fault.kind, message, details, headersOf(fault, call));
}

function headersOf(fault: StatusFault, { nowMs }: Call): Record<string, string> {
  const headers: Record<string, string> = {};
  if (fault.kind === 'UNAUTHENTICATED') {
    headers['www-authenticate'] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"';
  }
  if (fault.retryAfterSeconds !== undefined) {
    headers['retry-after'] =
      fault.retryAfterForm === 'http-date'
        ? new Date(nowMs + fault.retryAfterSeconds * 1000).toUTCString()
        : String(fault.retryAfterSeconds);
  }
  return headers;
}

interface Info {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: JsonObject;
}

/** Of the project that calls, as errors show it. */
export const CONSUMER_NUMBER = '123456789012';
const unnamedInfo = ({ host }: Call): Info => ({
  reason: 'REASON_UNSPECIFIED',
  domain: host,
  metadata: { service: host },
});

/**
 * The statuses that have an ErrorInfo even where the script names no reason (google/api/error_reason.proto).
 */
const ERROR_INFOS: { readonly [Kind in RpcStatusName]?: (call: Call) => Info } = {
  RESOURCE_EXHAUSTED: ({ host }) => ({
    reason: 'RATE_LIMIT_EXCEEDED',
    domain: 'googleapis.com',
    metadata: {
      consumer: `projects/${CONSUMER_NUMBER}`,
      quota_limit: 'DefaultRequestsPerMinutePerProject',
      quota_limit_value: '60',
      quota_location: 'global',
      quota_metric: `${host}/default_requests`,
      service: host,
    },
  }),
  PERMISSION_DENIED: (call) => ({
    reason: 'IAM_PERMISSION_DENIED',
    domain: 'iam.googleapis.com',
    metadata: { permission: permissionFor(call), resource: call.name },
  }),
  UNAUTHENTICATED: ({ host }) => ({
    reason: 'ACCESS_TOKEN_EXPIRED',
    domain: 'googleapis.com',
    metadata: { service: host },
  }),
};

const MESSAGES: { readonly [Kind in RpcStatusName]?: (call: Call) => string } = {
  RESOURCE_EXHAUSTED: ({ host }) =>
    `Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service '${host}' for consumer 'project_number:${CONSUMER_NUMBER}'.`,
  PERMISSION_DENIED: (call) =>
    `Permission '${permissionFor(call)}' denied on resource '${call.name}' (or it may not exist).`,
  UNAUTHENTICATED: () =>
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  UNIMPLEMENTED: () => 'Operation is not implemented, or supported, or enabled.',
  UNAVAILABLE: () => 'The service is currently unavailable.',
  INTERNAL: () => 'Internal error encountered.',
  FAILED_PRECONDITION: () => 'Precondition check failed.',
  INVALID_ARGUMENT: () => 'Request contains an invalid argument.',
  NOT_FOUND: ({ name }) => `Resource '${name}' was not found`,
  DEADLINE_EXCEEDED: () => 'Deadline expired before operation could complete.',
};

function permissionFor({ host, method, resources = 'operations', permission }: Call): string {
  return permission ?? `${serviceOf(host)}.${resources}.${method}`;
}
