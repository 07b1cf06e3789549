import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inNotebooks, SOON, startTestSystem } from '../integration/test-system.ts';
import type { TestSystem } from '../integration/test-system.ts';
import { environmentOf, runCli, temporarySubscriptions } from './run-cli.ts';

/** 128 and the number of SIGPIPE, as a shell reports it. */
const BROKEN_PIPE = 141;
const REQUEST = JSON.stringify({ operation: inNotebooks('o') });

let system: TestSystem;
before(async () => {
  system = await startTestSystem({ settings: SOON });
});
after(() => system.close());

describe('lro-cancel whose output is not read to its end, as by head', () => {
  for (const [title, args] of [
    ['a help', ['--help']],
    ['the help of a command', ['cancel', '--help']],
    ['an explanation', ['explain', inNotebooks('o')]],
    ['explanations for programs', ['explain', '--json']],
  ] as const) {
    it(`${title} ends quietly, with the exit code of SIGPIPE, where nothing reads it`, async () => {
      const { stderr, exitCode } = await runCli(args, { isRead: false, input: REQUEST });
      assert.deepEqual([stderr, exitCode], ['', BROKEN_PIPE]);
    });
  }

  it('watch ends quietly with the first result that nothing reads, and deletes its subscription', async () => {
    const { stderr, exitCode } = await runCli(['watch'], {
      env: environmentOf(system),
      isRead: false,
      onStart: () => {
        const send = async () => {
          while ((await temporarySubscriptions(system)).length === 0);
          await system.request({ operation: inNotebooks('gone'), requestId: 'unread' });
        };
        void send();
      },
    });
    assert.deepEqual([stderr, exitCode], ['', BROKEN_PIPE]);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('cancel ends its wait quietly where nothing reads its first line, and deletes its subscription', async () => {
    system.services.add(inNotebooks('endless'), { onCancel: 'never-ends' });
    const { stderr, exitCode } = await runCli(['cancel', inNotebooks('gone'), inNotebooks('endless')], {
      env: environmentOf(system),
      isRead: false,
    });
    assert.deepEqual([stderr, exitCode], ['', BROKEN_PIPE]);
    assert.deepEqual(await temporarySubscriptions(system), []);
  });

  it('cancel exits with the code of SIGPIPE, too, where its last line is the unread one', async () => {
    const { stderr, exitCode } = await runCli(['cancel', inNotebooks('gone'), '-o', 'json'], {
      env: environmentOf(system),
      isRead: false,
    });
    assert.deepEqual([stderr, exitCode], ['', BROKEN_PIPE]);
  });
});
