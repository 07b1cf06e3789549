import { writeFile } from 'node:fs/promises';
import { extractApis } from './extract.ts';
import { EXTRACT, generatedFiles, printExtract, readExtract } from './files.ts';
import { PACKAGE, PACKAGE_VERSION, withPackage } from './package.ts';

/**
 * `npm run catalog`: reads the package, and writes the catalog and its page. With `-- --offline` the extract
 * stays as it is, for a change of the overlay alone.
 */
const offline = process.argv.includes('--offline');
if (!offline) {
  console.log(`Fetching ${PACKAGE} ${PACKAGE_VERSION}; this takes a minute …`);
  await writeFile(EXTRACT, printExtract(await withPackage(extractApis)));
}
const apis = await readExtract();
for (const [path, content] of Object.entries(generatedFiles(apis))) {
  await writeFile(path, content);
  console.log(`${path}: ${content.length} characters`);
}
