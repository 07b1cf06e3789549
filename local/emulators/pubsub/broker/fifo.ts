/** A queue that takes constant time at both ends, which an array's shift() does not. */
interface Fifo<T> {
  readonly length: () => number;
  push(item: T): void;
  peek(): T | undefined;
  shift(): T | undefined;
  clear(): void;
}

/** An empty queue. */
export function createFifo<T>(): Fifo<T> {
  let items: T[] = [];
  let head = 0;
  return {
    length: () => items.length - head,
    push: (item) => void items.push(item),
    peek: () => items[head],
    shift: () => {
      const item = items[head];
      if (head < items.length) head += 1;
      // Drops what was taken only once it is most of the array, so each item is moved once at most.
      if (head > 1_000 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    clear: () => {
      items = [];
      head = 0;
    },
  };
}
