import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Failure } from '../../src/validation/failure.ts';
import type { FailureCode, FieldPath } from '../../src/validation/failure.ts';

/**
 * An input that is refused, with the code and the path of its failure. The wording of all of them is in
 * test/validation/messages.golden.json and nowhere else.
 */
export interface Refusal<Input extends readonly unknown[] = readonly unknown[]> {
  /** Unique in its list. */
  readonly title: string;
  readonly input: Input;
  readonly code: FailureCode;
  readonly path: FieldPath;
  /** Throws the failure, or returns a reading that has it. */
  readonly refuse: () => unknown;
}

/** A title, the input, and the code and path of the failure. */
type Case<Input extends readonly unknown[]> = readonly [string, ...Input, FailureCode, FieldPath];

/** Turns a table of inputs for one function into refusals. */
export const refusalsOf = <Input extends readonly unknown[]>(
  read: (...input: Input) => unknown,
  cases: readonly Case<Input>[],
): readonly Refusal<Input>[] =>
  cases.map(([title, ...rest]) => {
    const [code, path] = rest.slice(-2) as [FailureCode, FieldPath];
    const input = rest.slice(0, -2) as unknown as Input;
    return { title, input, code, path, refuse: () => read(...input) };
  });

/** The failure that an input causes, thrown or returned. */
export function failureOf(refuse: () => unknown): Failure {
  let given: unknown;
  try {
    given = refuse();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  const { failure, mistakes = [failure] } = given as { failure?: unknown; mistakes?: readonly unknown[] };
  const [first, ...more] = mistakes;
  assert.ok(first instanceof Failure && more.length === 0, 'there is one failure');
  return first;
}

/** Defines a test for each refusal, which asserts the code and the path of the failure. */
export function itRefuses(refusals: readonly Refusal[], toTitle: (title: string) => string): void {
  for (const { title, code, path, refuse } of refusals) {
    it(toTitle(title), () => {
      const failure = failureOf(refuse);
      assert.deepEqual([failure.code, failure.path], [code, path]);
    });
  }
}
