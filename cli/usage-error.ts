/** Thrown for arguments that cannot be used. The message says which, and what it should be. */
export class UsageError extends Error {}
