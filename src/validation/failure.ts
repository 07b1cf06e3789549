/**
 * What can go wrong, as one class with a closed set of codes.
 *
 * `TypeError` and `ValueError` are the sender's mistakes (the words are those of the Workflows connector:
 * wrong type; right type, unusable value). They are permanent: answered with `REJECTED` and acknowledged. So
 * is `Unsupported`, what was understood and nobody can do: answered with `UNSUPPORTED`. `NotDue` and
 * `Unavailable` pass with time: thrown, so that Pub/Sub delivers the message again.
 */
export type FailureCode = 'TypeError' | 'ValueError' | 'Unsupported' | 'NotDue' | 'Unavailable';

export class Failure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
  }

  /** Whether another delivery of the same message can end differently. */
  get retryable(): boolean {
    return this.code === 'NotDue' || this.code === 'Unavailable';
  }
}

/** Whether an error is the message's own fault: permanent, to be answered. */
export const isPermanent = (error: unknown): error is PermanentFailure =>
  error instanceof Failure && !error.retryable;

export type PermanentFailure = Failure & { readonly code: 'TypeError' | 'ValueError' | 'Unsupported' };

/** The sender used the wrong type. `field` is the path a person would look for, such as `labels.team`. */
export const typeFailure = (field: string, problem: string) =>
  new Failure('TypeError', `${field}: ${problem}`);

/** The sender used the right type, but a value that cannot be used. */
export const valueFailure = (field: string, problem: string) =>
  new Failure('ValueError', `${field}: ${problem}`);

/**
 * Text from outside, safe to repeat in a message or a log: quoted, control characters escaped, and bounded.
 */
export function quote(text: string, maxLength = 120): string {
  const shown = text.length > maxLength ? `${text.slice(0, maxLength).toWellFormed()}…` : text;
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
