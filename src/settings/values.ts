import { jobKindNames } from '../catalog/catalog.ts';
import { isKnownService } from '../catalog/resolve.ts';
import { serviceByOwnLabel } from '../catalog/host.ts';
import type { Glob } from '../policy/glob.ts';
import { compileNameGlob } from '../policy/name-glob.ts';
import type { KnownProjects } from '../policy/projects.ts';
import { Failure, quote, valueFailure } from '../validation/failure.ts';
import { mostSimilar } from '../validation/similar.ts';

/**
 * Reads the value of a variable. Throws Failure `ValueError` that names the variable and what it should be.
 */
export type ReadValue<T> = (variable: string, text: string) => T;

const PROJECT = '[a-z0-9][a-z0-9.:-]{0,98}';
const TOPIC = new RegExp(`^(?:projects/${PROJECT}/topics/)?(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}$`);

const matching =
  (expression: RegExp, description: string): ReadValue<string> =>
  (variable, text) => {
    if (expression.test(text)) return text;
    throw valueFailure(variable, `must be ${description}, not ${quote(text)}`);
  };

export const readTopic = matching(TOPIC, "a topic's id or projects/{project}/topics/{topic}");
export const readQueue = matching(
  new RegExp(`^projects/${PROJECT}/locations/[a-z0-9-]+/queues/[A-Za-z0-9-]{1,100}$`),
  'projects/{project}/locations/{location}/queues/{queue}',
);
const EMAIL_ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
export const readServiceAccount = matching(EMAIL_ADDRESS, 'the email address of a service account');
export const readSubject = matching(EMAIL_ADDRESS, "the email address of a domain's administrator");
export const readProject = matching(new RegExp(`^${PROJECT}$`), 'the id of a project');

export const readRecheckDelay: ReadValue<'redelivery' | 'cloud-tasks'> = (variable, text) => {
  if (text === 'redelivery' || text === 'cloud-tasks') return text;
  throw valueFailure(variable, `must be redelivery or cloud-tasks, not ${quote(text)}`);
};

const entriesOf = (text: string) => text.split(',').map((entry) => entry.trim());

export const readProjects: ReadValue<readonly string[]> = (variable, text) =>
  entriesOf(text).map((entry) => {
    if (entry === '*' || (new RegExp(`^${PROJECT}$`).test(entry) && !/^0\d/.test(entry))) return entry;
    const expected = 'must be ids or numbers of projects, separated by commas, or *';
    throw valueFailure(variable, `${expected}, not ${quote(entry)}`);
  });

/** Reads `{id}={number}` of projects: no id has two numbers, no number two ids. */
export const readProjectNumbers: ReadValue<KnownProjects> = (variable, text) => {
  const pairs = entriesOf(text).map((entry) => {
    const [, id, number] = new RegExp(`^(${PROJECT})=([1-9]\\d{0,18})$`).exec(entry) ?? [];
    if (id !== undefined && number !== undefined && !/^\d+$/.test(id)) return [id, number] as const;
    const expected = 'must be ids of projects with their numbers, such as my-project=123456789012';
    throw valueFailure(variable, `${expected}, separated by commas, not ${quote(entry)}`);
  });
  for (const [id, number] of pairs) {
    const other = pairs.find((pair) => (pair[0] === id) !== (pair[1] === number));
    if (other === undefined) continue;
    throw valueFailure(
      variable,
      `must give each project one number, but has ${quote(`${id}=${number}`)} and ${quote(other.join('='))}`,
    );
  }
  return pairs;
};

export const readServices: ReadValue<readonly string[]> = (variable, text) =>
  entriesOf(text).map((entry) => {
    const label = entry.replace(/\.googleapis\.com$/, '');
    const service = serviceByOwnLabel(label) ?? label;
    if (service === '*' || isKnownService(service)) return service;
    throw valueFailure(
      variable,
      `must be services that docs/services.md lists, separated by commas, or *, not ${quote(entry)}`,
    );
  });

/** In characters: as many as 128 bits have in hexadecimal. */
const MIN_MESSAGE_KEY_LENGTH = 32;

/** Reads the keys of messages. They are secret: a failure does not repeat them. */
export const readMessageKeys: ReadValue<readonly string[]> = (variable, text) => {
  const keys = entriesOf(text);
  if (keys.every((key) => key.length >= MIN_MESSAGE_KEY_LENGTH)) return keys;
  throw valueFailure(
    variable,
    `must be keys of at least ${MIN_MESSAGE_KEY_LENGTH} characters each, separated by commas`,
  );
};
/** Reads kinds of jobs: `aiplatform.customJobs`, `dataflow` for all kinds of a service, `*` for all. */
export const readJobs: ReadValue<readonly string[]> = (variable, text) =>
  entriesOf(text).map((entry) => {
    const [label = '', kind] = entry.replace(/\.googleapis\.com(?=\.|$)/, '').split('.');
    const service = serviceByOwnLabel(label) ?? label;
    const name = kind === undefined ? service : `${service}.${kind}`;
    if (name === '*' || jobKindNames.has(name)) return name;
    const kinds = [...jobKindNames].filter(([known]) => known.startsWith(`${service}.`));
    if (kind === undefined && kinds.some(([, { explicit }]) => !explicit)) return name;
    if (kind === undefined && kinds.length > 0) {
      const names = kinds.map(([known]) => known).join(', ');
      throw valueFailure(
        variable,
        `${quote(entry)} allows nothing: its kinds are allowed by full name, as ${names}`,
      );
    }
    const meant = kindMeantBy(name, kinds);
    const advice = meant === undefined ? 'docs/jobs.md lists them' : `did you mean ${meant}?`;
    throw valueFailure(
      variable,
      `must be kinds of jobs, such as aiplatform.customJobs, services, such as dataflow, or *, separated by commas, not ${quote(entry)}; ${advice}`,
    );
  });

/** The kind that was probably meant, also by a kind without its service. */
function kindMeantBy(name: string, ofService: readonly (readonly [string, unknown])[]): string | undefined {
  const services = new Set([...jobKindNames.keys()].map((kind) => kind.slice(0, kind.indexOf('.'))));
  const byKind = [...jobKindNames.keys()].filter((kind) => kind.endsWith(`.${name}`));
  return (
    (byKind.length === 1 ? byKind[0] : undefined) ??
    mostSimilar(name, ofService.length > 0 ? ofService.map(([kind]) => kind) : [...jobKindNames.keys()]) ??
    mostSimilar(name, services)
  );
}

/** In characters. No name is longer, so a longer pattern would match nothing. */
const MAX_GLOB_LENGTH = 1_024;

export const readGlobs: ReadValue<readonly Glob[]> = (variable, text) =>
  entriesOf(text).map((entry) => {
    if (/^[\u0021-\u007e]+$/.test(entry) && entry.length <= MAX_GLOB_LENGTH) {
      const compiled = compileNameGlob(entry);
      if (compiled.ok) return compiled.glob;
      throw valueFailure(variable, `${quote(entry)} protects nothing: ${compiled.problem}`);
    }
    throw valueFailure(
      variable,
      `must be patterns such as projects/p/**, separated by commas, not ${quote(entry)}`,
    );
  });

/**
 * Excludes the characters that would end the path or name a user, so that the call's own path can be appended.
 */
const ENDPOINT = /^https?:\/\/[^\s?#@\\]*$/;

export const readEndpoint: ReadValue<string> = (variable, text) => {
  const isUrl = ENDPOINT.test(text) && URL.canParse(text.replace('{host}', 'notebooks.googleapis.com'));
  if (isUrl && text.split('{host}').length === 2) return text.replace(/\/+$/, '');
  throw valueFailure(
    variable,
    `must be a URL that contains {host} once, such as http://127.0.0.1:9099/{host}, not ${quote(text)}`,
  );
};

export const readEmulatorHost: ReadValue<string> = (variable, text) => {
  const [, port] = /^(?:https?:\/\/)?(?:[A-Za-z0-9.-]+|\[[0-9a-f:]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (Number(port) >= 1 && Number(port) <= 65_535) return text;
  throw valueFailure(variable, `must be {host}:{port}, such as 127.0.0.1:8085, not ${quote(text)}`);
};

/** Reads JSON with `parse`, whose failures name the place of a mistake within the JSON. */
export const readWith =
  <T>(parse: (json: unknown) => T): ReadValue<T> =>
  (variable, text) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw Failure.from(cause, 'ValueError', 'must be JSON').at(variable);
    }
    try {
      return parse(json);
    } catch (error) {
      throw Failure.from(error, 'ValueError').at(variable);
    }
  };
