import { settingsOf } from '../../support/settings.ts';
import { attributesOf } from '../../../src/messages/cloud-event.ts';
import { Failure } from '../../../src/validation/failure.ts';
import type { HttpClient } from '../../../src/google/http.ts';
import type { AccessTokens } from '../../../src/google/access-tokens.ts';
import { createPorts } from '../../../src/google/create-ports.ts';
import { createApp } from '../../../src/app.ts';
import type { OwnProject, Publisher } from '../../../src/ports.ts';
import type { Chaos } from './chaos.ts';
import { PROJECT_NUMBER, PROTECTED } from './scenario.ts';
import type { PubSub, Receiver } from './pubsub.ts';
import type { Services } from './services.ts';
import { GUARDED } from './approvals.ts';
import { SWEEP_SETTINGS } from './sweeps.ts';
import type { Tasks } from './tasks.ts';
import type { World } from '../../support/virtual-time.ts';
import { withSpan } from '../../../src/telemetry/tracing.ts';

/** The surroundings in which an instance has its effects. */
interface Surroundings {
  readonly world: World;
  readonly chaos: Chaos;
  readonly delay: 'cloud-tasks' | 'redelivery';
  /** Which deployment it is of. */
  readonly deployment: 'first' | 'later';
  readonly firstRecheckMs: number;
  readonly pubsub: PubSub;
  readonly services: Services;
  readonly tasks: Tasks;
  /** Each request that carried a credential. */
  readonly credentialSent: (url: string) => void;
}

export interface Instance extends Receiver {
  kill(): void;
}

const ENVIRONMENT = {
  GOOGLE_CLOUD_PROJECT: 'my-project',
  ALLOWED_SERVICES: '*,cloudchannel,texttospeech',
  ALLOWED_JOBS: '*',
  ...SWEEP_SETTINGS,
  PROTECTED_OPERATIONS: [PROTECTED.rule, SWEEP_SETTINGS.PROTECTED_OPERATIONS].join(','),
};
/** The key that signs what the function sends to itself. */
export const MESSAGE_KEY = 'the-key-of-the-simulated-function';
const CLOUD_TASKS = {
  RECHECK_DELAY: 'cloud-tasks',
  // Every message that the function sends to itself has to have its proof.
  MESSAGE_KEYS: MESSAGE_KEY,
  RECHECK_QUEUE: 'projects/my-project/locations/us-central1/queues/rechecks',
};
const settingsWith = (environment: typeof ENVIRONMENT) => ({
  redelivery: settingsOf(environment),
  'cloud-tasks': settingsOf({ ...environment, ...CLOUD_TASKS }),
});
/** The settings of the first deployment, and of a later one, which protects more operations. */
const SETTINGS = {
  first: settingsWith(ENVIRONMENT),
  later: settingsWith({
    ...ENVIRONMENT,
    PROTECTED_OPERATIONS: [ENVIRONMENT.PROTECTED_OPERATIONS, GUARDED].join(','),
  }),
};
/** Delays of the first re-check, of which the seed chooses one; most often the default. */
export const FIRST_RECHECKS_MS: readonly number[] = [1_000, 5_000, 5_000, 5_000, 40_000, 5_000];
const TOKENS: AccessTokens = {
  token: () => Promise.resolve('secret'),
  account: () => Promise.resolve('function@my-project.iam.gserviceaccount.com'),
};
/** Maximum error of an instance's clock. */
const SKEW_MS = 400;
/**
 * One process of the function: the product's own parts, whose effects go through the world. It can die
 * between any two effects; its work then ends in the middle.
 */
export function createInstance(surroundings: Surroundings): Instance {
  const { world, chaos, delay, deployment, firstRecheckMs, pubsub, services, tasks, credentialSent } =
    surroundings;
  const listeners: (() => void)[] = [];
  let isAlive = true;
  const skewMs = world.between(-SKEW_MS, SKEW_MS);

  const kill = () => {
    if (!isAlive) return;
    isAlive = false;
    for (const listener of listeners) listener();
  };

  /** Has an effect and waits for what comes of it, as long as the process lives. */
  function perform<T>(
    act: () => { readonly value: T; readonly delayMs: number } | { readonly error: Error },
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!isAlive) return;
      if (world.chance(chaos.death)) {
        kill();
        return;
      }
      world.after(1, () => {
        // A request that was sent arrives, even if its sender dies.
        const outcome = act();
        if (world.chance(chaos.death)) {
          kill();
          return;
        }
        world.after('error' in outcome ? 1 : outcome.delayMs, () => {
          if (!isAlive) return;
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        });
      });
    });
  }

  const http: HttpClient = {
    send: (request) =>
      perform(() => {
        if (request.headers.authorization !== undefined) credentialSent(request.url);
        const { answer, delayMs } = request.url.startsWith('https://cloudtasks.googleapis.com/')
          ? tasks.call(request)
          : services.call(request);
        return { value: answer, delayMs };
      }),
    close: () => undefined,
  };
  const publisher: Publisher = {
    publish: (topic, event) =>
      perform(() => {
        const isFaulty = world.chance(chaos.publishFault);
        if (!isFaulty || world.chance(0.5)) {
          pubsub.publish(topic, JSON.stringify(event.data), attributesOf(event));
        }
        if (isFaulty) return { error: new Failure('Unavailable', 'the publish failed') };
        return { value: undefined, delayMs: world.between(1, 50) };
      }),
  };
  const clock = {
    now: () => world.now() + skewMs,
    sleep: (durationMs: number) => perform(() => ({ value: undefined, delayMs: durationMs })),
  };
  const ownProject: OwnProject = {
    id: () => 'my-project',
    names: () =>
      perform(() =>
        world.chance(chaos.metadataFault)
          ? { error: new Failure('Unavailable', 'the metadata server did not answer') }
          : { value: ['my-project', PROJECT_NUMBER], delayMs: 1 },
      ),
  };
  const settings = { ...SETTINGS[deployment][delay], firstRecheckMs };
  const ports = createPorts(
    {
      http,
      accessTokens: TOKENS,
      publisher,
      ownProjectFor: () => ownProject,
      clock,
      random: world.next,
      withSpan,
      log: () => undefined,
    },
    settings,
  );
  const handle = createApp(ports, settings);
  return { handle, kill, onDeath: (listener) => void listeners.push(listener) };
}
