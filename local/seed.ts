import { readFile } from 'node:fs/promises';
import { ControlInputError } from './emulators/google-apis/control-fields.ts';
import { readImport } from './emulators/google-apis/control-input.ts';
import type { ControlImport } from './emulators/google-apis/control-input.ts';
import { burningJobs } from './job-scenarios.ts';
import { exampleOperations, scenarios } from './scenarios.ts';
import { sweptOperations } from './sweep-scenarios.ts';

/** The operations of the demo, of its sweeps, and of the examples in docs/messages.md, and its jobs. */
export const demoSeed = (): ControlImport => ({
  operations: [
    ...scenarios.flatMap(({ operation }) => (operation ? [operation] : [])),
    ...exampleOperations.map((url) => ({ url, script: { afterMs: 2_000 } })),
    ...sweptOperations,
  ].map(({ url, script }) => ({ url, ...script })),
  jobs: burningJobs.map(({ url, script }) => ({ url, ...script })),
});

/** Reads a seed from a file, or says in a sentence why it cannot. */
export async function readSeed(
  file: string,
): Promise<{ readonly seed: ControlImport } | { readonly mistake: string }> {
  try {
    return { seed: readImport(await readFile(file, 'utf8')) };
  } catch (error) {
    if (!(error instanceof ControlInputError) && !(error instanceof Error && 'code' in error)) throw error;
    return { mistake: `--seed ${file}: ${error.message}` };
  }
}
