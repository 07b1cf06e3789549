/**
 * Shows the progress of requests: on a large enough terminal as a board that is redrawn in place, elsewhere
 * as a log with one line for each step.
 */
export interface Progress {
  /** Shows the current step of a request. */
  step(id: string, text: string): void;
  /** Shows how a request ended; no later step replaces it. */
  finish(id: string, text: string): void;
  /** Shows a message about the whole run. */
  note(text: string): void;
  /** Leaves the board as it is. */
  end(): void;
}

export function createProgress(ids: readonly string[], stream: NodeJS.WriteStream): Progress {
  const startMs = Date.now();
  const elapsed = () => `${((Date.now() - startMs) / 1000).toFixed(1).padStart(4)} s`;
  const widest = Math.max(...ids.map((id) => id.length));
  const finished = new Set<string>();
  // A board that does not fit would scroll, and could not be drawn again in place.
  const board =
    stream.isTTY && stream.rows > ids.length + 2 ? createBoard(ids, widest, elapsed, stream) : undefined;
  const say = (id: string, text: string) => {
    if (board !== undefined) board.set(id, text);
    else stream.write(`${elapsed()}  ${id.padEnd(widest)}  ${text}\n`);
  };
  return {
    step: (id, text) => {
      if (!finished.has(id)) say(id, text);
    },
    finish: (id, text) => {
      finished.add(id);
      say(id, text);
    },
    note: (text) => {
      if (board !== undefined) board.note(`${elapsed()}  ${text}`);
      else stream.write(`${elapsed()}  ${text}\n`);
    },
    end: () => board?.end(),
  };
}

function createBoard(
  ids: readonly string[],
  widest: number,
  elapsed: () => string,
  stream: NodeJS.WriteStream,
) {
  const steps = new Map<string, string>(ids.map((id) => [id, 'published']));
  const fit = (line: string) =>
    line.length < stream.columns ? line : `${line.slice(0, Math.max(0, stream.columns - 2))}…`;
  const lines = () => [elapsed(), ...[...steps].map(([id, text]) => fit(`  ${id.padEnd(widest)}  ${text}`))];
  const write = (texts: readonly string[]) => stream.write(texts.map((text) => `\x1b[2K${text}\n`).join(''));
  /** Back to the first line of the board, where the next drawing begins. */
  const up = () => stream.write(`\x1b[${steps.size + 1}A`);
  const draw = () => {
    up();
    write(lines());
  };
  write(lines());
  const timer = setInterval(draw, 250);
  return {
    set: (id: string, text: string) => {
      steps.set(id, text);
      draw();
    },
    note: (text: string) => {
      up();
      write([fit(text), ...lines()]);
    },
    end: () => {
      clearInterval(timer);
      draw();
    },
  };
}

/**
 * Describes the progress of a request by a line of the function's log; undefined if the line is of no
 * request.
 */
export function readProgress(line: string): { id: string; event: string; text: string } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const labels = entry['logging.googleapis.com/labels'] as { requestId?: string } | undefined;
    if (typeof labels?.requestId !== 'string') return undefined;
    return { id: labels.requestId, event: String(entry.event), text: String(entry.message) };
  } catch {
    return undefined;
  }
}
