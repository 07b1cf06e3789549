import type { Address } from './address.ts';
import type { OperationScript } from './operation-script.ts';
import { StoredOperation } from './stored-operation.ts';

/** The place in a list at which a page begins. */
interface ListPlace {
  /** The sequence of the operation that came last; from the beginning where absent. */
  readonly after?: number;
  /** Whether the list begins with the operation that was added last. */
  readonly newestFirst: boolean;
}

/** The operations of all services. */
export interface OperationStore {
  /** Adds, or replaces, which also forgets its past. Throws a RangeError when the store is full. */
  add(address: Address, script: OperationScript): void;
  find(address: Address): StoredOperation | undefined;
  /** Forgets all of them. */
  clear(): void;
  /** In the order in which they were first added. */
  all(): Iterable<StoredOperation>;
  /**
   * Those directly in a collection, from a place on; `-` stands for any one segment of its name (AIP-159).
   * Going on does not walk through what came before, however much that is.
   */
  listed(collection: Address, place: ListPlace): Iterable<StoredOperation>;
}

/** Keeps at most `limit` operations. */
export function createOperationStore({
  now,
  limit,
}: {
  readonly now: () => number;
  readonly limit: number;
}): OperationStore {
  const byKey = new Map<string, StoredOperation>();
  /** By sequence, as each of the collections is. */
  const all: StoredOperation[] = [];
  const byCollection = new Map<string, { readonly key: string; readonly operations: StoredOperation[] }>();

  function collectionOf(key: string) {
    const found = byCollection.get(key) ?? { key, operations: [] };
    byCollection.set(found.key, found);
    return found;
  }

  return {
    add(address, script) {
      const there = byKey.get(address.key);
      if (there) {
        there.restart(address, script);
        return;
      }
      if (byKey.size >= limit) {
        throw new RangeError(`There are ${limit} operations already, the most that are kept.`);
      }
      const { key, operations } = collectionOf(address.collectionKey);
      const added = new StoredOperation(address, script, { sequence: all.length + 1, collection: key, now });
      byKey.set(address.key, added);
      all.push(added);
      operations.push(added);
    },
    find: ({ key }) => byKey.get(key),
    clear() {
      byKey.clear();
      byCollection.clear();
      all.length = 0;
    },
    all: () => all,
    *listed({ collectionKey, collection }, place) {
      if (!collection.split('/').includes('-')) {
        yield* from(byCollection.get(collectionKey)?.operations ?? [], place);
        return;
      }
      const pattern = wildcard(collectionKey);
      for (const operation of from(all, place)) if (pattern.test(operation.collection)) yield operation;
    },
  };
}

function wildcard(collectionKey: string): RegExp {
  const plain = (segment: string) => segment.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const segments = collectionKey.split('/').map((segment) => (segment === '-' ? '[^/]+' : plain(segment)));
  return new RegExp(`^${segments.join('/')}$`);
}

function* from(operations: readonly StoredOperation[], { after, newestFirst }: ListPlace) {
  if (newestFirst) {
    const end = after === undefined ? operations.length : countUpTo(operations, after - 1);
    for (let index = end - 1; index >= 0; index -= 1) yield operations[index] as StoredOperation;
  } else {
    for (let index = countUpTo(operations, after ?? 0); index < operations.length; index += 1) {
      yield operations[index] as StoredOperation;
    }
  }
}

/** The number of entries with this sequence or a lower one. */
function countUpTo(operations: readonly StoredOperation[], sequence: number): number {
  let low = 0;
  let high = operations.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((operations[middle] as StoredOperation).sequence <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
