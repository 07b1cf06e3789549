import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseFrom } from '../../bench/compare/choice.ts';
import { windowsOf } from '../../bench/compare/growth.ts';
import { busyMsOf, ownMsOf } from '../../bench/compare/quiet.ts';
import { createRows, median, ratioOf, tableOf } from '../../bench/compare/report.ts';

describe('what was measured', () => {
  it('a measurement has a median, also of an even number of values', () => {
    assert.equal(median([9, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 9]), 3);
    assert.equal(median([7]), 7);
  });

  it('the ratio of two measurements is the median of the ratios of their rounds, where both have the same rounds', () => {
    assert.equal(ratioOf([2, 20, 3], [1, 10, 2]), 2);
    assert.equal(ratioOf([2, 4], [1, 2, 9]), 1.5);
  });

  it('the report compares each measure with the floor, the peer and its earlier value', () => {
    const rows = createRows();
    const cpu = { measure: 'CPU', unit: 'ms' };
    const growth = { measure: 'growth', unit: 'MB' };
    for (const value of [1, 2, 3]) rows.add({ ...cpu, variant: 'floor' }, value);
    rows.add({ ...growth, variant: 'at 10' }, 8);
    rows.add({ ...cpu, variant: 'ours' }, 3);
    rows.add({ ...growth, variant: 'at 100', since: 'at 10' }, 12);
    rows.add({ ...cpu, variant: 'peer' }, 4);
    const [, , ...lines] = tableOf(rows.all).split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(/ {2,}/)),
      [
        ['CPU', 'floor', '2.00 ms', '1.00–3.00', '1.00', '0.50'],
        ['CPU', 'ours', '3.00 ms', '3.00–3.00', '1.50', '0.75'],
        ['CPU', 'peer', '4.00 ms', '4.00–4.00', '2.00', '1.00'],
        ['growth', 'at 10', '8.00 MB', '8.00–8.00'],
        ['growth', 'at 100', '12.0 MB', '12.0–12.0', '1.50 at 10'],
      ],
    );
  });
});

describe('the choice of measures', () => {
  const known = ['cold', 'load', 'growth'] as const;
  for (const [text, chosen] of [
    ['', known],
    ['load', ['load']],
    ['growth, cold', ['cold', 'growth']],
    ['load,nothing', { problem: 'there is no "nothing"; there are cold, load, growth' }],
    ['load,', { problem: 'there is no ""; there are cold, load, growth' }],
  ] as const) {
    it(`--only ${JSON.stringify(text)} chooses ${JSON.stringify(chosen)}`, () => {
      assert.deepEqual(chooseFrom(known, text), chosen);
    });
  }
});

describe('the messages by which growth is told', () => {
  it('growth is measured in the first messages, and in windows that are compared with the one at a tenth', () => {
    assert.deepEqual(windowsOf(100_000), [
      { title: 'first 1,000', from: 0, to: 1_000 },
      { title: 'at 10,000', from: 5_000, to: 10_000 },
      { title: 'at 30,000', from: 25_000, to: 30_000, since: 'at 10,000' },
      { title: 'at 100,000', from: 95_000, to: 100_000, since: 'at 10,000' },
    ]);
  });

  it('the windows of growth are in order and do not overlap, for any number of messages', () => {
    for (const upTo of [100, 101, 999, 1_000, 12_345]) {
      let end = 0;
      for (const { from, to } of windowsOf(upTo)) {
        assert.ok(end <= from && from < to, `${upTo}: ${from} to ${to}`);
        end = to;
      }
      assert.equal(end, upTo);
    }
  });
});

describe('the check that the machine is quiet', () => {
  it('the machine is busy in all time that is neither idle nor waits for a disk', () => {
    const stat = 'cpu  100 20 3 9000 800 1 2 4 50 6\ncpu0 50 10 1 4500 400 0 1 2 25 3\n';
    assert.equal(busyMsOf(stat), 130 * 10);
  });

  it('the own time includes children that have ended, whatever the name of the process', () => {
    const stat = '77 (a) b (c) R 1 77 77 0 -1 4194304 101 0 0 0 5 4 30 200 20 0 1 0 1770893 3133440';
    assert.equal(ownMsOf(stat), 239 * 10);
  });
});
