import { useState } from 'preact/hooks';
import { effectsOf } from '../model/message-effects.ts';
import { gcloudLine } from '../model/messages.ts';
import type { PublishedMessage } from '../model/messages.ts';
import { labelOf } from '../model/notice.ts';
import type { PageFacts } from '../model/records.ts';
import { formatRoute } from '../model/route.ts';
import { stateOf } from '../model/run-life.ts';
import { publish } from './api.ts';
import type { Feed } from './feed.ts';
import { Gcloud, Pill } from './parts.tsx';

interface PublishFormProps {
  readonly title: string;
  readonly action: string;
  readonly message: PublishedMessage;
  readonly feed: Feed;
  readonly facts: PageFacts;
  /** Shown after the message was published, until the page knows an effect of it. */
  readonly noEffectYet?: string;
  readonly children: preact.ComponentChildren;
}

/** A form that publishes one message, shows what became of it, and the line that does the same. */
export function PublishForm(props: PublishFormProps) {
  const { title, action, message, feed, facts, noEffectYet = '', children } = props;
  const [messageId, setMessageId] = useState<string>();
  const [error, setError] = useState('');
  return (
    <form
      class="card"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        setMessageId(undefined);
        setError('');
        publish(message).then(
          (published) => setMessageId(published.messageId),
          (thrown: unknown) => setError(String(thrown)),
        );
      }}
    >
      <h2>{title}</h2>
      {children}
      <button type="submit" class="primary">
        {action}
      </button>
      <div role="status" class="told">
        {error}
        {messageId !== undefined && <Effects feed={feed} messageId={messageId} noEffectYet={noEffectYet} />}
      </div>
      <Gcloud line={gcloudLine(message, facts.topics)} />
    </form>
  );
}

interface EffectsProps {
  readonly feed: Feed;
  readonly messageId: string;
  readonly noEffectYet: string;
}

function Effects({ feed, messageId, noEffectYet }: EffectsProps) {
  const { runs, notices, refusal } = effectsOf(feed, messageId);
  const isUnknown = runs.length === 0 && notices.length === 0 && refusal === undefined;
  return (
    <>
      <p>
        Published as message {messageId}.{isUnknown && ` ${noEffectYet}`}
      </p>
      {runs.map((run) => (
        <p key={run.key}>
          <Pill {...stateOf(run)} /> It started a run of{' '}
          <a href={formatRoute({ view: 'sweeps', runId: run.key })}>{run.sweep}</a>.
        </p>
      ))}
      {notices.map((notice) => (
        <p key={notice.id}>
          <Pill {...labelOf(notice)} /> {notice.message}
        </p>
      ))}
      {refusal !== undefined && <p class="bad">{refusal}</p>}
    </>
  );
}
