/** The exit codes of `lro-cancel`, which docs/cli.md lists. */
export const EXIT = {
  /** Every outcome is the one that was asked for. */
  done: 0,
  /** Another outcome, or something that is wrong. */
  otherOutcome: 1,
  /** Wrong usage, or nothing could be sent. */
  usage: 2,
  /** No result in time. */
  noResult: 3,
  /** The reader of the output has gone, as `| head -1` does. Shells report 141 for a program that SIGPIPE ended. */
  brokenPipe: 141,
} as const;

/** How shells report that a signal ended a program: 128 and its number. */
export const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;
