import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalSystem } from '../../../local/system.ts';

export interface LogReport {
  readonly messages: number;
  readonly lines: number;
  /** Lines that Cloud Logging would not take as an event of the function. */
  readonly notEvents: readonly string[];
  /** Operations whose end has no event. */
  readonly withoutEnd: number;
  readonly seconds: number;
}

interface Line {
  readonly event?: string;
  readonly severity?: string;
  readonly 'logging.googleapis.com/labels'?: { readonly requestId?: string; readonly operation?: string };
}

/** As many as an instance takes at once when it is deployed. */
const AT_ONCE = 80;
const OPERATIONS = 'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations';
/** The messages take turns: an operation that does not exist, one that is refused, and two in one message. */
const SHAPES = [
  { ends: 1, make: (id: string) => ({ operation: `${OPERATIONS}/${id}`, requestId: id }) },
  { ends: 1, make: (id: string) => ({ operation: `${OPERATIONS}/${id}/none`, requestId: id }) },
  {
    ends: 2,
    make: (id: string) => ({ operations: [`${OPERATIONS}/${id}a`, `${OPERATIONS}/${id}b`], requestId: id }),
  },
] as const;
const ENDS = ['request.rejected', 'result.published'];
/** Without a line for as long, nothing more comes. */
const PATIENCE_MS = 30_000;

/** Reads the log of the built function, with the platform's variables, while it handles 80 messages at once. */
export async function readLogOf(messages: number): Promise<LogReport> {
  const startMs = Date.now();
  const notEvents: string[] = [];
  const ended = new Set<string>();
  let [lines, lastLineMs] = [0, startMs];
  const system = await startLocalSystem({
    projectId: `log-${startMs.toString(36)}`,
    settings: { ALLOWED_PROJECTS: 'my-project' },
    outstandingPushes: AT_ONCE,
    concurrency: AT_ONCE,
    onLogLine: (text) => {
      lines += 1;
      lastLineMs = Date.now();
      const { event, severity, 'logging.googleapis.com/labels': labels } = read(text);
      if (event === undefined || severity === undefined) notEvents.push(text);
      else if (ENDS.includes(event)) ended.add(`${labels?.requestId ?? ''} ${labels?.operation ?? ''}`);
    },
  });
  let expected = 0;
  try {
    const published: Promise<string>[] = [];
    for (let index = 0; index < messages; index += 1) {
      const shape = SHAPES[index % SHAPES.length] ?? SHAPES[0];
      expected += shape.ends;
      published.push(system.request(shape.make(`m${index}`)));
    }
    await Promise.all(published);
    while (ended.size < expected && Date.now() < lastLineMs + PATIENCE_MS) await sleep(100);
  } finally {
    await system.close();
  }
  const seconds = Math.round((Date.now() - startMs) / 1_000);
  return { messages, lines, notEvents, withoutEnd: expected - ended.size, seconds };
}

function read(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return {};
  }
}
