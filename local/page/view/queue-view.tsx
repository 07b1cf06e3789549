import { useMemo } from 'preact/hooks';
import { keyOfWaiting } from '../model/deployed-life.ts';
import type { Source } from '../model/records.ts';
import { formatRoute, NO_FILTERS } from '../model/route.ts';
import { nameOfResource, serviceOfResource } from '../model/service-call.ts';
import { countByPurpose, PURPOSES } from '../model/waiting-task.ts';
import type { WaitingTask } from '../model/waiting-task.ts';
import { counted, duration, timeOfDay } from '../model/words.ts';
import type { Feed } from './feed.ts';
import { Empty, Facts, Pill } from './parts.tsx';
import { VirtualList } from './virtual-list.tsx';

/** The tasks that wait in the queue of the re-checks, the soonest first. */
export function QueueView({ feed, nowMs }: { feed: Feed; nowMs: number }) {
  const { tasks, sources, version } = feed;
  const inOrder = useMemo(() => [...tasks.values()].sort((a, b) => a.dueMs - b.dueMs), [version]);
  const source = sources.get('queue');
  return (
    <section class="list" aria-labelledby="queue-heading">
      <h1 id="queue-heading">Queue of re-checks</h1>
      <QueueFacts source={source} soonest={inOrder[0]} nowMs={nowMs} />
      <ul class="tally">
        {countByPurpose(tasks.values()).map(({ purpose, count }) => (
          <li key={purpose}>
            <b>{count.toLocaleString('en-US')}</b> {PURPOSES[purpose].meaning}
          </li>
        ))}
      </ul>
      {inOrder.length === 0 ? (
        <Empty>{source?.queue === undefined ? 'Nothing is known of a queue.' : 'Nothing waits.'}</Empty>
      ) : (
        <VirtualList
          label={counted(inOrder.length, 'waiting task')}
          items={inOrder}
          keyOf={({ id }) => id}
          rowHeights={[54, 78]}
          row={(task) => <TaskRow task={task} nowMs={nowMs} />}
        />
      )}
    </section>
  );
}

interface QueueFactsProps {
  readonly source: Source | undefined;
  readonly soonest: WaitingTask | undefined;
  readonly nowMs: number;
}

function QueueFacts({ source, soonest, nowMs }: QueueFactsProps) {
  if (source === undefined) return <p class="muted">The queue is being read.</p>;
  const { queue, text, state } = source;
  return (
    <>
      {state === 'absent' && <p class="muted">{text}</p>}
      {queue && (
        <Facts
          facts={[
            ['State', queue.state],
            ['Waiting', `${queue.count.toLocaleString('en-US')}${queue.hasMore ? ' and more' : ''}`],
            ['Next', soonest && timeUntil(soonest.dueMs, nowMs)],
            ['Read at', timeOfDay(queue.readAtMs)],
            ['Queue', queue.name],
          ]}
        />
      )}
    </>
  );
}

const timeUntil = (dueMs: number, nowMs: number) =>
  dueMs > nowMs ? `in ${duration(dueMs - nowMs)}` : 'due now';

function TaskRow({ task, nowMs }: { task: WaitingTask; nowMs: number }) {
  const { purpose, request, run, id, dueMs, attempts, lastAnswer } = task;
  const about = request ? [serviceOfResource(request.operation), request.requestId] : [run?.runId];
  const content = (
    <>
      <Pill word={PURPOSES[purpose].word} tone={purpose === 'unknown' ? 'info' : 'wait'} />
      <span class="names">
        <b>{request ? (nameOfResource(request.operation).split('/').at(-1) ?? '') : (run?.sweep ?? id)}</b>
        <small>{[...about, lastAnswer].filter(Boolean).join(' · ')}</small>
      </span>
      <span class="counts">
        {attempts > 0 ? `${counted(attempts, 'attempt')} failed` : request ? NEXT_STEP[request.step] : ''}
      </span>
      <span class="took">{timeUntil(dueMs, nowMs)}</span>
    </>
  );
  if (request !== undefined) {
    const href = formatRoute({ view: 'requests', key: keyOfWaiting(request), filters: NO_FILTERS });
    return (
      <a class="row task" href={href}>
        {content}
      </a>
    );
  }
  if (run === undefined) return <div class="row task">{content}</div>;
  return (
    <a class="row task" href={formatRoute({ view: 'sweeps', runId: run.runId })}>
      {content}
    </a>
  );
}

/** The call that a re-check makes. */
const NEXT_STEP: Readonly<Record<string, string>> = {
  cancel: 'then POST',
  confirm: 'then GET',
  preview: 'then GET, dry run',
};
