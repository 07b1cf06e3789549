/**
 * Shows how requests get on: on a terminal as a board that is drawn again in place, elsewhere as a plain log,
 * one line a step.
 */
export interface Progress {
  /** Says what a request is doing now. */
  step(id: string, text: string): void;
  /** Leaves the board as it stands. */
  end(): void;
}

export function createProgress(ids: readonly string[], stream: NodeJS.WriteStream): Progress {
  const startMs = Date.now();
  const elapsed = () => `${((Date.now() - startMs) / 1000).toFixed(1).padStart(4)} s`;
  const widest = Math.max(...ids.map((id) => id.length));
  if (!stream.isTTY) {
    return {
      step: (id, text) => stream.write(`${elapsed()}  ${id.padEnd(widest)}  ${text}\n`),
      end: () => undefined,
    };
  }

  const steps = new Map<string, string>(ids.map((id) => [id, 'published']));
  const draw = (again: boolean) => {
    const width = stream.columns;
    const lines = [...steps].map(([id, text]) => `  ${id.padEnd(widest)}  ${text}`.slice(0, width - 1));
    // Up to the first line of the board, then each line cleared and written anew.
    const up = again ? `\x1b[${lines.length + 1}A` : '';
    stream.write(`${up}${[elapsed(), ...lines].map((line) => `\x1b[2K${line}\n`).join('')}`);
  };
  draw(false);
  const timer = setInterval(() => draw(true), 250);
  return {
    step: (id, text) => {
      steps.set(id, text);
      draw(true);
    },
    end: () => {
      clearInterval(timer);
      draw(true);
    },
  };
}

/** What a line of the function's log says of a request, or undefined where it says nothing of one. */
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
