import { mkdir, writeFile } from 'node:fs/promises';
import { generateSchemas } from './schemas.ts';

/** `npm run contracts`: writes docs/schemas/ anew. */
await mkdir('docs/schemas', { recursive: true });
for (const [file, text] of generateSchemas()) {
  await writeFile(`docs/schemas/${file}`, text);
  console.log(`docs/schemas/${file}: ${text.length} characters`);
}
