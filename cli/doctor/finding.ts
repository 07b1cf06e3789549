/** One line of `lro-cancel doctor`. */
export interface Finding {
  /** What was looked at, such as `queue lro-cancel-rechecks`. */
  readonly subject: string;
  /** `unknown` where it could not be read. */
  readonly state: 'ok' | 'wrong' | 'unknown';
  /** What is wrong, and what to do. */
  readonly advice?: string;
}

export const ok = (subject: string): Finding => ({ subject, state: 'ok' });
export const wrong = (subject: string, advice: string): Finding => ({ subject, state: 'wrong', advice });
export const unknown = (subject: string, advice: string): Finding => ({ subject, state: 'unknown', advice });

/** A finding of the problems of one subject: wrong if there is any. */
export const findingOf = (subject: string, problems: readonly (string | false | undefined)[]): Finding => {
  const found = problems.filter((problem) => typeof problem === 'string');
  return found.length === 0 ? ok(subject) : wrong(subject, found.join(' '));
};
