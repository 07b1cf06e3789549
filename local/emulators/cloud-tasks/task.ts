import { statusAnswer, type WholeAnswer } from '../google-apis/answer.ts';

/** A task as it is created (google/cloud/tasks/v2, `Task`), checked. */
export interface Task {
  readonly name: string;
  readonly scheduleMs: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The account and the scope of the token that the task is sent with. */
  readonly oauthToken: OAuthToken;
}

interface OAuthToken {
  readonly serviceAccountEmail?: string;
  readonly scope?: string;
}

/** Limits of a task, and of the time it can be ahead (https://cloud.google.com/tasks/docs/quotas). */
const MAX_TASK_BYTES = 1_048_576;
const MAX_AHEAD_MS = 30 * 24 * 3_600_000;

const NAME = /^(projects\/[^/]+\/locations\/[^/]+\/queues\/[^/]+)\/tasks\/[A-Za-z0-9_-]{1,500}$/;
const GOOGLE = /^https:\/\/[a-z0-9.-]+\.googleapis\.com\//;

/** Reads the body of `CreateTask`, or reports the error that the service would. */
export function readTask(queue: string, body: Buffer, nowMs: number): Task | WholeAnswer {
  const refuse = (problem: string) => statusAnswer('INVALID_ARGUMENT', problem);
  if (body.length > MAX_TASK_BYTES) return refuse('Task size too large.');
  const { name, scheduleTime, httpRequest } = readJson(body).task ?? {};
  if (typeof name !== 'string' || NAME.exec(name)?.[1] !== queue) {
    return refuse('Task name must be formatted: "projects/…/locations/…/queues/…/tasks/<TASK_ID>"');
  }
  const scheduleMs = typeof scheduleTime === 'string' ? Date.parse(scheduleTime) : nowMs;
  if (Number.isNaN(scheduleMs)) return refuse('Invalid value at "task.schedule_time".');
  if (scheduleMs > nowMs + MAX_AHEAD_MS) return refuse('Task.schedule_time is too far in the future.');
  const { url, httpMethod, headers = {}, body: encoded, oauthToken } = httpRequest ?? {};
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) return refuse('HttpRequest.url is required.');
  if (httpMethod !== 'POST') return refuse('This simulation dispatches POST only.');
  if (oauthToken === undefined) return refuse('A call to Pub/Sub needs an OAuth token.');
  if (!GOOGLE.test(url)) return refuse('OAuth tokens are for *.googleapis.com only.');
  if (!/^[^@]+@[^@]+$/.test(oauthToken.serviceAccountEmail ?? '')) {
    return refuse('HttpRequest.oauth_token.service_account_email is not an email address.');
  }
  return { name, scheduleMs, url, headers, body: Buffer.from(encoded ?? '', 'base64'), oauthToken };
}

interface CreateTaskRequest {
  readonly task?: {
    readonly name?: unknown;
    readonly scheduleTime?: unknown;
    readonly httpRequest?: {
      readonly url?: unknown;
      readonly httpMethod?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly oauthToken?: OAuthToken;
    };
  };
}

function readJson(body: Buffer): CreateTaskRequest {
  try {
    return (JSON.parse(body.toString()) ?? {}) as CreateTaskRequest;
  } catch {
    return {};
  }
}
