/**
 * Makes a gate for work of different sizes: what is inside has at most `maxBytes` together, or is a single work that is
 * larger; the rest waits in the order of its arrival.
 */
export function createByteGate(maxBytes: number): ByteGate {
  let heldBytes = 0;
  const waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  const admit = () => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (heldBytes > 0 && heldBytes + next.bytes > maxBytes) return;
      waiting.shift();
      heldBytes += next.bytes;
      next.enter();
    }
  };
  return {
    enter: (bytes, leaving) =>
      new Promise((resolve) => {
        const one = { bytes, enter: () => resolve(true) };
        waiting.push(one);
        admit();
        void leaving.then(() => {
          const place = waiting.indexOf(one);
          if (place >= 0) {
            waiting.splice(place, 1);
            resolve(false);
          } else {
            heldBytes -= bytes;
          }
          admit();
        });
      }),
  };
}

export interface ByteGate {
  /**
   * Resolves to true once there is room for work of this size, or to false if it left before.
   *
   * @param leaving resolves when the work is over, or no longer wanted
   */
  enter(bytes: number, leaving: Promise<void>): Promise<boolean>;
}
