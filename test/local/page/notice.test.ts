import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelOf, noticeOfRefusal } from '../../../local/page/model/notice.ts';
import { parseRequest } from '../../../src/messages/request.ts';
import { misplacementOf } from '../../../src/messages/route.ts';
import type { ResultData } from '../../../src/cancellation/result.ts';
import { parseApproval } from '../../../src/sweeps/approval.ts';
import { parseTrigger } from '../../../src/sweeps/trigger.ts';
import type { Sweep } from '../../../src/sweeps/sweep.ts';

const resultOf = (problem: string, changes: Partial<ResultData> = {}): ResultData => ({
  requestId: '17',
  outcome: 'REJECTED',
  detail: `Refused before any call: ${problem}`,
  operation: {},
  cancel: { attempts: 0 },
  confirm: { checks: 0 },
  error: { type: 'ValueError', message: problem },
  messageId: '17',
  requestedAt: '2026-11-20T11:34:04.000Z',
  finishedAt: '2026-11-20T11:34:09.000Z',
  ...changes,
});
const problemOf = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was not refused');
};
const TOPICS = {
  requests: 'requests',
  rechecks: 'rechecks',
  results: 'results',
  triggers: 'triggers',
  deadLetters: 'dead-letters',
};
const dryRunOnly = { name: 'nightly', listings: [{ dryRun: true }] } as unknown as Sweep;

describe('the result of a message that is no request', () => {
  for (const [name, problem] of [
    ['a sweep that SWEEPS does not name', problemOf(() => parseTrigger({ sweep: 'nope' }, new Map()))],
    ['a sweep that is no text', problemOf(() => parseTrigger({ sweep: 5 }, new Map()))],
    ['a sweep with an unknown field', problemOf(() => parseTrigger({ sweep: 'n', dryrun: true }, new Map()))],
    [
      'a sweep that may only look',
      problemOf(() => parseTrigger({ sweep: 'n', dryRun: false }, new Map([['n', dryRunOnly]]))),
    ],
    ['an approval of nothing', problemOf(() => parseApproval({ approve: '' }))],
    ['an approval with an unknown field', problemOf(() => parseApproval({ approve: 'a', by: 'ada' }))],
    [
      'a trigger on the topic of requests',
      misplacementOf(
        {
          id: '1',
          topic: 'requests',
          attributes: {},
          payload: { kind: 'bytes', bytes: new TextEncoder().encode('{"sweep":"n"}') },
        },
        { id: '1' },
        TOPICS,
      ) ?? '',
    ],
  ] as const) {
    it(`${name} is a refused trigger`, () => {
      const notice = noticeOfRefusal(resultOf(problem));
      assert.deepEqual(notice, {
        severity: 'WARNING',
        event: 'trigger.refused',
        message: `Refused before any call: ${problem}`,
        messageId: '17',
      });
    });
  }

  for (const prefix of ['sweep', 'approve']) {
    it(`whatever is wrong with it, a message of the command ${prefix} is a refused trigger`, () => {
      const requestId = `${prefix}-now-1 /lro-cancel/client`;
      assert.ok(noticeOfRefusal(resultOf('reason: must be a string', { requestId })));
    });
  }

  for (const [name, data] of [
    ['with the field of a sweep', { operation: 'o', sweep: 'n' }],
    ['with the field of an approval and nothing else', { approve: 'a' }],
    ['without an operation', {}],
  ] as const) {
    it(`a request ${name} stays a request`, () => {
      const read = parseRequest(data, 'id');
      assert.ok(!read.ok);
      assert.equal(noticeOfRefusal(resultOf(read.failure.message)), undefined);
    });
  }

  it('a result that names an operation is that of a request, whatever its id', () => {
    const changes = { requestId: 'sweep-now-1', operation: { reference: 'o' } };
    assert.equal(noticeOfRefusal(resultOf('sweep: "n" is not a sweep', changes)), undefined);
  });

  it('a notice has a word for people, not the severity of the log', () => {
    const wordOf = (severity: string, event: string) =>
      labelOf({ id: 1, atMs: 0, severity, event, message: '' }).word;
    assert.deepEqual(
      [
        wordOf('DEBUG', 'budget.not-crossed'),
        wordOf('NOTICE', 'budget.unnamed'),
        wordOf('WARNING', 'trigger.unknown'),
        wordOf('ERROR', 'message.failed'),
        wordOf('WARNING', 'trigger.refused'),
      ],
      ['Note', 'Note', 'Warning', 'Error', 'Refused'],
    );
  });
});
