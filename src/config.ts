import { isKnownService, knownServices } from './catalog/catalog.ts';
import { parseConfirmWithinMs } from './core/duration.ts';
import { Failure, messageOf, quote } from './core/failure.ts';
import type { TopicNames } from './core/route.ts';

/** The settings, read from the environment once and checked whole. Each field is described in the README's table. */
export interface Settings {
  readonly topics: TopicNames;
  readonly recheckDelay: 'redelivery';
  /** Undefined for the function's own project. */
  readonly allowedProjects: readonly string[] | undefined;
  readonly allowedServices: readonly string[];
  readonly confirmWithinMs: number;
  /** Where calls to Google's APIs go, with `{host}` in it. */
  readonly googleApiEndpoint: string;
  /** Whether `googleApiEndpoint` is Google itself: only then is a credential sent. */
  readonly sendsCredentials: boolean;
  /** Whether Pub/Sub is a local one, so that no metadata server is asked for anything. */
  readonly usesEmulator: boolean;
  /** GOOGLE_CLOUD_PROJECT, which every Google client reads too. */
  readonly project: string | undefined;
}

const DEFAULT_ENDPOINT = 'https://{host}';
const TOPIC_ID = /^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;
const PROJECT = '[a-z0-9][a-z0-9.:-]{0,98}';
const QUEUE = new RegExp(`^projects/${PROJECT}/locations/[a-z0-9-]+/queues/[A-Za-z0-9-]{1,100}$`);

/**
 * Reads the settings.
 *
 * @throws Failure `ValueError` that lists every mistake, each with its variable's name and what it should be
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const mistakes: string[] = [];
  /** An empty variable is one that is not set: deployment tools cannot always leave one out. */
  const read = <T>(name: string, fallback: T, parse: (text: string) => T): T => {
    const text = environment[name]?.trim() ?? '';
    if (text === '') return fallback;
    try {
      return parse(text);
    } catch (error) {
      const problem = messageOf(error);
      mistakes.push(problem.startsWith(name) ? problem : `${name}: ${problem}`);
      return fallback;
    }
  };
  const topic = (name: string, fallback: string) => read(name, fallback, parseTopic);

  const delay = read('RECHECK_DELAY', 'redelivery' as const, parseRecheckDelay);
  read('RECHECK_QUEUE', '', matching(QUEUE, 'projects/{project}/locations/{location}/queues/{queue}'));
  read(
    'TASKS_SERVICE_ACCOUNT',
    '',
    matching(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'the email address of a service account'),
  );
  read('SWEEPS', undefined, parseJson);
  read('BUDGETS', undefined, parseJson);
  const endpoint = read('GOOGLE_API_ENDPOINT', DEFAULT_ENDPOINT, parseEndpoint);

  const settings: Settings = {
    topics: {
      requests: topic('REQUESTS_TOPIC', 'lro-cancel-requests'),
      rechecks: topic('RECHECKS_TOPIC', 'lro-cancel-rechecks'),
      results: topic('RESULTS_TOPIC', 'lro-cancel-results'),
      triggers: topic('TRIGGERS_TOPIC', 'lro-cancel-triggers'),
      deadLetters: topic('DEAD_LETTER_TOPIC', 'lro-cancel-dead-letters'),
    },
    recheckDelay: delay,
    allowedProjects: read('ALLOWED_PROJECTS', undefined, parseList(checkProject)),
    allowedServices: read('ALLOWED_SERVICES', ['*'], parseList(checkService)),
    confirmWithinMs: read('CONFIRM_WITHIN', 900_000, (text) => parseConfirmWithinMs('CONFIRM_WITHIN', text)),
    googleApiEndpoint: endpoint,
    sendsCredentials: endpoint === DEFAULT_ENDPOINT,
    usesEmulator: read('PUBSUB_EMULATOR_HOST', false, parseEmulatorHost),
    project: read(
      'GOOGLE_CLOUD_PROJECT',
      undefined,
      matching(new RegExp(`^${PROJECT}$`), 'the id of a project'),
    ),
  };
  checkTopicsDiffer(settings.topics, mistakes);
  if (mistakes.length > 0) throw new Failure('ValueError', mistakes.join('\n'));
  return settings;
}

function matching(expression: RegExp, description: string) {
  return (text: string): string => {
    if (expression.test(text)) return text;
    throw new Error(`must be ${description}, not ${quote(text)}`);
  };
}

function parseTopic(text: string): string {
  const [, id = text] = new RegExp(`^projects/${PROJECT}/topics/([^/]+)$`).exec(text) ?? [];
  if (TOPIC_ID.test(id)) return text;
  throw new Error(`must be a topic's id or projects/{project}/topics/{topic}, not ${quote(text)}`);
}

/** Messages are routed by their topic, so one topic cannot mean two things. */
function checkTopicsDiffer(topics: TopicNames, mistakes: string[]): void {
  const names = Object.values(topics) as string[];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    mistakes.push(
      `REQUESTS_TOPIC, RECHECKS_TOPIC, …: must be five different topics, but ${quote(twice)} is there twice`,
    );
}

function parseRecheckDelay(text: string): 'redelivery' {
  if (text === 'redelivery') return text;
  if (text === 'cloud-tasks') throw new Error('cloud-tasks is not available in this version; use redelivery');
  throw new Error(`must be redelivery, not ${quote(text)}`);
}

function parseList(check: (entry: string) => void) {
  return (text: string): readonly string[] => {
    const entries = text.split(',').map((entry) => entry.trim());
    for (const entry of entries) if (entry !== '*') check(entry);
    return entries.map((entry) => entry.replace(/\.googleapis\.com$/, ''));
  };
}

function checkProject(entry: string): void {
  if (new RegExp(`^${PROJECT}$`).test(entry)) return;
  throw new Error(`must be ids or numbers of projects, separated by commas, or *, not ${quote(entry)}`);
}

function checkService(entry: string): void {
  if (isKnownService(entry.replace(/\.googleapis\.com$/, ''))) return;
  throw new Error(`${quote(entry)} is not in the catalogue; known are ${knownServices().join(', ')} and *`);
}

function parseEndpoint(text: string): string {
  const example = text.replace('{host}', 'notebooks.googleapis.com');
  const url = URL.canParse(example) ? new URL(example) : undefined;
  const usable =
    (url?.protocol === 'https:' || url?.protocol === 'http:') && url.search === '' && url.hash === '';
  if (usable && text.includes('{host}')) return text.replace(/\/+$/, '');
  throw new Error(
    `must be a URL with {host} in it, such as http://127.0.0.1:9099/{host}, not ${quote(text)}`,
  );
}

function parseEmulatorHost(text: string): boolean {
  if (/^(?:https?:\/\/)?[A-Za-z0-9.[\]:-]+$/.test(text)) return true;
  throw new Error(`must be {host}:{port}, such as 127.0.0.1:8085, not ${quote(text)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`must be JSON: ${messageOf(error)}`, { cause: error });
  }
}
