import { labelOf } from '../model/notice.ts';
import type { PageFacts } from '../model/records.ts';
import { timeOfDay } from '../model/words.ts';
import type { Feed } from './feed.ts';
import { Empty, Pill } from './parts.tsx';

/** More would make the page slow. */
const MAX_SHOWN = 100;

const ABOUT: Readonly<Record<PageFacts['system'], { readonly title: string; readonly text: string }>> = {
  local: {
    title: 'Other messages of the function',
    text: 'Alerts that started nothing, and why; triggers that were refused; services that throttle; messages that failed.',
  },
  deployed: {
    title: 'Other messages',
    text: 'Triggers that the function refused, and messages that could not be read.',
  },
};

/** The messages that are of no request and no run, the newest first. */
export function Notices({ notices, facts }: Pick<Feed, 'notices' | 'facts'>) {
  const newest = [...notices.values()].sort((a, b) => b.id - a.id);
  const system = facts?.system ?? 'deployed';
  if (system === 'deployed' && newest.length === 0) return null;
  const { title, text } = ABOUT[system];
  return (
    <section aria-labelledby="notices-heading">
      <h2 id="notices-heading">{title}</h2>
      <p class="muted">{text}</p>
      {newest.length === 0 && <Empty>None yet.</Empty>}
      <ul class="notices">
        {newest.slice(0, MAX_SHOWN).map((notice) => (
          <li key={notice.id}>
            <time>{timeOfDay(notice.atMs)}</time>
            <Pill {...labelOf(notice)} />
            <span>{notice.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
