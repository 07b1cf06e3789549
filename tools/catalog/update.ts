import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { extractConfigurations } from './extract-configurations.ts';
import { extractApis } from './extract.ts';
import {
  CONFIGURATIONS,
  EXTRACT,
  generatedFiles,
  printConfigurations,
  printExtract,
  readSources,
} from './files.ts';
import { openSnapshot } from './googleapis.ts';
import { PACKAGE, PACKAGE_VERSION, withPackage } from './package.ts';

/**
 * `npm run catalog`: reads the package, and writes the catalog and its page. With `-- --offline` the extract of
 * the package stays as it is, for a change of the overlay alone. The second source is read if
 * `-- --googleapis CLONE` or the variable `GOOGLEAPIS_CLONE` names a clone of googleapis/googleapis; otherwise its
 * extract stays as it is.
 */
const { values: flags } = parseArgs({
  options: { offline: { type: 'boolean', default: false }, googleapis: { type: 'string' } },
});
const clone = flags.googleapis ?? process.env.GOOGLEAPIS_CLONE;
if (!flags.offline) {
  console.log(`Fetching ${PACKAGE} ${PACKAGE_VERSION}; this takes a minute …`);
  await writeFile(EXTRACT, printExtract(await withPackage(extractApis)));
}
if (clone !== undefined && clone !== '') {
  console.log(`Reading ${clone}; this takes a minute …`);
  const extract = await extractConfigurations(await openSnapshot(clone));
  await writeFile(CONFIGURATIONS, printConfigurations(extract));
}
for (const [path, content] of Object.entries(generatedFiles(await readSources()))) {
  await writeFile(path, content);
  console.log(`${path}: ${content.length} characters`);
}
