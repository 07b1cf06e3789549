import { readFile } from 'node:fs/promises';
import type { ConfigurationExtract } from './extract-configurations.ts';
import type { ApiVersion } from './extract.ts';
import { generateCatalog, printCatalog } from './generate.ts';
import { printJobs } from './jobs-page.ts';
import { printServices } from './services-page.ts';

/** The extracts of both sources, kept so that the catalog can be made and checked without the sources. */
export const EXTRACT = 'tools/catalog/extract.json';
export const CONFIGURATIONS = 'tools/catalog/configurations.json';

/** The extracts that the catalog is made from. The overlay is code. */
export interface Sources {
  readonly apis: readonly ApiVersion[];
  readonly extract: ConfigurationExtract;
}

const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as unknown;

export const readExtract = async () => (await readJson(EXTRACT)) as readonly ApiVersion[];
export const readConfigurations = async () => (await readJson(CONFIGURATIONS)) as ConfigurationExtract;

export const readSources = async (): Promise<Sources> => ({
  apis: await readExtract(),
  extract: await readConfigurations(),
});

/** A line for each API version, so that a change shows where it is. */
export const printExtract = (apis: readonly ApiVersion[]) => `[\n${printLines(apis)}\n]\n`;

export const printConfigurations = ({ commit, configurations, otherCancels }: ConfigurationExtract) =>
  `{"commit":${JSON.stringify(commit)},"configurations":[\n${printLines(configurations)}\n],"otherCancels":[\n${printLines(otherCancels)}\n]}\n`;

const printLines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(',\n');

/** The files that are made of the extracts and the overlay, by path. */
export function generatedFiles({ apis, extract }: Sources): Readonly<Record<string, string>> {
  const generated = generateCatalog(apis, extract.configurations);
  return {
    'src/catalog/catalog.json': printCatalog(generated),
    'docs/services.md': printServices(generated),
    'docs/jobs.md': printJobs(),
  };
}
