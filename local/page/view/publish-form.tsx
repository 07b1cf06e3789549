import { useState } from 'preact/hooks';
import { gcloudLine } from '../model/messages.ts';
import type { PublishedMessage } from '../model/messages.ts';
import type { PageFacts } from '../model/records.ts';
import { publish } from './api.ts';
import { Gcloud } from './parts.tsx';

interface PublishFormProps {
  readonly title: string;
  readonly action: string;
  readonly message: PublishedMessage;
  readonly facts: PageFacts;
  readonly children: preact.ComponentChildren;
}

/** A form that publishes one message, and shows the line that does the same. */
export function PublishForm({ title, action, message, facts, children }: PublishFormProps) {
  const [told, setTold] = useState('');
  return (
    <form
      class="card"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        publish(message).then(
          ({ messageId }) => setTold(`Published as message ${messageId}.`),
          (error: unknown) => setTold(String(error)),
        );
      }}
    >
      <h2>{title}</h2>
      {children}
      <button type="submit" class="primary">
        {action}
      </button>
      <p role="status" class="told">
        {told}
      </p>
      <Gcloud line={gcloudLine(message, facts.topics)} />
    </form>
  );
}
