import { jsonAnswer, type Answer } from '../../../local/emulators/google-apis/answer.ts';
import {
  DONE,
  DONE_CANCELLED,
  NOT_FOUND,
  NO_ANSWER,
  OK,
  RUNNING,
  olderError,
  page,
  raw,
  redirect,
  rpc,
  status,
  withReason,
  SAYS_ENDED_BEFORE,
} from './answers.ts';
import type { Case } from './answers.ts';

/**
 * Answers that say nothing of the operation. Services, their front ends and proxies were all met with these:
 * googleapis/python-genai#2506, google-gemini/gemini-cli#20309, apigee/registry#405, googleapis/python-bigtable#1235,
 * open-telemetry/oteps#65, google/cloud-android-orchestration#313, broadinstitute/cromwell#6568. Of INTERNAL, UNKNOWN and
 * DEADLINE_EXCEEDED, google/rpc/code.proto says that the call may have been carried out.
 */
const TO_A_POST: readonly [string, Answer, number?][] = [
  [
    '400 INVALID_ARGUMENT',
    rpc('INVALID_ARGUMENT', 'Operation is already done and cannot be cancelled.'),
    400,
  ],
  ['400 OUT_OF_RANGE', rpc('OUT_OF_RANGE', 'Out of range.'), 400],
  ['400 with an empty body', raw(400), 400],
  ['400 with a page', page(400, 'Bad Request'), 400],
  ['402', status(402, 'FAILED', 'Payment required.'), 402],
  ['404 with a page', page(404, 'Not Found'), 404],
  ['405 with a page', page(405, 'Method Not Allowed'), 405],
  ['406', raw(406, { message: 'Not acceptable' }), 406],
  ['407 of a proxy', page(407, 'Proxy Authentication Required'), 407],
  ['408 of a proxy', page(408, 'Request Timeout'), 408],
  ['409 ABORTED', rpc('ABORTED', 'The operation was aborted.'), 409],
  ['409 ALREADY_EXISTS', rpc('ALREADY_EXISTS', 'The entity already exists.'), 409],
  ['410', status(410, 'GONE', 'Gone.'), 410],
  ['411 with a page', page(411, 'Length Required'), 411],
  ['412', olderError(412, 'conditionNotMet', 'Precondition Failed'), 412],
  ['413 with a page', page(413, 'Request Entity Too Large'), 413],
  ['417', raw(417), 417],
  ['421', page(421, 'Misdirected Request'), 421],
  ['425 of a proxy', page(425, 'Too Early'), 425],
  ['499 CANCELLED', rpc('CANCELLED', 'The operation was cancelled.'), 499],
  ['500 INTERNAL', rpc('INTERNAL', 'Internal error encountered.'), 500],
  ['500 UNKNOWN', rpc('UNKNOWN', 'Unknown error.'), 500],
  ['500 DATA_LOSS', rpc('DATA_LOSS', 'Data loss.'), 500],
  ['500 with an empty body', raw(500), 500],
  ['502 with a page', page(502, 'Bad Gateway'), 502],
  [
    '504 DEADLINE_EXCEEDED',
    rpc('DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
    504,
  ],
  ['504 with a page', page(504, 'Gateway Timeout'), 504],
  ['505', raw(505), 505],
  ['520 of a proxy', page(520, 'Web server is returning an unknown error'), 520],
  ['301', redirect(301), 301],
  ['302', redirect(302), 302],
  ['303', redirect(303), 303],
  ['307', redirect(307), 307],
  ['308', redirect(308), 308],
  ['a page under 200', page(200, 'Sign in'), 200],
  ['half of its JSON under 200', { ...jsonAnswer(200, {}), body: '{"name": "op' }, 200],
  ['no answer', NO_ANSWER],
];

const TO_A_GET: readonly [string, Answer][] = [
  ['400 INVALID_ARGUMENT', rpc('INVALID_ARGUMENT', 'Invalid.')],
  ['400 FAILED_PRECONDITION', rpc('FAILED_PRECONDITION', 'The operation is not ready.')],
  [
    '403 with the reason RATE_LIMIT_EXCEEDED',
    status(403, 'PERMISSION_DENIED', 'Slow down.', [withReason('RATE_LIMIT_EXCEEDED')]),
  ],
  ['404 with a page', page(404, 'Not Found')],
  ['405 with a page', page(405, 'Method Not Allowed')],
  ['408 of a proxy', page(408, 'Request Timeout')],
  ['409 ABORTED', rpc('ABORTED', 'The operation was aborted.')],
  ['410', status(410, 'GONE', 'Gone.')],
  ['412', raw(412)],
  ['425 of a proxy', page(425, 'Too Early')],
  ['499 CANCELLED', rpc('CANCELLED', 'The operation was cancelled.')],
  ['500 INTERNAL', rpc('INTERNAL', 'Internal error encountered.')],
  ['502 with a page', page(502, 'Bad Gateway')],
  ['504 DEADLINE_EXCEEDED', rpc('DEADLINE_EXCEEDED', 'Deadline expired.')],
  ['520 of a proxy', page(520, 'Unknown error')],
  ['a redirect', redirect(302)],
  ['a page under 200', page(200, 'Sign in')],
  ['an array', raw(200, [])],
  ['a text', raw(200, 'ok')],
  ['null', raw(200, null)],
  ['an empty object', raw(200, {})],
  ['an error under 200', raw(200, { error: { code: 1, message: 'The operation was cancelled.' } })],
  ['an empty body under 200', raw(200)],
  ['204', raw(204)],
  ['no answer', NO_ANSWER],
];

/** A sentence that gives a text of a front end as if it were the operation's. */
const TEXT_OF_A_FRONT_END = [/(?:error|read): The operation was (?:cancelled|aborted)\.$/];

export const noVerdicts: readonly Case[] = [
  ...TO_A_POST.flatMap(([answer, post, httpStatus]): Case[] => [
    {
      title: `a cancel that is answered with ${answer} is looked into, until a GET shows it cancelled`,
      post: [post],
      get: [RUNNING, DONE_CANCELLED],
      outcome: 'CANCELLED',
      gets: [2, 4],
      saysNot: [SAYS_ENDED_BEFORE],
    },
    {
      title: `a cancel that is always answered with ${answer} is an ERROR at the deadline, which gives the answer`,
      post: [post],
      get: [RUNNING],
      outcome: 'ERROR',
      gets: [2, 10],
      ...(httpStatus !== undefined && { error: { httpStatus }, says: [/cancel/i, /running/] }),
      saysNot: [...TEXT_OF_A_FRONT_END, /body that is not JSON/],
    },
  ]),
  {
    title: 'a cancel that is answered with 400 of an operation that is done is what the GET shows',
    post: [rpc('INVALID_ARGUMENT', 'Operation is already done and cannot be cancelled.')],
    get: [DONE],
    outcome: 'SUCCEEDED',
    posts: 1,
    gets: 1,
    saysNot: [/despite/],
  },
  {
    title: 'a cancel that is answered with 500, of an operation that then fails, is FAILED',
    post: [rpc('INTERNAL', 'Internal error encountered.')],
    get: [RUNNING, jsonAnswer(200, { name: 'o', done: true, error: { code: 13, message: 'Disk broke.' } })],
    outcome: 'FAILED',
    says: [/Disk broke/],
    saysNot: [SAYS_ENDED_BEFORE],
  },
  ...TO_A_GET.flatMap(([answer, get]): Case[] => [
    {
      title: `a GET that is answered with ${answer} is repeated, until one shows the operation cancelled`,
      post: [OK],
      get: [get, DONE_CANCELLED],
      outcome: 'CANCELLED',
      posts: 1,
      gets: 2,
    },
    {
      title: `a GET that is always answered with ${answer} leads to UNCONFIRMED at the deadline`,
      post: [OK],
      get: [get],
      outcome: 'UNCONFIRMED',
      posts: 1,
      gets: [2, 10],
      says: [/accepted/],
      saysNot: [...TEXT_OF_A_FRONT_END, /body that is not JSON/],
    },
    {
      title: `a GET that is answered with ${answer} after a refused cancel is repeated too`,
      post: [rpc('INTERNAL', 'Internal error encountered.')],
      get: [get, RUNNING, DONE_CANCELLED],
      outcome: 'CANCELLED',
    },
  ]),
  {
    title: 'a dry run whose GET is answered with 409 looks again, and shows the state',
    dryRun: true,
    post: [OK],
    get: [rpc('ABORTED', 'The operation was aborted.'), RUNNING],
    outcome: 'DRY_RUN',
    posts: 0,
    gets: 2,
    says: [/running/],
  },
  {
    title:
      'a POST that is answered with 404 "Method not found." of a running operation says that the cancel is not served',
    post: [rpc('NOT_FOUND', 'Method not found.')],
    get: [RUNNING],
    outcome: ['ERROR', 'UNSUPPORTED'],
    says: [/not serve|no method|cannot cancel|does not (?:offer|know)|no cancel/i],
    saysNot: [/does not exist/],
  },
  {
    title:
      'a POST that is answered with 404 is looked into, and a running operation that then is cancelled is CANCELLED',
    post: [NOT_FOUND],
    get: [RUNNING, DONE_CANCELLED],
    outcome: 'CANCELLED',
  },
  {
    title: 'a POST that is answered with 404 of an operation that is done with a response is SUCCEEDED',
    post: [NOT_FOUND],
    get: [DONE],
    outcome: 'SUCCEEDED',
  },
];

export const verdicts: readonly Case[] = [
  ...(
    [
      ['401', rpc('UNAUTHENTICATED', 'No credentials.')],
      ['401 with a page', page(401, 'Unauthorized')],
      ['403', rpc('PERMISSION_DENIED', 'You may not.')],
      ['403 with a page', page(403, 'Forbidden')],
      ['403 with an empty body', raw(403)],
    ] as const
  ).flatMap(([answer, denial]): Case[] => [
    {
      title: `a cancel that is answered with ${answer} is DENIED, after one call`,
      post: [denial],
      get: [RUNNING],
      outcome: 'DENIED',
      posts: 1,
      saysNot: [/body that is not JSON/],
    },
    {
      title: `a GET that is answered with ${answer} is DENIED`,
      post: [OK],
      get: [denial],
      outcome: 'DENIED',
      gets: 1,
      says: [/accepted/],
    },
  ]),
  ...(
    [
      ['501 UNIMPLEMENTED', rpc('UNIMPLEMENTED', 'Operation is not implemented.')],
      ['501 with a page', page(501, 'Not Implemented')],
      ['501 with an empty body', raw(501)],
      ['UNIMPLEMENTED under 400', status(400, 'UNIMPLEMENTED', 'Not implemented.')],
    ] as const
  ).flatMap(([answer, post]): Case[] => [
    {
      title: `a cancel of a running operation that is answered with ${answer} is UNSUPPORTED`,
      post: [post],
      get: [RUNNING],
      outcome: 'UNSUPPORTED',
      posts: 1,
      gets: [0, 1],
      says: [/service/i],
      saysNot: [/HTTP \d+\.?$/, /done already/, /body that is not JSON/],
    },
    {
      title: `a cancel that is answered with ${answer} is UNSUPPORTED at once, even where the GET says nothing`,
      post: [post],
      get: [rpc('INTERNAL', 'Internal error encountered.')],
      outcome: 'UNSUPPORTED',
      posts: 1,
      gets: [0, 1],
    },
    {
      title: `a cancel of an operation that is done, answered with ${answer}, is UNSUPPORTED, and says that it is done`,
      post: [post],
      get: [DONE],
      outcome: 'UNSUPPORTED',
      posts: 1,
      says: [/done|ended|finished/],
    },
  ]),
  {
    title: 'a cancel that is answered with 404, as is the GET, is NOT_FOUND',
    post: [NOT_FOUND],
    get: [NOT_FOUND],
    outcome: 'NOT_FOUND',
    posts: 1,
    gets: 1,
  },
  {
    title:
      'an operation that is not there after an accepted cancel is NOT_FOUND, and the result says that it was accepted',
    post: [OK],
    get: [NOT_FOUND],
    outcome: 'NOT_FOUND',
    posts: 1,
    says: [/accepted/],
  },
  {
    title: 'an operation that is not there after a cancel without a verdict is NOT_FOUND',
    post: [rpc('INTERNAL', 'Internal error encountered.')],
    get: [NOT_FOUND],
    outcome: 'NOT_FOUND',
  },
];
