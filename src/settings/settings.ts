import { parseConfirmWithinMs, parseFirstRecheckMs } from '../validation/duration.ts';
import type { Glob } from '../policy/glob.ts';
import type { KnownProjects } from '../policy/projects.ts';
import { Failure, quote, valueFailure } from '../validation/failure.ts';
import type { TopicNames } from '../messages/route.ts';
import { mostSimilar } from '../validation/similar.ts';
import { parseBudgetRules } from '../budgets/rules.ts';
import type { BudgetRule } from '../budgets/rules.ts';
import { parseSweeps } from '../sweeps/sweep.ts';
import type { Sweeps } from '../sweeps/sweep.ts';
import { findForbiddenLists } from './forbidden-sweeps.ts';
import {
  readEmulatorHost,
  readEndpoint,
  readGlobs,
  readMessageKeys,
  readJobs,
  readWith,
  readProject,
  readProjectNumbers,
  readProjects,
  readQueue,
  readRecheckDelay,
  readServiceAccount,
  readServices,
  readSubject,
  readTopic,
} from './values.ts';
import type { ReadValue } from './values.ts';

/**
 * The settings, read from the environment once, with every mistake reported together. Each variable is described in
 * docs/settings.md.
 */
export interface Settings {
  readonly topics: TopicNames;
  readonly recheckDelay: RecheckDelay;
  /** Undefined for the function's own project. */
  readonly allowedProjects: readonly string[] | undefined;
  readonly allowedServices: readonly string[];
  /** Kinds of jobs, as `aiplatform.customJobs`, services, or `*`. */
  readonly allowedJobs: readonly string[];
  /** Id and number of projects. */
  readonly projectNumbers: KnownProjects;
  readonly protectedOperations: readonly Glob[];
  readonly confirmWithinMs: number;
  /** The delay before the first re-check of an operation; each further one takes twice as long. */
  readonly firstRecheckMs: number;
  /** The first key signs messages, each verifies them; empty where messages carry no proof. Secret. */
  readonly messageKeys: readonly string[];
  readonly sweeps: Sweeps;
  readonly budgets: readonly BudgetRule[];
  /** Where calls to Google's APIs go, with `{host}` in it. */
  readonly googleApiEndpoint: string;
  /** Whether `googleApiEndpoint` is Google itself: only then is a credential sent. */
  readonly sendsCredentials: boolean;
  /** The person that delegated services act for (DELEGATED_SUBJECT); absent without delegation. */
  readonly subject: string | undefined;
  /** Whether Pub/Sub is a local emulator, so that no request goes to a metadata server. */
  readonly usesEmulator: boolean;
  /** GOOGLE_CLOUD_PROJECT, which every Google client reads too. */
  readonly project: string | undefined;
}

/** How re-checks are delayed. */
export type RecheckDelay =
  | { readonly by: 'redelivery' }
  | {
      readonly by: 'cloud-tasks';
      /** `projects/{project}/locations/{location}/queues/{queue}` */
      readonly queue: string;
      /** The service account whose token a task publishes with; the function's own where undefined. */
      readonly serviceAccount: string | undefined;
    };

/** Settings that other programs read too. */
const SHARED = new Set(['GOOGLE_CLOUD_PROJECT', 'PUBSUB_EMULATOR_HOST']);

const DEFAULT_ENDPOINT = 'https://{host}';

export type SettingsReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly mistakes: readonly Failure[] };

/**
 * Reads the settings, or finds every mistake in them: each a failure `ValueError` whose path begins with the
 * variable.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): SettingsReading {
  const mistakes: Failure[] = [];
  const known = new Set<string>();
  /** An empty variable is one that is not set: deployment tools cannot always leave one out. */
  const read = <T, Fallback>(variable: string, fallback: Fallback, readValue: ReadValue<T>): T | Fallback => {
    known.add(variable);
    const text = environment[variable]?.trim() ?? '';
    if (text === '') return fallback;
    try {
      return readValue(variable, text);
    } catch (error) {
      mistakes.push(error instanceof Failure ? error : Failure.from(error, 'ValueError').at(variable));
      return fallback;
    }
  };

  const readDelay = (): RecheckDelay => {
    const by = read('RECHECK_DELAY', 'redelivery', readRecheckDelay);
    const queue = read('RECHECK_QUEUE', undefined, readQueue);
    const serviceAccount = read('TASKS_SERVICE_ACCOUNT', undefined, readServiceAccount);
    if (by === 'redelivery') return { by };
    if (queue === undefined) {
      mistakes.push(
        valueFailure('RECHECK_QUEUE', 'missing; RECHECK_DELAY=cloud-tasks needs the name of a queue'),
      );
    }
    return { by, queue: queue ?? '', serviceAccount };
  };

  const endpoint = read('GOOGLE_API_ENDPOINT', DEFAULT_ENDPOINT, readEndpoint);
  const settings: Settings = {
    topics: {
      requests: read('REQUESTS_TOPIC', 'lro-cancel-requests', readTopic),
      rechecks: read('RECHECKS_TOPIC', 'lro-cancel-rechecks', readTopic),
      results: read('RESULTS_TOPIC', 'lro-cancel-results', readTopic),
      triggers: read('TRIGGERS_TOPIC', 'lro-cancel-triggers', readTopic),
      deadLetters: read('DEAD_LETTER_TOPIC', 'lro-cancel-dead-letters', readTopic),
    },
    recheckDelay: readDelay(),
    allowedProjects: read('ALLOWED_PROJECTS', undefined, readProjects),
    allowedServices: read('ALLOWED_SERVICES', ['*'], readServices),
    allowedJobs: read('ALLOWED_JOBS', [], readJobs),
    projectNumbers: read('PROJECT_NUMBERS', [], readProjectNumbers),
    protectedOperations: read('PROTECTED_OPERATIONS', [], readGlobs),
    confirmWithinMs: read('CONFIRM_WITHIN', 900_000, parseConfirmWithinMs),
    firstRecheckMs: read('FIRST_RECHECK_AFTER', 5_000, parseFirstRecheckMs),
    messageKeys: read('MESSAGE_KEYS', [], readMessageKeys),
    sweeps: read('SWEEPS', new Map(), readWith(parseSweeps)),
    budgets: read('BUDGETS', [], readWith(parseBudgetRules)),
    googleApiEndpoint: endpoint,
    sendsCredentials: endpoint === DEFAULT_ENDPOINT,
    subject: read('DELEGATED_SUBJECT', undefined, readSubject),
    usesEmulator: read('PUBSUB_EMULATOR_HOST', undefined, readEmulatorHost) !== undefined,
    project: read('GOOGLE_CLOUD_PROJECT', undefined, readProject),
  };
  const wrongSweeps = mistakes.some(({ path }) => path[0] === 'SWEEPS');
  for (const [index, { sweep }] of wrongSweeps ? [] : settings.budgets.entries()) {
    if (settings.sweeps.has(sweep)) continue;
    const problem = `${quote(sweep)} is not a sweep that SWEEPS defines`;
    mistakes.push(valueFailure('sweep', problem).at('BUDGETS', index));
  }
  const wrongPolicy = mistakes.some(({ path: [variable] }) =>
    ['ALLOWED_JOBS', 'ALLOWED_PROJECTS', 'ALLOWED_SERVICES', 'GOOGLE_CLOUD_PROJECT'].includes(
      String(variable),
    ),
  );
  if (!wrongPolicy) mistakes.push(...findForbiddenLists(settings.sweeps, settings));

  // A misspelled PROTECTED_OPERATIONS must not leave everything unprotected. Shared variables are left out,
  // because other programs read variables with similar names, such as PUBSUB_EMULATOR_PORT.
  const own = [...known].filter((variable) => !SHARED.has(variable));
  for (const variable of Object.keys(environment)) {
    const meant = known.has(variable) ? undefined : mostSimilar(variable, own);
    if (meant !== undefined) {
      mistakes.push(new Failure('ValueError', `is not a setting; did you mean ${meant}?`).at(variable));
    }
  }

  const twice = findTopicOfTwoMeanings(Object.values(settings.topics) as string[]);
  if (twice !== undefined) {
    const problem = `REQUESTS_TOPIC, RECHECKS_TOPIC, …: must be five different topics, but ${quote(twice)} is used twice`;
    mistakes.push(new Failure('ValueError', problem));
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, settings };
}

/** Messages are routed by their topic. A short id stands for the topic of that name in any project. */
function findTopicOfTwoMeanings(names: readonly string[]): string | undefined {
  const idOf = (name: string) => name.split('/').at(-1);
  return names.find((name, index) =>
    names.slice(0, index).some((other) => {
      const bothFull = name.includes('/') && other.includes('/');
      return bothFull ? name === other : idOf(name) === idOf(other);
    }),
  );
}
