import type { LocalSystem, PublishedReport, PublishedResult } from './system.ts';

/** Collects the results and reports that a system publishes, and waits for the next ones. */
export interface Collector {
  readonly results: readonly PublishedResult[];
  readonly reports: readonly PublishedReport[];
  /** Lines of the function's log. */
  readonly lines: readonly string[];
  /** To be called with each line of the function's log. */
  readonly onLogLine: (line: string) => void;
  /** Begins to read results, and hands each on. */
  attach(system: Pick<LocalSystem, 'onResult'>, onResult?: (result: PublishedResult) => void): void;
  /** Resolves when a condition holds: true; or false when patience ends before. */
  until(holds: () => boolean): Promise<boolean>;
}

export function createCollector(options: {
  /** Time to wait for one result or report. */
  readonly patienceMs: number;
  readonly onLogLine?: (line: string) => void;
}): Collector {
  const results: PublishedResult[] = [];
  const reports: PublishedReport[] = [];
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };

  return {
    results,
    reports,
    lines,
    onLogLine: (line) => {
      lines.push(line);
      options.onLogLine?.(line);
      wake();
    },
    attach: (system, onResult) => {
      system.onResult(
        (result) => {
          results.push(result);
          onResult?.(result);
          wake();
        },
        (report) => {
          reports.push(report);
          wake();
        },
      );
    },
    until: (holds) =>
      new Promise((resolve) => {
        const end = (held: boolean) => {
          clearTimeout(timer);
          waiting.delete(check);
          resolve(held);
        };
        const timer = setTimeout(() => end(holds()), options.patienceMs);
        const check = () => {
          if (holds()) end(true);
        };
        waiting.add(check);
        check();
      }),
  };
}
