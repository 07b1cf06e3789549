import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { readBudgetNotification } from '../../../src/budgets/notification.ts';
import { parseRequest } from '../../../src/messages/request.ts';
import { parseApproval } from '../../../src/sweeps/approval.ts';
import {
  alertMessage,
  approvalMessage,
  gcloudLine,
  requestMessage,
} from '../../../local/page/model/messages.ts';
import type { RequestFields } from '../../../local/page/model/messages.ts';

const URL = 'https://notebooks.googleapis.com/v2/projects/p/locations/l/operations/o';
const EMPTY: RequestFields = {
  reference: '',
  service: '',
  reason: '',
  requestId: '',
  confirmWithin: '',
  dryRun: false,
  isJob: false,
};
const TOPICS = { requests: 'the-requests', triggers: 'the-triggers' };

describe("the page's messages", () => {
  for (const [pasted, operation] of [
    [URL, URL],
    [`  ${URL}:cancel\n`, `${URL}:cancel`],
    [`ERROR: "operation": "${URL}", still running`, URL],
    [`done: see ${URL}.`, URL],
    [
      '//notebooks.googleapis.com/projects/p/locations/l/operations/o',
      '//notebooks.googleapis.com/projects/p/locations/l/operations/o',
    ],
  ] as const) {
    it(`${JSON.stringify(pasted)} is a request for the operation in it`, () =>
      assert.equal(requestMessage({ ...EMPTY, reference: pasted }).message.operation, operation));
  }

  it('the form of an approval is a message that the function accepts, without the fields that are empty', () => {
    const { topic, message } = approvalMessage('7e24', { requestedBy: ' ada ', reason: '' });
    assert.equal(topic, 'triggers');
    assert.deepEqual(message, { approve: '7e24', requestedBy: 'ada' });
    assert.deepEqual(parseApproval(message), message);
  });

  it('a form with every field is a request that the function accepts', () => {
    const { message } = requestMessage({
      reference: 'projects/p/locations/l/operations/o',
      service: 'notebooks',
      reason: "it's late",
      requestId: 'r-1',
      confirmWithin: '60',
      dryRun: true,
      isJob: false,
    });
    assert.deepEqual(message, {
      operation: 'projects/p/locations/l/operations/o',
      service: 'notebooks',
      requestId: 'r-1',
      reason: "it's late",
      confirmWithin: '60s',
      dryRun: true,
    });
    assert.ok(parseRequest(message, 'id').ok);
  });

  it('an alert is a notification as Cloud Billing writes it', () => {
    const { message, attributes = {} } = alertMessage(
      { budgetDisplayName: 'training' },
      90,
      Date.UTC(2026, 10, 26),
    );
    const read = readBudgetNotification(attributes, message);
    assert.ok(!('unknown' in read) && read.problem === undefined);
    assert.deepEqual(
      [read.budgetDisplayName, read.alertThresholdExceeded, read.costIntervalStart],
      ['training', 0.9, '2026-11-01T00:00:00Z'],
    );
  });

  it('the gcloud line gives gcloud the same message, whatever is in it', () => {
    const message = { operation: URL, reason: 'it\'s $HOME `late` "now" \\ \n!' };
    const line = gcloudLine({ topic: 'requests', message, attributes: { a: 'b c', d: "'" } }, TOPICS);
    const printed = execFileSync('sh', ['-c', line.replace(/^gcloud/, "printf '%s\\n--end--\\n'")], {
      encoding: 'utf8',
    });
    const words = printed.split('\n--end--\n').slice(0, -1);
    assert.deepEqual(words.slice(0, 5), [
      'pubsub',
      'topics',
      'publish',
      'the-requests',
      "--attribute=a=b c,d='",
    ]);
    assert.deepEqual(JSON.parse(words[5]?.replace('--message=', '') ?? ''), message);
  });
});
