import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressOf, type Address } from '../../../../local/emulators/google-apis/address.ts';
import {
  createOperationStore,
  type OperationStore,
} from '../../../../local/emulators/google-apis/operation-store.ts';

const MANY = 100_000;
const PAGE = 100;
const COLLECTION = 'notebooks.googleapis.com/v2/projects/p/locations/us-central1/operations';

function address(hostAndPath: string): Address {
  const found = addressOf(hostAndPath);
  assert.ok(found);
  return found;
}

function storeOf(hostAndPaths: Iterable<string>): OperationStore {
  const store = createOperationStore({ now: () => 0, limit: MANY * 2 });
  for (const hostAndPath of hostAndPaths) store.add(address(hostAndPath), {});
  return store;
}

/** The sequences of a page. */
function page(store: OperationStore, at: string, after: number | undefined, newestFirst: boolean): number[] {
  const taken: number[] = [];
  const place = { newestFirst, ...(after !== undefined && { after }) };
  for (const { sequence } of store.listed(address(at), place)) {
    taken.push(sequence);
    if (taken.length === PAGE) break;
  }
  return taken;
}

/** The shortest time of many, in milliseconds: the one that nothing else disturbed. */
function fastest(work: () => unknown): number {
  let least = Infinity;
  for (let round = 0; round < 50; round += 1) {
    const startMs = performance.now();
    work();
    least = Math.min(least, performance.now() - startMs);
  }
  return least;
}

describe(`a list of ${MANY} operations`, () => {
  const store = storeOf(Array.from({ length: MANY }, (_, index) => `${COLLECTION}/o${index}`));
  const lists = [
    ['of one collection', COLLECTION],
    ['across locations', COLLECTION.replace('us-central1', '-')],
  ] as const;
  for (const [what, at] of lists) {
    for (const newestFirst of [false, true]) {
      const order = newestFirst ? 'the newest' : 'the oldest';

      it(`a list of ${MANY} operations ${what} has each operation once, beginning with ${order}`, () => {
        const seen: number[] = [];
        for (;;) {
          const next = page(store, at, seen.at(-1), newestFirst);
          seen.push(...next);
          if (next.length < PAGE) break;
        }
        const inOrder = Array.from({ length: MANY }, (_, index) => index + 1);
        assert.deepEqual(seen, newestFirst ? inOrder.reverse() : inOrder);
      });

      it(`the last page of ${MANY} operations ${what}, beginning with ${order}, is as fast as the first`, () => {
        const behind = newestFirst ? PAGE + 1 : MANY - PAGE;
        assert.equal(page(store, at, behind, newestFirst).length, PAGE);
        const first = fastest(() => page(store, at, undefined, newestFirst));
        const last = fastest(() => page(store, at, behind, newestFirst));
        // A walk from the beginning would take some hundred times as long.
        assert.ok(last < first * 10, `${last} ms, and the first ${first} ms`);
      });
    }
  }
});

describe('a collection', () => {
  it(`a collection among ${MANY} others is found as fast as one among ten`, () => {
    const parents = (count: number) =>
      Array.from({ length: count }, (_, index) => COLLECTION.replace('us-central1', `l${index}`));
    const times = [10, MANY].map((count) => {
      const store = storeOf(parents(count).map((parent) => `${parent}/o`));
      const at = COLLECTION.replace('us-central1', 'l9');
      assert.equal(page(store, at, undefined, false).length, 1);
      return fastest(() => page(store, at, undefined, false));
    });
    const [few = 0, many = 0] = times;
    assert.ok(many < few * 10 + 0.1, `${many} ms, and among ten ${few} ms`);
  });

  it("a collection's name is not taken for a pattern", () => {
    const at = 'notebooks.googleapis.com/v2/projects/a.c/locations/-/operations';
    const store = storeOf([
      'notebooks.googleapis.com/v2/projects/abc/locations/l/operations/other',
      'notebooks.googleapis.com/v2/projects/a.c/locations/l/operations/own',
    ]);
    assert.deepEqual(page(store, at, undefined, false), [2]);
  });
});
