/**
 * A name with unknown parts, by its segments: the operation `projects/p/locations/l/operations/o` of Vertex AI is also
 * `projects/p/locations/l/{some path}/operations/o`. A template stands for every name that it can be.
 */
export type Template = readonly Segment[];

export type Segment = string | UnknownText;

/** A text that the name does not say. */
export interface UnknownText {
  readonly unknown: 'project id' | 'project number' | 'project' | 'segment' | 'path';
  /** Texts that it is known not to be, in lower case. */
  readonly except: readonly string[];
}

/** Any one segment, as the location of a name without one. */
export const ANY_SEGMENT: UnknownText = { unknown: 'segment', except: ['-'] };
/** One or more segments, as the parent of an operation that a short name leaves out. */
export const ANY_PATH: UnknownText = { unknown: 'path', except: ['-'] };
/** A project, by id or number. */
export const ANY_PROJECT: UnknownText = { unknown: 'project', except: ['-', '_'] };

const CHARACTERS = {
  'project id': /[a-z0-9.:-]/,
  'project number': /[0-9]/,
  project: /[a-z0-9.:-]/,
  segment: /[a-z0-9._~!$&'()+,=@-]/,
  path: /[a-z0-9._~!$&'()+,=@/-]/,
} satisfies Record<UnknownText['unknown'], RegExp>;

/** Whether an unknown text can contain a character, in lower case. */
export const allows = ({ unknown }: UnknownText, character: string) => CHARACTERS[unknown].test(character);

/**
 * A text that began with `text` and continues with a character: undefined once no exception applies to it any more,
 * whatever follows.
 */
export function advance(
  { unknown, except }: UnknownText,
  text: string | undefined,
  character: string,
): string | undefined {
  if (text === undefined) return undefined;
  const longer = text + character;
  const isOpen =
    except.some((one) => one.startsWith(longer)) || (unknown === 'project id' && isNumber(longer));
  return isOpen ? longer : undefined;
}

/** Whether an unknown text can end here. */
export const accepts = ({ unknown, except }: UnknownText, text: string | undefined) =>
  text === undefined ||
  (text !== '' && !except.includes(text) && !(unknown === 'project id' && isNumber(text)));

/** Whether a project is named by its number: ids begin with a letter, or with a domain. */
export const isNumber = (project: string) => /^\d+$/.test(project);
