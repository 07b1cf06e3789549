import { watchParents } from './parents.ts';

/**
 * Loaded into a process that must not outlive the one that started it, however that one ends. `?parent=` is the id of that
 * one: asked for only here, it would be another one where the first is gone already.
 */
watchParents(() => process.exit(0), Number(new URL(import.meta.url).searchParams.get('parent')));
