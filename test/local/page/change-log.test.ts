import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createChangeLog } from '../../../local/page/model/change-log.ts';
import type { ChangeLog } from '../../../local/page/model/change-log.ts';

/** A reader that catches up in pieces, and begins anew when it has to. */
function createReader(log: ChangeLog<number>, limit: number) {
  const seen = new Map<string, number>();
  let sequence = 0;
  return {
    seen,
    catchUp: () => {
      while (sequence < log.sequence()) {
        const next = log.since(sequence, limit);
        if (next === undefined) {
          seen.clear();
          sequence = 0;
          continue;
        }
        for (const [id, value] of next.changed) seen.set(id, value);
        for (const id of next.removed) seen.delete(id);
        sequence = next.sequence;
      }
    },
  };
}

describe('the change log', () => {
  it('a reader that catches up now and then has the latest value of every record, and no removed one', () => {
    const change = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      value: fc.option(fc.nat(), { nil: undefined }),
      reads: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), fc.integer({ min: 1, max: 4 }), (all, limit) => {
        const log = createChangeLog<number>(2);
        const reader = createReader(log, limit);
        const truth = new Map<string, number>();
        for (const { id, value, reads } of all) {
          if (value === undefined) {
            truth.delete(id);
            log.remove(id);
          } else {
            truth.set(id, value);
            log.put(id, value);
          }
          if (reads) reader.catchUp();
        }
        reader.catchUp();
        assert.deepEqual(new Map([...reader.seen].sort()), new Map([...truth].sort()));
      }),
    );
  });

  it('a record that changes often is read once, with its latest value', () => {
    const log = createChangeLog<number>();
    for (let value = 1; value <= 5_000; value += 1) log.put('a', value);
    assert.deepEqual(log.since(0, 10), { sequence: 5_000, changed: [['a', 5_000]], removed: [] });
  });

  it('a reader from before a forgotten removal has to begin with nothing', () => {
    const log = createChangeLog<number>(1);
    log.put('a', 1);
    log.put('b', 1);
    const { sequence = 0 } = log.since(0, 10) ?? {};
    log.remove('a');
    log.remove('b');
    assert.equal(log.since(sequence, 10), undefined);
    assert.deepEqual(log.since(0, 10)?.changed, []);
  });

  it('a reader from after the latest change, such as one of another server, has to begin with nothing', () =>
    assert.equal(createChangeLog<number>().since(7, 10), undefined));
});
