/**
 * The one class of errors that this system throws, with a closed set of codes.
 *
 * `TypeError` and `ValueError` are the sender's mistakes (the words are those of the Workflows connector:
 * wrong type; right type, unusable value). They are permanent: answered with `REJECTED` and acknowledged. So
 * is `Unsupported`, a request that is understood and that no service can fulfil: answered with
 * `UNSUPPORTED`. `NotDue` and `Unavailable` pass with time: thrown, so that Pub/Sub delivers the message
 * again.
 *
 * A failure says where its problem is (`path`) and what it is (`problem`); its message is made of the two.
 * Code that needs one of them reads the property, never the message.
 */
const PERMANENT_CODES = ['TypeError', 'ValueError', 'Unsupported'] as const;
const TRANSIENT_CODES = ['NotDue', 'Unavailable'] as const;

export type PermanentCode = (typeof PERMANENT_CODES)[number];
export type TransientCode = (typeof TRANSIENT_CODES)[number];
export type FailureCode = PermanentCode | TransientCode;

/** The path to a field: names of fields and indexes of arrays, as `['operations', 3]`. */
export type FieldPath = readonly (string | number)[];

/** A problem and the field that has it. */
export interface Problem {
  /** Empty where the problem is not that of a field. */
  readonly path: FieldPath;
  readonly problem: string;
}

/** A value that is right, in the wrong field. */
export interface Misplacement {
  /** The value and its kind, as `"projects/p/…" is a job of batch`. */
  readonly finding: string;
  /** The field that it belongs in. */
  readonly field: 'job' | 'operation';
}

interface FailureOptions extends ErrorOptions {
  readonly path?: FieldPath;
  /** More problems that were found at the same time. */
  readonly others?: readonly Problem[];
  /** The number of problems beyond these. */
  readonly omitted?: number;
  /** Where the value would be right. */
  readonly misplacement?: Misplacement | undefined;
}

export class Failure extends Error implements Problem {
  readonly code: FailureCode;
  readonly problem: string;
  readonly path: FieldPath;
  readonly others: readonly Problem[];
  readonly omitted: number;
  readonly misplacement: Misplacement | undefined;
  /** The length of the part of each path that `at` added: the message has it once, in front. */
  readonly #placeLength: number;

  /** @param placeLength is for `at` alone */
  constructor(code: FailureCode, problem: string, options: FailureOptions = {}, placeLength = 0) {
    const { path = [], others = [], omitted = 0, misplacement } = options;
    super(textOf({ path, problem }, others, omitted, placeLength), 'cause' in options ? options : undefined);
    this.name = 'Failure';
    this.code = code;
    this.problem = problem;
    this.path = path;
    this.others = others;
    this.omitted = omitted;
    this.misplacement = misplacement;
    this.#placeLength = placeLength;
  }

  /**
   * Makes a failure of anything that was thrown, which it keeps as its cause.
   *
   * @param attempt what failed, to stand before the message of the cause
   */
  static from(thrown: unknown, code: FailureCode, attempt?: string): Failure {
    const message = messageOf(thrown);
    return new Failure(code, attempt === undefined ? message : `${attempt}: ${message}`, { cause: thrown });
  }

  /** Whether another delivery of the same message can end differently. */
  get retryable(): boolean {
    return isOneOf(TRANSIENT_CODES, this.code);
  }

  /**
   * The same failure inside something larger: `service` of a target is `nightly.targets[0].service` of all
   * sweeps.
   */
  at(...place: FieldPath): this {
    const within = ({ path, problem }: Problem) => ({ path: [...place, ...path], problem });
    return this.#with(within(this).path, this.others.map(within), this.#placeLength + place.length);
  }

  /**
   * The same failure in the words of its sender.
   *
   * @param names the paths that the sender knows, by the names of fields here: `operation` is `args.name` in
   *   a call of the Workflows connector
   */
  inFieldsOf(names: Readonly<Record<string, FieldPath>>): this {
    const renamed = (path: FieldPath): FieldPath => {
      const [first, ...rest] = path;
      const name = typeof first === 'string' && Object.hasOwn(names, first) ? names[first] : undefined;
      return name === undefined ? path : [...name, ...rest];
    };
    const others = this.others.map(({ path, problem }) => ({ path: renamed(path), problem }));
    return this.#with(renamed(this.path), others, this.#placeLength);
  }

  #with(path: FieldPath, others: readonly Problem[], placeLength: number): this {
    const { code, problem, omitted, misplacement } = this;
    const cause = 'cause' in this ? { cause: this.cause } : {};
    return new Failure(code, problem, { path, others, omitted, misplacement, ...cause }, placeLength) as this;
  }
}

export type PermanentFailure = Failure & { readonly code: PermanentCode };

/** Whether an error is the message's own fault: permanent, to be answered. */
export const isPermanent = (error: unknown): error is PermanentFailure =>
  error instanceof Failure && isOneOf(PERMANENT_CODES, error.code);

const isOneOf = (codes: readonly FailureCode[], code: FailureCode) => codes.includes(code);

/** A field by its name, or by the path to it. */
export type Field = string | FieldPath;

const pathOf = (field: Field): FieldPath => (typeof field === 'string' ? [field] : field);

/** The sender used the wrong type. */
export const typeFailure = (field: Field, problem: string) =>
  new Failure('TypeError', problem, { path: pathOf(field) });

/** The sender used the right type, but a value that cannot be used. */
export const valueFailure = (field: Field, problem: string, options: Omit<FailureOptions, 'path'> = {}) =>
  new Failure('ValueError', problem, { ...options, path: pathOf(field) });

/** `labels.team: must be a string; dryRun: must be true or false; and 2 more` */
function textOf(first: Problem, others: readonly Problem[], omitted: number, placeLength: number): string {
  const place = joined(first.path.slice(0, placeLength));
  const [own = '', ...more] = [first, ...others].map(({ path, problem }) => {
    const field = path.slice(placeLength);
    return field.length === 0 ? problem : `${fieldText(field)}: ${problem}`;
  });
  const placed = place === '' ? own : `${place}${first.path.length > placeLength ? '.' : ': '}${own}`;
  return [placed, ...more, ...(omitted > 0 ? [`and ${omitted} more`] : [])].join('; ');
}

/** A path as a person writes it: `labels.team`, `operations[3]`. The names in it are the sender's text. */
function fieldText(path: FieldPath): string {
  const field = joined(path);
  return /^[\w.[\]-]{1,100}$/.test(field) ? field : quote(field);
}

const joined = (path: FieldPath) =>
  path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`))
    .join('')
    .replace(/^\./, '');

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
