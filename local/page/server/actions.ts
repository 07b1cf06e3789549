import * as v from 'valibot';
import type { SharedScript } from '../../emulators/google-apis/jobs/job-script.ts';
import type { GoogleServices } from '../../emulators/google-apis/google-services.ts';
import type { LocalSystem } from '../../system.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { BEHAVIORS, restarted, scriptWith } from '../model/behavior.ts';
import type { Behavior } from '../model/behavior.ts';
import type { PageStore } from '../model/page-store.ts';
import { readInput } from './action.ts';
import type { Action } from './action.ts';
import { explain } from './explain.ts';
import { publishAction } from './publish-action.ts';

/** The parts of the system that the page acts on. */
export interface ActionContext {
  readonly system: Pick<LocalSystem, 'request' | 'trigger'> & {
    readonly services: Pick<GoogleServices, 'add' | 'addJob' | 'change' | 'resources'>;
  };
  readonly settings: Settings;
  readonly store: Pick<PageStore, 'onPublished'>;
  /** To be called after a change of the simulated services. */
  readonly onServicesChanged: () => void;
}

const behaviors = Object.keys(BEHAVIORS) as [Behavior, ...Behavior[]];
const simulateInput = v.strictObject({
  url: v.string(),
  /** Begins it anew, as running. Without it, the past of one that is there stays. */
  restart: v.optional(v.boolean()),
  behavior: v.optional(v.picklist(behaviors)),
});

export function createActions(context: ActionContext): ReadonlyMap<string, Action> {
  const { system, settings, store, onServicesChanged } = context;
  const { services } = system;
  const start = (url: string, script: SharedScript, kind: string | undefined) => {
    if (kind === 'operations' || /\/(?:operations|transferOperations)\/[^/]+$/.test(url))
      services.add(url, script);
    else services.addJob(url, script);
  };
  const find = (url: string) => services.resources().find((one) => one.url === url);
  return new Map<string, Action>([
    [
      '/api/explain',
      async (input) => ({ value: await explain(input, settings, (url) => find(url) !== undefined) }),
    ],
    [
      '/api/publish',
      publishAction({
        publish: ({ topic, message, attributes }) =>
          topic === 'requests' ? system.request(message, attributes) : system.trigger(message, attributes),
        onPublished: (requestId) => store.onPublished(requestId),
      }),
    ],
    [
      '/api/simulate',
      (input) => {
        const given = readInput(simulateInput, input);
        if ('refused' in given) return Promise.resolve(given);
        const { url, restart = false, behavior } = given.input;
        const known = find(url);
        try {
          if (known === undefined || restart) {
            const script = known === undefined ? { afterMs: 2_000 } : restarted(known.script);
            start(url, behavior === undefined ? script : scriptWith(script, behavior), known?.kind);
          } else {
            services.change(url, scriptWith(known.script, behavior ?? 'obedient'));
          }
        } catch (error) {
          if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
          return Promise.resolve({ refused: error.message });
        }
        onServicesChanged();
        return Promise.resolve({ value: { url } });
      },
    ],
  ]);
}
