import { makeRelease } from './make-release.ts';

/** `npm run release`: makes the files of a release in `release/`. */
for (const file of await makeRelease('release')) console.log(`release/${file}`);
