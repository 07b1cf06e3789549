import { watchParents } from './parents.ts';

/** Loaded into a process that must not outlive the one that started it, however that one ends. */
watchParents(() => process.exit(0));
