import { memo } from 'preact/compat';
import { shownNameOf } from '../model/request-life.ts';
import type { RequestLife } from '../model/request-life.ts';
import { tookMs } from '../model/timeline.ts';
import { duration, timeOfDay } from '../model/words.ts';
import { Pill } from './parts.tsx';
import { Track } from './timeline.tsx';

interface RowProps {
  readonly life: RequestLife;
  readonly nowMs: number;
  readonly href: string;
  readonly selected: boolean;
}

/** One request of the list: its state, its operation and its life on a line. */
export const RequestRow = memo(
  ({ life, nowMs, href, selected }: RowProps) => {
    const { requestId, service, posts, gets, firstMs, status } = life;
    const took = duration(tookMs(life, nowMs));
    return (
      <a
        class={`row request${selected ? ' selected' : ''}`}
        href={href}
        aria-current={selected ? 'true' : undefined}
      >
        <Pill word={status} />
        <span class="names">
          <b>{shownNameOf(life)}</b>
          <small>{[service, requestId].filter(Boolean).join(' · ')}</small>
        </span>
        <Track life={life} nowMs={nowMs} />
        <span class="counts">
          {posts} POST · {gets} GET
        </span>
        <span class="took">{took}</span>
        <time>{timeOfDay(firstMs)}</time>
      </a>
    );
  },
  (before, after) =>
    before.life === after.life &&
    before.href === after.href &&
    before.selected === after.selected &&
    (after.life.ended || before.nowMs === after.nowMs),
);
