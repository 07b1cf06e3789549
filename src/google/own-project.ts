import { mapMaybe } from './maybe-promise.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { Failure, messageOf } from '../validation/failure.ts';
import type { Ports } from '../ports.ts';
import { withTimeout } from './timeout.ts';

type Names = readonly [string, ...string[]];

const LOOK_UP_TIMEOUT_MS = 5_000;
const ASK_AGAIN_MS = 30_000;

/**
 * The project that the function runs in: as configured, and as the metadata server names it, which also knows the
 * number that many services write into the names of operations. On a developer's machine, without a metadata server,
 * the project of the message takes its place.
 */
export function createOwnProject(options: {
  /** GOOGLE_CLOUD_PROJECT, where it is set. */
  readonly configured: string | undefined;
  /** Whether to ask the metadata server. */
  readonly onGoogleCloud: boolean;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}): Ports['ownProjectFor'] {
  const { configured, onGoogleCloud, now } = options;
  let lookup: Promise<readonly string[]> | undefined;
  let askAgainAtMs = 0;

  const askOnce = async (): Promise<readonly string[]> => {
    if (now() < askAgainAtMs) return [];
    try {
      return await (lookup ??= askMetadataServer());
    } catch (cause) {
      lookup = undefined;
      if (configured === undefined) {
        throw new Failure(
          'Unavailable',
          `the function's own project is unknown; set GOOGLE_CLOUD_PROJECT (${messageOf(cause)})`,
          { cause },
        );
      }
      // Only the number is missing, and asking for it again would delay every message.
      askAgainAtMs = now() + ASK_AGAIN_MS;
      return [];
    }
  };

  /** Id and number, once both are known. */
  let known: Names | undefined;
  const names = (messageProject: string | undefined): MaybePromise<Names> =>
    known ??
    mapMaybe(onGoogleCloud ? askOnce() : [], (found) => {
      const [first, ...others] = new Set([...(configured === undefined ? [] : [configured]), ...found]);
      if (first !== undefined) {
        if (found.length > 0) known = [first, ...others];
        return [first, ...others];
      }
      if (messageProject !== undefined) return [messageProject];
      throw new Failure('Unavailable', "the function's own project is unknown; set GOOGLE_CLOUD_PROJECT");
    });

  return (messageProject) => ({
    names: () => names(messageProject),
    id: () => configured ?? mapMaybe(names(messageProject), ([first]) => first),
  });
}

async function askMetadataServer(): Promise<string[]> {
  const { gcpMetadata } = await import('google-auth-library');
  const asking = Promise.all([gcpMetadata.project('project-id'), gcpMetadata.project('numeric-project-id')]);
  const found: unknown[] = await withTimeout(asking, LOOK_UP_TIMEOUT_MS, 'the metadata server');
  return found.map(String);
}
