import { isObject } from '../validation/schema.ts';
import type { JsonObject } from '../validation/schema.ts';
import { createdAtReader } from './created-at.ts';
import { descriptionReader } from './description.ts';
import { fieldPattern, fieldReader } from './field-path.ts';
import { pageQueryOf, readListPage } from './list-page.ts';
import type { Collection, ResourceKind } from './resource.ts';
import { unreadable } from './resource-state.ts';
import type { ResourceState } from './resource-state.ts';
import { CANCELLED, readMessage, UNKNOWN } from './rpc-status.ts';

/** A kind, as data, whose resources have a field with their state in one word. */
export interface EnumStateRow {
  readonly noun: ResourceKind['noun'];
  /** Path of the field with the word, as `status.state`. */
  readonly stateField: string;
  /**
   * The meaning of each word. Words that are not listed, such as `STATE_UNSPECIFIED` or one that the service
   * learned later, are unreadable: they are never taken for an end.
   */
  readonly states: Readonly<Record<string, StateMeaning>>;
  /**
   * Path of the error of an ended resource: an object with `code` and `message`, or a text. Where the error is missing,
   * the word of the state is its message.
   */
  readonly errorField?: string;
  /** The field of a list's answer that holds its entries. */
  readonly itemsField: string;
  /** The field of a list's answer that names the places it leaves out; `unreachable` where absent. */
  readonly unreachableField?: string;
  /** The query parameter for the size of a page; absent for a service that lists everything at once. */
  readonly pageSizeParameter?: string;
  /** Path of the name of a list's entry; `name` where absent. */
  readonly nameField?: string;
  /**
   * For a service whose entries may have an id in place of a name: the fields that name the location of an entry. The
   * first that is a text replaces the `-` in the name of the collection.
   */
  readonly placeFields?: readonly string[];
  /** Paths of the times from which the age is computed, the creation first. */
  readonly createdAtFields: readonly string[];
  /** Paths of the fields with the action and with the resource that it changes, for a description. */
  readonly verbFields?: readonly string[];
  readonly targetFields?: readonly string[];
  /** Paths of the fields that a sweep can match on; `labels.*` stands for every field below `labels`. */
  readonly matchableFields: readonly string[];
}

/**
 * The meaning of a state. `cancelling` is running with a cancel under way. A word that only says that the
 * resource has ended has a function that reads how it ended.
 */
export type StateMeaning =
  'running' | 'cancelling' | 'cancelled' | 'succeeded' | 'failed' | ((body: JsonObject) => ResourceState);

/** Makes a kind from a row of data. */
export function enumStateKind(row: EnumStateRow): ResourceKind {
  const { noun, itemsField, unreachableField, pageSizeParameter, verbFields = [], targetFields = [] } = row;
  const createdAtMs = createdAtReader(row.createdAtFields);
  return {
    noun,
    readState: stateReader(row),
    readPage: (body) => readListPage(body, { noun, itemsField, unreachableField }),
    pageQuery: (page) => pageQueryOf(pageSizeParameter, page),
    nameOf: nameReader(row),
    createdAtMs,
    describe: descriptionReader({ verb: verbFields, target: targetFields }, createdAtMs),
    matchableFields: fieldPattern(row.matchableFields),
  };
}

function stateReader({ noun, stateField, states, errorField }: EnumStateRow): ResourceKind['readState'] {
  const readWord = fieldReader(stateField);
  const readError = errorField === undefined ? () => undefined : fieldReader(errorField);
  const meanings: ReadonlyMap<unknown, StateMeaning> = new Map(Object.entries(states));
  const unknownState = `"${stateField}" is not a known state of ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

  return (body) => {
    if (!isObject(body)) return unreadable('the answer is not a JSON object');
    const word = readWord(body);
    const state = meanings.get(word);
    if (state === undefined) return unreadable(unknownState);
    return typeof state === 'function' ? state(body) : stateOf(state, String(word), readError(body));
  };
}

/**
 * The state that a word with a fixed meaning tells.
 *
 * @param error the error of an ended resource; where it has no message, the word is the message
 */
export function stateOf(meaning: Extract<StateMeaning, string>, word: string, error: unknown): ResourceState {
  switch (meaning) {
    case 'running':
    case 'cancelling':
      return { kind: 'running', cancellationRequested: meaning === 'cancelling' };
    case 'succeeded':
      return { kind: 'succeeded' };
    case 'cancelled':
      return { kind: 'cancelled', error: errorOf(error, CANCELLED, word) };
    case 'failed':
      return { kind: 'failed', error: errorOf(error, UNKNOWN, word) };
  }
}

/** The code and message of an end: those of the error where it has them, else the default and the word. */
function errorOf(error: unknown, defaultCode: number, word: string) {
  const { code, message } = isObject(error) ? error : { code: undefined, message: error };
  return {
    code: typeof code === 'number' && Number.isInteger(code) ? code : defaultCode,
    message: readMessage(message) || word,
  };
}

function nameReader({ nameField = 'name', placeFields }: EnumStateRow): ResourceKind['nameOf'] {
  const readName = fieldReader(nameField);
  const readPlaces = placeFields?.map(fieldReader);
  return (entry, collection) => {
    const name = readName(entry);
    if (typeof name !== 'string' || name === '') return undefined;
    if (readPlaces === undefined || name.includes('/')) return name;
    const place = readPlaces.map((read) => read(entry)).find((value) => typeof value === 'string');
    return nameInCollection(collection, place, name);
  };
}

/** The name of an entry that has only an id; undefined where its location is not known. */
function nameInCollection(
  { name }: Pick<Collection, 'name'>,
  place: string | undefined,
  id: string,
): string | undefined {
  const segments = name.split('/').map((segment) => (segment === '-' ? place : segment));
  return segments.every((segment) => segment !== undefined) ? [...segments, id].join('/') : undefined;
}
