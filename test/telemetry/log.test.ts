import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/validation/failure.ts';
import { createLog, logFailures } from '../../src/telemetry/log.ts';
import { pushBody } from '../support/test-app.ts';

describe('a line of the log', () => {
  it('is JSON as Cloud Logging reads it, with request and operation as labels', () => {
    const lines: string[] = [];
    createLog((line) => void lines.push(line))('INFO', 'cancel.answered', 'line\nbreak', {
      requestId: 'r1',
      operation: '//s/o',
      attempts: 2,
    });
    assert.equal(lines.length, 1);
    assert.ok(!lines[0]?.includes('\n'));
    assert.deepEqual(JSON.parse(lines[0] ?? ''), {
      severity: 'INFO',
      message: 'line\nbreak',
      event: 'cancel.answered',
      'logging.googleapis.com/labels': { requestId: 'r1', operation: '//s/o' },
      attempts: 2,
    });
  });

  it('leads to its trace, by the name that Cloud Trace knows where the project is known', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const shownIn = (project: string | undefined) => {
      const lines: string[] = [];
      const log = createLog((line) => void lines.push(line), project);
      log('INFO', 'cancel.answered', 'x', { trace: { traceparent } });
      const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
      return [line['logging.googleapis.com/trace'], line['logging.googleapis.com/spanId'], line.trace];
    };
    const id = '0af7651916cd43dd8448eb211c80319c';
    assert.deepEqual(shownIn('p'), [`projects/p/traces/${id}`, 'b7ad6b7169203331', undefined]);
    assert.deepEqual(shownIn(undefined), [id, 'b7ad6b7169203331', undefined]);
  });
});

describe('what a handler throws', () => {
  /** The framework prints the stack of what was thrown. */
  const printed = async (thrown: Error) => {
    const handle = logFailures(() => Promise.reject(thrown));
    const error = await handle(pushBody({})).then(
      () => assert.fail('it was swallowed'),
      (caught: unknown) => caught as Error,
    );
    return JSON.parse(error.stack ?? '') as Record<string, unknown>;
  };

  it('is one line that names the message', async () => {
    const line = await printed(new Failure('Unavailable', 'no Pub/Sub'));
    assert.deepEqual(
      [line.severity, line.event, line.message, line.messageId, line.stack],
      ['ERROR', 'message.failed', 'no Pub/Sub', '4711', undefined],
    );
  });

  it('is no error where it only means "later"', async () => {
    const line = await printed(new Failure('NotDue', 'later'));
    assert.deepEqual([line.severity, line.event], ['DEBUG', 'recheck.not-due']);
  });

  it('tells its place in the code where nobody foresaw it', async () => {
    const line = await printed(new TypeError('a bug'));
    assert.equal(line.severity, 'ERROR');
    assert.match(String(line.stack), /log\.test\.ts/);
  });

  it('need not be an error', async () =>
    assert.equal((await printed('text' as unknown as Error)).message, 'text'));
});
