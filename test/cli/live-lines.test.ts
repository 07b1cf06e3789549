import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLiveLines } from '../../cli/live-lines.ts';

/** A terminal of 20 columns, and what it was given. */
function createTerminal() {
  const written: string[] = [];
  const stream = { columns: 20, isTTY: true, write: (text: string) => written.push(text) };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

describe('the lines that a terminal shows while requests are under way', () => {
  it('live lines are drawn again in place, cut to the width, below what stays, and are gone at the end', (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] });
    const { written, stream } = createTerminal();
    let lines = ['first', 'a line that is much too wide'];
    const live = createLiveLines(stream, () => lines);
    assert.deepEqual(written.splice(0), ['first\na line that is muc…\n']);
    live.above(() => stream.write('CANCELLED\n'));
    assert.deepEqual(written.splice(0), ['\u001b[2A\u001b[0J', 'CANCELLED\n']);
    lines = ['second'];
    test.mock.timers.tick(100);
    test.mock.timers.tick(100);
    assert.deepEqual(written.splice(0), ['second\n', '\u001b[1A\u001b[0J', 'second\n']);
    live.end();
    live.end();
    test.mock.timers.tick(1_000);
    assert.deepEqual(written, ['\u001b[1A\u001b[0J']);
  });
});
