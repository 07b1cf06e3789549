import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createBufferedStdout } from '../../src/telemetry/stdout.ts';

describe('lines of the log', () => {
  it('that are written at the same time are written together, each once and in their order', async () => {
    const written: string[] = [];
    const writeLine = createBufferedStdout((text) => void written.push(text));
    for (const line of ['a', 'b', 'c']) writeLine(line);
    await turn();
    writeLine('d');
    await turn();
    assert.deepEqual(written, ['a\nb\nc\n', 'd\n']);
  });

  it('are written when the process ends, with whatever was left', async () => {
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
