import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createByteGate } from '../../src/google/byte-gate.ts';

const settled = () => new Promise(setImmediate);

/** Lets works of these sizes come to a gate of ten bytes. */
function startWorks(sizes: readonly number[]) {
  const gate = createByteGate(10);
  const entered: (boolean | undefined)[] = sizes.map(() => undefined);
  const leave = sizes.map((bytes, index) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    void gate.enter(bytes, promise).then((isIn) => (entered[index] = isIn));
    return () => resolve(undefined);
  });
  return { entered, leave: (index: number) => leave[index]?.() };
}

describe('a gate by bytes', () => {
  it('work enters while there is room, and the rest in its order as room becomes free', async () => {
    const { entered, leave } = startWorks([6, 4, 5, 1]);
    await settled();
    assert.deepEqual(entered, [true, true, undefined, undefined]);
    leave(0);
    await settled();
    assert.deepEqual(entered, [true, true, true, true]);
  });

  it('work that is larger than the gate enters alone', async () => {
    const { entered, leave } = startWorks([3, 99, 1]);
    await settled();
    assert.deepEqual(entered, [true, undefined, undefined]);
    leave(0);
    await settled();
    assert.deepEqual(entered, [true, true, undefined]);
    leave(1);
    await settled();
    assert.deepEqual(entered, [true, true, true]);
  });

  it('work that leaves before it has entered takes no room', async () => {
    const { entered, leave } = startWorks([10, 10, 10]);
    leave(1);
    await settled();
    assert.deepEqual(entered, [true, false, undefined]);
    leave(0);
    await settled();
    assert.deepEqual(entered, [true, false, true]);
  });
});
