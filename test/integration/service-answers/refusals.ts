import {
  DONE,
  DONE_CANCELLED,
  OK,
  RUNNING,
  afterAccepted,
  olderError,
  raw,
  rpc,
  status,
  withMetadata,
  withReason,
  withRetryInfo,
  SAYS_ENDED_BEFORE,
} from './answers.ts';
import type { Case } from './answers.ts';

const SETUP = 'Cannot cancel operation "o" in state SETUP_DONE. Cancellable states: PENDING, RUNNING'; // googleapis/google-cloud-java#3754
const NEVER = 'The operation is not cancellable.'; // GoogleCloudPlatform/vertex-ai-samples#18
const refusal = (message: string, seconds?: number) =>
  rpc('FAILED_PRECONDITION', message, seconds === undefined ? [] : [withRetryInfo(seconds)]);

/** Refusals that pass with time: the cancel is asked for again. */
export const passingRefusals: readonly Case[] = [
  ...(
    [
      ['a RetryInfo of 3 s', refusal(SETUP, 3), 3],
      ['a RetryInfo of 20 s', refusal(SETUP, 20), 20],
      ['a RetryInfo of 0 s', refusal(SETUP, 0), 1],
      [
        'a Retry-After of 30 s',
        raw(
          400,
          { error: { code: 400, message: SETUP, status: 'FAILED_PRECONDITION' } },
          { 'retry-after': '30' },
        ),
        30,
      ],
      ['no time', refusal(SETUP), 1],
      ['an older reason', olderError(400, 'failedPrecondition', SETUP), 1],
    ] as const
  ).map(([title, answer, seconds]): Case => ({
    title: `a cancel that is refused for now with ${title} is sent again, and CANCELLED with two attempts`,
    post: [answer, OK],
    get: afterAccepted,
    outcome: 'CANCELLED',
    posts: 2,
    secondsBetweenPosts: [seconds],
    saysNot: [SAYS_ENDED_BEFORE],
  })),
  {
    title: 'a cancel that is refused three times is CANCELLED with four attempts',
    post: [refusal(SETUP), refusal(SETUP), refusal(SETUP), OK],
    get: afterAccepted,
    outcome: 'CANCELLED',
    posts: 4,
  },
  {
    title: 'a refused cancel is not sent again while a cancel is under way',
    post: [refusal('A cancel is in progress.')],
    get: ({ gets }) => (gets < 3 ? withMetadata({ requestedCancellation: true }) : DONE_CANCELLED),
    outcome: 'CANCELLED',
    posts: 1,
  },
  {
    title: 'a refused cancel of an operation that has ended is not sent again',
    post: [refusal('The operation has already completed.')],
    get: [DONE],
    outcome: 'SUCCEEDED',
    posts: 1,
    gets: 1,
    saysNot: [/despite/],
  },
  {
    title: 'a cancel that is refused past the deadline is not sent before its time, and ends at the deadline',
    post: [refusal(SETUP, 600)],
    get: [RUNNING],
    outcome: 'ERROR',
    posts: 1,
    says: [/SETUP_DONE/],
  },
  {
    title:
      'an operation that is never cancellable is asked for a few times, with growing delays, and is an ERROR at the deadline',
    post: [refusal(NEVER)],
    get: [RUNNING],
    confirmWithin: '900s',
    outcome: 'ERROR',
    posts: [2, 8],
    gets: [6, 20],
    secondsBetweenPosts: [1, 4, 8],
    error: { httpStatus: 400, status: 'FAILED_PRECONDITION' },
    says: [/refused/, /not cancellable/, /running/, /every|each|all|times|\d attempts/],
  },
  {
    title: 'a service that always refuses with a RetryInfo of 0 s is not hammered',
    post: [refusal(NEVER, 0)],
    get: [RUNNING],
    outcome: 'ERROR',
    posts: [2, 6],
    secondsBetweenPosts: [1, 4],
  },
];

const LATER: Pick<Case, 'get' | 'outcome' | 'posts'> = { get: afterAccepted, outcome: 'CANCELLED', posts: 2 };

/** Rate limits and quotas that come as 403 (https://cloud.google.com/compute/api-quota, google/api/error_reason.proto). */
export const rateLimits: readonly Case[] = [
  {
    title: 'a 403 with only the reason RATE_LIMIT_EXCEEDED is sent again',
    post: [status(403, 'PERMISSION_DENIED', 'Quota exceeded.', [withReason('RATE_LIMIT_EXCEEDED')]), OK],
    ...LATER,
  },
  {
    title: 'a 403 with the reason RATE_LIMIT_EXCEEDED and no status is sent again',
    post: [
      raw(403, { error: { code: 403, message: 'Quota.', details: [withReason('RATE_LIMIT_EXCEEDED')] } }),
      OK,
    ],
    ...LATER,
  },
  {
    title: 'a 403 with the reason among other details is sent again',
    post: [
      status(403, 'PERMISSION_DENIED', 'Quota.', [
        { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
        withReason('RATE_LIMIT_EXCEEDED'),
        withRetryInfo(1),
      ]),
      OK,
    ],
    ...LATER,
  },
  {
    title: 'a 403 with the status RESOURCE_EXHAUSTED is sent again',
    post: [status(403, 'RESOURCE_EXHAUSTED', 'Quota exceeded.'), OK],
    ...LATER,
  },
  {
    title: 'a 400 with the status RESOURCE_EXHAUSTED is sent again',
    post: [status(400, 'RESOURCE_EXHAUSTED', 'Quota exceeded.'), OK],
    ...LATER,
  },
  ...[
    'rateLimitExceeded',
    'userRateLimitExceeded',
    'concurrentLimitExceeded',
    'servingLimitExceeded',
    'RATE_LIMIT_EXCEEDED',
  ].map((reason): Case => ({
    title: `a 403 with the older reason ${reason} is sent again`,
    post: [olderError(403, reason, 'Rate Limit Exceeded'), OK],
    ...LATER,
  })),
  ...['quotaExceeded', 'dailyLimitExceeded'].map((reason): Case => ({
    title: `a 403 with the older reason ${reason} is sent again, not soon`,
    post: [olderError(403, reason, 'Quota exceeded'), OK],
    confirmWithin: '900s',
    ...LATER,
  })),
  {
    title: 'a 403 with the reason RESOURCE_QUOTA_EXCEEDED is sent again, not soon',
    post: [status(403, 'PERMISSION_DENIED', 'Quota.', [withReason('RESOURCE_QUOTA_EXCEEDED')]), OK],
    confirmWithin: '900s',
    secondsBetweenPosts: [200],
    ...LATER,
  },
  {
    title: 'a GET that is answered 403 with the older reason rateLimitExceeded is repeated',
    post: [OK],
    get: [olderError(403, 'rateLimitExceeded', 'Rate Limit Exceeded'), DONE_CANCELLED],
    outcome: 'CANCELLED',
    posts: 1,
    gets: 2,
  },
  ...[
    'SERVICE_DISABLED',
    'BILLING_DISABLED',
    'IAM_PERMISSION_DENIED',
    'CONSUMER_SUSPENDED',
    'ACCOUNT_STATE_INVALID',
  ].map((reason): Case => ({
    title: `a 403 with the reason ${reason} is DENIED, after one call`,
    post: [status(403, 'PERMISSION_DENIED', 'You may not.', [withReason(reason)])],
    get: [RUNNING],
    outcome: 'DENIED',
    posts: 1,
    says: [/You may not/],
  })),
  ...['forbidden', 'accessNotConfigured', 'insufficientPermissions'].map((reason): Case => ({
    title: `a 403 with the older reason ${reason} is DENIED, after one call`,
    post: [olderError(403, reason, 'You may not.')],
    get: [RUNNING],
    outcome: 'DENIED',
    posts: 1,
  })),
];
