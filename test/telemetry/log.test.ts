import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/validation/failure.ts';
import { createLog, logFailures } from '../../src/telemetry/log.ts';
import { pushBody } from '../support/test-app.ts';
import { readEvent } from '../support/events.ts';

describe('a log line', () => {
  it('a log line is JSON for Cloud Logging, with the request and the operation as labels', () => {
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

  it('a log line has its trace, by the full name of Cloud Trace if the project is known', () => {
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

describe('an error that a handler throws', () => {
  /** The log line of a thrown error: the framework prints the stack of the error. */
  const printed = async (thrown: Error) => {
    const handle = logFailures(() => Promise.reject(thrown));
    const error = await handle(readEvent(pushBody({}))).then(
      () => assert.fail('the error was swallowed'),
      (caught: unknown) => caught as Error,
    );
    return JSON.parse(error.stack ?? '') as Record<string, unknown>;
  };

  it('a thrown failure becomes one log line that names the message', async () => {
    const line = await printed(new Failure('Unavailable', 'no Pub/Sub'));
    assert.deepEqual(
      [line.severity, line.event, line.message, line.messageId, line.stack],
      ['ERROR', 'message.failed', 'no Pub/Sub', '4711', undefined],
    );
  });

  it('a re-check that is not due is logged as DEBUG, not as an error', async () => {
    const line = await printed(new Failure('NotDue', 'later'));
    assert.deepEqual([line.severity, line.event], ['DEBUG', 'message.not-due']);
  });

  it('an unexpected error is logged with its stack', async () => {
    const line = await printed(new TypeError('a bug'));
    assert.equal(line.severity, 'ERROR');
    assert.match(String(line.stack), /log\.test\.ts/);
  });

  it('a thrown value that is not an error is logged', async () =>
    assert.equal((await printed('text' as unknown as Error)).message, 'text'));
});
