import { mapMaybe } from './maybe-promise.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { Failure, messageOf, quote } from '../validation/failure.ts';
import type { Ports } from '../ports.ts';
import { withTimeout } from './timeout.ts';

type Names = readonly [string, ...string[]];

const LOOK_UP_TIMEOUT_MS = 5_000;
/** A metadata server that gave no answer is asked again after this time, by the next message that needs it. */
const ASK_AGAIN_MS = 1_000;

/**
 * The project that the function runs in: as configured, and as the metadata server names it, which also knows the
 * number that many services write into the names of operations. On a developer's machine, without a metadata server,
 * the project of the message takes its place, and has no number.
 */
export function createOwnProject(options: {
  /** GOOGLE_CLOUD_PROJECT, where it is set. */
  readonly configured: string | undefined;
  /** Its number, where PROJECT_NUMBERS lists it: the metadata server is then not asked. */
  readonly number?: string | undefined;
  /** Whether to ask the metadata server. */
  readonly onGoogleCloud: boolean;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}): Ports['ownProjectFor'] {
  const { configured, number, onGoogleCloud, now } = options;
  let lookup: Promise<Names> | undefined;
  /** The last failed look-up, which stands until `askAgainAtMs`. */
  let failure: Failure | undefined;
  let askAgainAtMs = 0;
  /** Id and number, once both are known. */
  let known: Names | undefined =
    configured === undefined || number === undefined ? undefined : [configured, number];

  const askOnce = async (): Promise<Names> => {
    if (failure !== undefined && now() < askAgainAtMs) throw failure;
    try {
      const found = await (lookup ??= askMetadataServer());
      return (known = configured === undefined ? found : withFirst(configured, found));
    } catch (cause) {
      lookup = undefined;
      askAgainAtMs = now() + ASK_AGAIN_MS;
      const advice = configured === undefined ? '; set GOOGLE_CLOUD_PROJECT' : '; set PROJECT_NUMBERS';
      const text = `the id and number of the function's own project are unknown${advice} (${messageOf(cause)})`;
      throw (failure = new Failure('Unavailable', text, { cause }));
    }
  };

  const names = (messageProject: string | undefined): MaybePromise<Names> => {
    if (known !== undefined) return known;
    if (onGoogleCloud) return askOnce();
    const project = configured ?? messageProject;
    if (project !== undefined) return [project];
    throw new Failure('Unavailable', "the function's own project is unknown; set GOOGLE_CLOUD_PROJECT");
  };

  return (messageProject) => ({
    names: () => names(messageProject),
    id: () => configured ?? mapMaybe(names(messageProject), ([first]) => first),
  });
}

const withFirst = (first: string, others: Names): Names => [first, ...others.filter((one) => one !== first)];

async function askMetadataServer(): Promise<Names> {
  const { gcpMetadata } = await import('google-auth-library');
  const asking = Promise.all([gcpMetadata.project('project-id'), gcpMetadata.project('numeric-project-id')]);
  const found: readonly unknown[] = await withTimeout(asking, LOOK_UP_TIMEOUT_MS, 'the metadata server');
  const [id, number] = found.map(String);
  if (id !== undefined && number !== undefined && /^\d+$/.test(number)) return [id, number];
  throw new Error(`the metadata server named the project ${quote(found.join(', '))}`);
}
