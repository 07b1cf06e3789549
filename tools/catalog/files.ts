import { readFile } from 'node:fs/promises';
import type { ApiVersion } from './extract.ts';
import { generateCatalogue, printCatalog } from './generate.ts';
import { printServices } from './services-page.ts';

/** The extract of the package, kept so that the catalog can be made and checked without a network. */
export const EXTRACT = 'tools/catalog/extract.json';

export const readExtract = async () => JSON.parse(await readFile(EXTRACT, 'utf8')) as readonly ApiVersion[];

/** A line for each API version, so that a change shows where it is. */
export const printExtract = (apis: readonly ApiVersion[]) =>
  `[\n${apis.map((api) => JSON.stringify(api)).join(',\n')}\n]\n`;

/** The files that are made of the extract and the overlay, by path. */
export function generatedFiles(apis: readonly ApiVersion[]): Readonly<Record<string, string>> {
  const generated = generateCatalogue(apis);
  return {
    'src/catalog/catalog.json': printCatalog(generated),
    'docs/services.md': printServices(generated),
  };
}
