import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLiveLines } from '../../cli/live-lines.ts';

/** A terminal, and what it was given. */
function createTerminal(columns = 20) {
  const written: string[] = [];
  const stream = { columns, isTTY: true, write: (text: string) => written.push(text) };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

describe('the lines that a terminal shows while requests are under way', () => {
  it('live lines are drawn again in place, shortened to the width, below what stays, and are gone at the end', (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] });
    const { written, stream } = createTerminal();
    let lines = ['first', 'a line that is much too wide'];
    const live = createLiveLines(stream, () => lines);
    assert.deepEqual(written.splice(0), ['first\na line th… too wide\n']);
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

  it('a live line that is too wide keeps the end, by which names differ, in every width', (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] });
    const name =
      'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/o1';
    const line = `sending        0.1 s  ${name}`;
    for (const [columns, shown] of [
      [80, 'sending        0.1 s  https://notebooks…ect/locations/us-central1/operations/o1'],
      [line.length + 1, line],
      [3, 's…'],
      [2, '…'],
      [1, '…'],
      [0, line],
    ] as const) {
      const { written, stream } = createTerminal(columns);
      createLiveLines(stream, () => [line]).end();
      assert.equal(written[0], `${shown}\n`);
    }
  });
});
