import * as v from 'valibot';

/** A POST of the page: takes JSON, gives JSON, or says what is wrong with its input. */
export type Action = (input: unknown) => Promise<ActionResult>;

export type ActionResult = { readonly value: unknown } | { readonly refused: string };

/** Reads the input of an action by its schema. */
export function readInput<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): { readonly input: v.InferOutput<Schema> } | { readonly refused: string } {
  const result = v.safeParse(schema, input);
  if (result.success) return { input: result.output };
  const [{ path, message }] = result.issues;
  return { refused: `${path?.map(({ key }) => String(key)).join('.') ?? 'input'}: ${message}` };
}
