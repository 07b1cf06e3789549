import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createBufferedStdout } from '../../src/telemetry/stdout.ts';

describe('the buffered stdout', () => {
  it('log lines of one turn of the event loop are written together, each once and in order', async () => {
    const written: string[] = [];
    const writeLine = createBufferedStdout((text) => void written.push(text));
    for (const line of ['a', 'b', 'c']) writeLine(line);
    await nextEventLoopTurn();
    writeLine('d');
    await nextEventLoopTurn();
    assert.deepEqual(written, ['a\nb\nc\n', 'd\n']);
  });

  it('buffered log lines are written when the process exits', async () => {
    const program = `
      import { createBufferedStdout } from './src/telemetry/stdout.ts';
      const writeLine = createBufferedStdout((text) => process.stdout.write(text));
      writeLine('first'); writeLine('last'); process.exit(0);`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module-typescript',
      '-e',
      program,
    ]);
    assert.equal(stdout, 'first\nlast\n');
  });
});
