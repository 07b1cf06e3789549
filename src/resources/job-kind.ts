import { isObject } from '../validation/schema.ts';
import type { JsonObject } from '../validation/schema.ts';
import { shownText } from '../validation/shown-text.ts';
import { readTimestampMs } from './created-at.ts';
import { descriptionReader } from './description.ts';
import { stateOf } from './enum-state.ts';
import type { StateMeaning } from './enum-state.ts';
import { fieldPattern, valuesReader } from './field-path.ts';
import { pageQueryOf, readListPage } from './list-page.ts';
import type { JobEntries, JobFacts, ResourceKind } from './resource.ts';
import { unreadable } from './resource-state.ts';

/**
 * A kind of jobs, as a row of the generated catalog: everything that differs between kinds is data. A path of a field may
 * select an entry of a list, as `conditions[type=Completed].state`, or read all of them, as `statusHistory[].stateStartTime`.
 */
export interface JobKindRow {
  /** One of the jobs in a word, for people; `job` where absent. */
  readonly noun?: string;
  /** Path of the field with the state in one word; `state` where absent. */
  readonly stateField?: string;
  /** The beginning that all words have, as `JOB_STATE_`. */
  readonly prefix?: string;
  /**
   * The words of each meaning, separated by spaces. A word that is not listed is unreadable, never an end: so are
   * `STATE_UNSPECIFIED` and words that the service learns later.
   */
  readonly states: Readonly<Partial<Record<JobStateMeaning, string>>>;
  /** Whether a job without a state is running, as one that has not begun to write its conditions. */
  readonly isRunningWithoutState?: boolean;
  /** Words whose meaning depends on another field; the first that applies goes before `states`. */
  readonly overrides?: readonly StateOverride[];
  /** Path of the error of an ended job: an object with `code` and `message`, or a text. */
  readonly errorField?: string;
  /** Path of the name of a list's entry, or of its id within the list; `name` where absent. */
  readonly nameField?: string;
  /** The name of a list's entry, with paths in braces, where it has to be put together. */
  readonly nameTemplate?: string;
  /** Path of the location of a list's entry, where its name has none. */
  readonly locationField?: string;
  /** The field of a list's answer that holds its entries. */
  readonly itemsField: string;
  readonly unreachableField?: string;
  readonly pageSizeParameter?: string;
  /** The parameter for the token of a page, `pageToken` where absent, and the path of the token of the next one. */
  readonly pageTokenParameter?: string;
  readonly nextPageField?: string;
  /** Paths of the times of creation, in RFC 3339 or milliseconds; `createTime` where absent. */
  readonly createdAtFields?: readonly string[];
  /** Paths of the time at which the job began to run; `startTime` where absent. */
  readonly startedAtFields?: readonly string[];
  /** Paths of the time at which the job ended, or last changed. */
  readonly endedAtFields?: readonly string[];
  /** The fields that a sweep can match on: those of every kind that has them, as `labels.*`, and paths of its own. */
  readonly matchableFields: readonly string[];
  /** The paths of the fields that the kind has under another name, as `user_email` for `creator`. */
  readonly fieldPaths?: Readonly<Record<string, string>>;
  /** Those fields that hold a list of texts, as `tags`: a job that lacks it has none, as one without `labels`. */
  readonly listFields?: readonly string[];
  /** What a person should know of an ended job: what continues to cost, and what continues in its place. */
  readonly notes?: readonly JobNote[];
}

export type JobStateMeaning = Extract<StateMeaning, string>;

interface StateOverride {
  /** The word without its prefix; any word where absent. */
  readonly state?: string;
  readonly field: string;
  /** The value that the field has; any where absent. */
  readonly value?: string | boolean;
  readonly meaning: JobStateMeaning;
}

interface JobNote {
  /** The words, separated by spaces and without their prefix, with which it holds; any end where absent. */
  readonly states?: string;
  /** Path of a field that has to be there; its text replaces `{}`. */
  readonly field?: string;
  readonly text: string;
}

/** Largest size of a text that a note repeats, in bytes of UTF-8. */
const MAX_NOTED_BYTES = 256;

/** Makes a kind of jobs from its row. */
export function jobKind(row: JobKindRow): ResourceKind {
  const { noun = 'job', itemsField, unreachableField, pageSizeParameter, pageTokenParameter } = row;
  const { fieldPaths = {}, nextPageField } = row;
  const createdAtMs = timeReader(row.createdAtFields ?? ['createTime']);
  return {
    noun,
    readState: stateReader(row, noun),
    readJob: factsReader(row),
    readPage: (body) => readListPage(body, { noun, itemsField, unreachableField, nextPageField }),
    pageQuery: (page) => pageQueryOf(pageSizeParameter, page, pageTokenParameter),
    nameOf: nameReader(row),
    createdAtMs,
    describe: descriptionReader(
      { type: fieldPaths.type ?? 'type', verb: [], target: [fieldPaths.displayName ?? 'displayName'] },
      createdAtMs,
    ),
    matchableFields: fieldPattern(['state', ...row.matchableFields, ...pathsOf(fieldPaths)]),
    jobEntries: entriesReader(row),
  };
}

/** The name of a list's entry. An id alone is that of an entry of the collection, unless that stands for several. */
function nameReader({ nameField = 'name', nameTemplate }: JobKindRow): ResourceKind['nameOf'] {
  const readName = valuesReader(nameField);
  const readTemplate = nameTemplate === undefined ? undefined : templateReader(nameTemplate);
  return (entry, { name: collection }) => {
    if (readTemplate !== undefined) return readTemplate(entry);
    const [name] = readName(entry);
    if (typeof name !== 'string' || name === '' || name.includes('/'))
      return name === '' ? undefined : textOf(name);
    return collection.split('/').includes('-') ? undefined : `${collection}/${name}`;
  };
}

/** The paths by which a service itself knows fields that have another name here. */
const pathsOf = (fieldPaths: Readonly<Record<string, string>>) =>
  Object.entries(fieldPaths)
    .filter(([, path]) => path !== 'name')
    .map(([field, path]) => (field === 'labels' ? `${path}.*` : path));

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Fills in a name; undefined where a part of it is missing, or is none. */
function templateReader(template: string): (entry: JsonObject) => string | undefined {
  const parts = [...template.matchAll(/\{([\w.]+)\}/g)].map(([, path = '']) => valuesReader(path));
  return (entry) => {
    const values = parts.map((read) => textOf(read(entry)[0]));
    if (values.some((value) => value === undefined || value === '' || value.includes('/'))) return undefined;
    return template.replace(/\{[\w.]+\}/g, () => values.shift() ?? '');
  };
}

function entriesReader(row: JobKindRow): JobEntries {
  const { stateField = 'state', prefix = '', states, locationField, fieldPaths = {}, listFields = [] } = row;
  const readWord = valuesReader(stateField);
  const readLocation = locationField === undefined ? undefined : valuesReader(locationField);
  const formsOf = (word: string) =>
    prefix !== '' && word.startsWith(prefix) ? [word, word.slice(prefix.length)] : [word];
  return {
    locationOf: (entry) => textOf(readLocation?.(entry)[0]),
    startedAtMs: timeReader(row.startedAtFields ?? ['startTime']),
    pathOf: (field) => {
      const [root = '', ...rest] = field.split('.');
      const path = Object.hasOwn(fieldPaths, root) ? fieldPaths[root] : undefined;
      return [path ?? root, ...rest].join('.');
    },
    statesOf: (entry) => {
      const word = textOf(readWord(entry)[0]);
      return word === undefined ? [] : formsOf(word);
    },
    states: Object.values(states).flatMap((words) =>
      words.split(' ').flatMap((word) => formsOf(prefix + word)),
    ),
    fields: ['name', 'state', ...row.matchableFields],
    isList: (field) => listFields.includes(field),
  };
}

function stateReader(row: JobKindRow, noun: string): ResourceKind['readState'] {
  const {
    stateField = 'state',
    prefix = '',
    states,
    overrides = [],
    errorField,
    isRunningWithoutState,
  } = row;
  const readWord = valuesReader(stateField);
  const readName = valuesReader(row.nameField ?? 'name');
  const readError = errorField === undefined ? () => [] : valuesReader(errorField);
  const meanings = new Map<unknown, JobStateMeaning>(
    Object.entries(states).flatMap(([meaning, words]) =>
      words.split(' ').map((word) => [prefix + word, meaning as JobStateMeaning] as const),
    ),
  );
  const special = overrides.map(({ state, field, value, meaning }) => {
    const read = valuesReader(field);
    const applies = (word: unknown, body: unknown) =>
      (state === undefined || word === prefix + state) &&
      (value === undefined ? read(body).length > 0 : read(body).includes(value));
    return { meaning, applies };
  });

  return (body) => {
    if (!isObject(body)) return unreadable('the answer is not a JSON object');
    const [word] = readWord(body);
    if (word === undefined && isRunningWithoutState === true && typeof readName(body)[0] === 'string') {
      return stateOf('running', '', undefined);
    }
    const usual = meanings.get(word);
    if (usual === undefined)
      return unreadable(`"${stateField}" is not a known state of ${withArticle(noun)}`);
    const meaning = special.find(({ applies }) => applies(word, body))?.meaning ?? usual;
    return stateOf(meaning, String(word), readError(body)[0]);
  };
}

function factsReader({ stateField = 'state', prefix = '', endedAtFields = [], notes = [] }: JobKindRow) {
  const readWord = valuesReader(stateField);
  const readEnd = timeReader(endedAtFields);
  const readNotes = notes.map(({ states, field, text }) => {
    const words = states?.split(' ').map((word) => prefix + word);
    const read = field === undefined ? () => [''] : valuesReader(field);
    return (body: unknown, word: unknown): readonly string[] => {
      if (words !== undefined && !words.includes(String(word))) return [];
      const [value] = read(body);
      return typeof value === 'string' && (field === undefined || value !== '')
        ? [text.replace('{}', () => shownText(value, MAX_NOTED_BYTES))]
        : [];
    };
  });
  return (body: unknown): JobFacts => {
    const [word] = readWord(body);
    const endedAtMs = readEnd(body);
    const note = readNotes.flatMap((read) => read(body, word)).join(' ');
    return {
      ...(typeof word === 'string' && { state: shownText(word, MAX_NOTED_BYTES) }),
      ...(endedAtMs !== undefined && { endedAtMs }),
      ...(note !== '' && { note }),
    };
  };
}

/** Reads the first field that has a time, and the earliest of several. */
function timeReader(fields: readonly string[]): (body: unknown) => number | undefined {
  const readers = fields.map(valuesReader);
  return (body) => {
    for (const read of readers) {
      const times = read(body).flatMap((value) => readTimestampMs(value) ?? readEpochMs(value) ?? []);
      if (times.length > 0) return Math.min(...times);
    }
    return undefined;
  };
}

/** Milliseconds since the epoch in a string, as BigQuery writes an int64. */
const readEpochMs = (value: unknown): number | undefined =>
  typeof value === 'string' && /^[1-9]\d{11,13}$/.test(value) ? Number(value) : undefined;

const withArticle = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
