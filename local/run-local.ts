import { readSettings } from '../src/settings/settings.ts';
import type { LocalAddress } from './local-address.ts';
import type { ControlImport } from './emulators/google-apis/control-input.ts';
import { createPageStore } from './page/model/page-store.ts';
import { startPage } from './page/start-page.ts';
import type { PageServer } from './page/server/page-server.ts';
import { startLocalSystem } from './system.ts';
import type { LocalSystem, PublishedReport, PublishedResult } from './system.ts';

/** The local system with its page, for a person or for the tests of another program. */
export interface RunningLocal {
  readonly system: LocalSystem;
  readonly page: PageServer;
  close(): Promise<void>;
}

export interface RunLocalOptions {
  /** Settings of the function. */
  readonly settings: Readonly<Record<string, string>>;
  readonly seed: ControlImport;
  /** Ports for the page, tried in turn. */
  readonly ports: readonly number[];
  readonly onLogLine?: (line: string) => void;
  readonly onResult?: (result: PublishedResult) => void;
  readonly onReport?: (report: PublishedReport) => void;
}

/** The address by which `lro-cancel --local` finds it, as long as this process runs. */
export const addressOf = ({ system, page }: Pick<RunningLocal, 'system' | 'page'>): LocalAddress => ({
  pubsubHost: system.pubsubHost,
  projectId: system.topology.projectId,
  prefix: 'lro-cancel',
  pid: process.pid,
  pageUrl: page.url,
  googleApiEndpoint: system.services.endpoint,
  ...(system.recheckQueue !== undefined && { recheckQueue: system.recheckQueue }),
});

/** A subscription of its own: people pull the other one. */
const PAGE_SUBSCRIPTION = 'lro-cancel-results-page';

/** Starts it. @throws Error whose message is for a person, such as that the port is taken */
export async function runLocal(options: RunLocalOptions): Promise<RunningLocal> {
  const { settings, seed, ports, onLogLine, onResult, onReport } = options;
  const reading = readSettings(settings);
  if (!reading.ok) throw new Error(reading.mistakes.map(({ message }) => message).join('\n'));
  const store = createPageStore(Date.now);
  const system = await startLocalSystem({
    settings,
    resultsSubscriptionId: PAGE_SUBSCRIPTION,
    onLogLine: (line) => {
      store.onLogLine(line);
      onLogLine?.(line);
    },
    onServiceCall: (call) => store.onServiceCall(call),
  });
  try {
    system.services.import(seed);
    system.onResult(
      (result) => {
        store.onResult(result.data, result.attributes);
        onResult?.(result);
      },
      (report) => {
        store.onReport(report.data);
        onReport?.(report);
      },
    );
    const page = await startPage({ ports, store, system, settings: reading.settings });
    const close = async () => {
      await page.close();
      await system.close();
    };
    return { system, page, close };
  } catch (error) {
    await system.close();
    throw error;
  }
}
