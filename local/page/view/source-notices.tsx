import type { Source } from '../model/records.ts';

/** What is wrong with the parts of the system that the page reads, over every view. */
export function SourceNotices({ sources }: { sources: ReadonlyMap<string, Source> }) {
  const wrong = [...sources.values()].filter(({ state }) => state === 'degraded' || state === 'unreadable');
  if (wrong.length === 0) return null;
  return (
    <aside class="source-notices" aria-label="What cannot be read" tabIndex={0}>
      {wrong.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </aside>
  );
}
