import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { effectsOf } from '../model/message-effects.ts';
import { approvalMessage, gcloudLine } from '../model/messages.ts';
import { foundBy } from '../model/run-life.ts';
import type { RunLife } from '../model/run-life.ts';
import { timeOfDay } from '../model/words.ts';
import { publish } from './api.ts';
import type { Feed } from './feed.ts';
import { Field, Gcloud } from './parts.tsx';

/** Approves a dry run, after a dialog that says what will be cancelled; shows who approved it, or why nobody can. */
export function Approval({ run, feed }: { run: RunLife; feed: Feed }) {
  const { report, approved } = run;
  const [messageId, setMessageId] = useState<string>();
  const [error, setError] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);
  const told = useRef<HTMLParagraphElement>(null);
  const isApproved = approved !== undefined;
  const canPublish = feed.facts?.canPublish === true;
  useEffect(() => {
    if (!isApproved) return;
    const wasOpen = dialog.current?.open === true;
    dialog.current?.close();
    // The button, which had the focus or would get it back, is gone.
    const isFocusLost = messageId !== undefined && document.activeElement === document.body;
    if (wasOpen || isFocusLost) told.current?.focus();
  }, [isApproved]);
  if (report?.approval === undefined) return null;
  const refusal = messageId === undefined ? undefined : refusalOf(feed, messageId);
  const problem = error === '' ? refusal : error;
  return (
    <div class="approval">
      {!isApproved && canPublish && (
        <button type="button" class="primary" onClick={() => dialog.current?.showModal()}>
          Approve: cancel{' '}
          {report.requested === 1 ? 'this one' : `these ${report.requested.toLocaleString('en-US')}`}
        </button>
      )}
      <p role="status" class="told" ref={told} tabIndex={-1}>
        {approved === undefined
          ? messageId !== undefined && refusal === undefined && `Published as message ${messageId}.`
          : `Approved${approved.by === undefined ? '' : ` by ${approved.by}`} at ${timeOfDay(approved.atMs)}.`}
      </p>
      <p role="alert" class="bad told">
        {problem}
      </p>
      {canPublish && (
        <ApprovalDialog
          element={dialog}
          run={run}
          feed={feed}
          onApprove={(message) => {
            setError('');
            setMessageId(undefined);
            dialog.current?.close();
            publish(message).then(
              (published) => setMessageId(published.messageId),
              (thrown: unknown) => setError(String(thrown)),
            );
          }}
        />
      )}
    </div>
  );
}

interface ApprovalDialogProps {
  readonly element: preact.RefObject<HTMLDialogElement | null>;
  readonly run: RunLife;
  readonly feed: Feed;
  readonly onApprove: (message: ReturnType<typeof approvalMessage>) => void;
}

function ApprovalDialog({ element, run, feed, onApprove }: ApprovalDialogProps) {
  const headingId = useId();
  const [requestedBy, setRequestedBy] = useState('');
  const [reason, setReason] = useState('');
  const { report, runId, sweep, lastMs } = run;
  if (report === undefined) return null;
  const found = foundBy(report);
  const message = approvalMessage(runId, { requestedBy, reason });
  return (
    <dialog ref={element} aria-labelledby={headingId}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onApprove(message);
        }}
      >
        <h2 id={headingId}>Cancel {found}?</h2>
        <p>
          A cancel is requested for exactly what the dry run of {sweep} at {timeOfDay(lastMs)} found: {found}.
          Anything that has ended meanwhile, or is protected by now, is left alone.
        </p>
        <Field label="Approved by">
          <input value={requestedBy} onInput={(event) => setRequestedBy(event.currentTarget.value)} />
        </Field>
        <Field label="Reason">
          <input value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </Field>
        <div class="line">
          <button type="submit" class="primary">
            Cancel {found}
          </button>
          <button type="button" onClick={() => element.current?.close()}>
            Not now
          </button>
        </div>
        {feed.facts && <Gcloud line={gcloudLine(message, feed.facts.topics)} />}
      </form>
    </dialog>
  );
}

/** Why the function refused a message of this page; undefined where it did not, or has not answered. */
function refusalOf(feed: Feed, messageId: string): string | undefined {
  const { notices, refusal } = effectsOf(feed, messageId);
  return notices[0]?.message ?? refusal;
}
