import { timelineOf } from '../model/timeline.ts';
import type { Mark } from '../model/timeline.ts';
import type { RequestLife } from '../model/request-life.ts';

const percent = (fraction: number) => `${(fraction * 100).toFixed(2)}%`;

const Shape = ({ mark: { kind, tone, at, to, label } }: { mark: Mark }) =>
  to === undefined ? (
    <i class={`mark ${kind} ${tone}`} style={{ left: percent(at) }} title={label} />
  ) : (
    <i
      class={`stretch ${tone}`}
      style={{ left: percent(at), width: percent(Math.max(0, to - at)) }}
      title={label}
    />
  );

/** A life on one line; its row says the same in words. */
export function Track({ life, nowMs }: { life: RequestLife; nowMs: number }) {
  const { marks, now } = timelineOf(life, nowMs);
  return (
    <span class="track" aria-hidden="true">
      {marks.map((mark, index) => (
        <Shape key={index} mark={mark} />
      ))}
      {now !== undefined && <i class="now" style={{ left: percent(now) }} />}
    </span>
  );
}

const LANES = [
  { title: 'Message', has: ({ kind }: Mark) => ['published', 'accepted', 'result', 'note'].includes(kind) },
  { title: 'POST', has: ({ kind, to }: Mark) => kind === 'post' && to === undefined },
  { title: 'Wait', has: ({ kind }: Mark) => kind === 'wait' },
  { title: 'GET', has: ({ kind, to }: Mark) => kind === 'get' && to === undefined },
] as const;

/** A life with a line for each kind of step, over an axis of time. The list of the steps says the same in words. */
export function Lanes({ life, nowMs }: { life: RequestLife; nowMs: number }) {
  const { marks, now, ticks } = timelineOf(life, nowMs);
  return (
    <div class="lanes" aria-hidden="true">
      {LANES.map(({ title, has }) => (
        <div class="lane" key={title}>
          <span class="title">{title}</span>
          <span class="line">
            {ticks.map(({ at }) => (
              <i key={at} class="tick" style={{ left: percent(at) }} />
            ))}
            {marks.filter(has).map((mark, index) => (
              <Shape key={index} mark={mark} />
            ))}
            {now !== undefined && <i class="now" style={{ left: percent(now) }} />}
          </span>
        </div>
      ))}
      <div class="lane axis">
        <span class="title" />
        <span class="line">
          {ticks.map(({ at, label }) => (
            <span key={at} class="label" style={{ left: percent(at) }}>
              {label}
            </span>
          ))}
        </span>
      </div>
    </div>
  );
}
