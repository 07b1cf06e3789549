import { runCli } from './run-cli.ts';
import type { CliRun } from './run-cli.ts';
import type { PageFacts, PageRecord } from '../../local/page/model/records.ts';

/** A console that runs. */
export interface RunningConsole {
  /** Address of the page. */
  readonly url: string;
  /** The records of the page, as soon as a condition holds for one of them. */
  readonly until: <Found extends PageRecord>(
    holds: (record: PageRecord) => record is Found,
  ) => Promise<Found>;
  readonly facts: () => Promise<PageFacts>;
  /** Posts to an action as the page does. */
  readonly post: (action: string, input: unknown) => Promise<Response>;
}

/** Runs `lro-cancel console` on a free port, uses it, and interrupts it. */
export async function withConsole(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  use: (running: RunningConsole) => Promise<void>,
): Promise<CliRun> {
  const address = Promise.withResolvers<string>();
  let interrupt: () => unknown = () => undefined;
  const run = runCli(['console', '--port', '0', ...args], {
    env,
    onStart: (child) => {
      let text = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const [, url] = /^Page: (http:\S+)\n/.exec(text) ?? [];
        if (url !== undefined) address.resolve(url);
      });
      interrupt = () => child.kill('SIGINT');
    },
  });
  const ended = run.then(({ stderr }): never => {
    throw new Error(`The console ended early: ${stderr}`);
  });
  ended.catch(() => undefined);
  try {
    const url = await Promise.race([address.promise, ended]);
    await Promise.race([use(consoleAt(url)), ended]);
  } finally {
    interrupt();
  }
  return run;
}

const consoleAt = (url: string): RunningConsole => ({
  url,
  until: async (holds) => {
    for await (const { changed = [] } of eventsOf(url))
      for (const [, record] of changed) if (holds(record)) return record;
    throw new Error('The events ended.');
  },
  facts: async () => {
    for await (const { facts } of eventsOf(url)) if (facts !== undefined) return facts;
    throw new Error('The events ended.');
  },
  post: (action, input) =>
    fetch(new URL(action, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin },
      body: JSON.stringify(input),
    }),
});

interface EventData {
  readonly facts?: PageFacts;
  readonly changed?: readonly (readonly [string, PageRecord])[];
}

async function* eventsOf(url: string): AsyncGenerator<EventData> {
  const { body } = await fetch(new URL('events', url));
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const [, data] = /^data: (.*)$/m.exec(part) ?? [];
      if (data !== undefined) yield JSON.parse(data) as EventData;
    }
  }
}
