import assert from 'node:assert/strict';
import domain from 'node:domain';
import { describe, it } from 'node:test';
import { escapeDomain } from '../../src/google/escape-domain.ts';

const current = () => (process as { domain?: unknown }).domain ?? undefined;

describe('a handler outside of the domain', () => {
  it('the handler and its continuations run in no domain, and its caller stays in its own', async () => {
    const own = domain.create();
    const seen: unknown[] = [];
    const handle = escapeDomain(async (input: string) => {
      seen.push(current());
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(current());
      return input;
    });
    const { before, after, answer } = own.run(() => {
      const before = current();
      const answer = handle('a message');
      return { before, after: current(), answer };
    });
    assert.equal(await answer, 'a message');
    assert.deepEqual(seen, [undefined, undefined]);
    assert.ok(before === own && after === own);
  });

  it('a handler that throws synchronously leaves its caller in its own domain', () => {
    const own = domain.create();
    const handle = escapeDomain(() => {
      throw new Error('at once');
    });
    own.run(() => {
      assert.throws(() => handle(undefined), /at once/);
      assert.ok(current() === own);
    });
  });

  it('a handler is called unchanged if there is no domain', () => {
    assert.equal(escapeDomain((input: number) => input + 1)(1), 2);
  });
});
