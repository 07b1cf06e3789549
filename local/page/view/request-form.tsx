import { useEffect, useRef, useState } from 'preact/hooks';
import type { Explanation } from '../model/explanation.ts';
import { gcloudLine, requestMessage } from '../model/messages.ts';
import type { RequestFields } from '../model/messages.ts';
import type { PageFacts } from '../model/records.ts';
import { formatRoute, NO_FILTERS } from '../model/route.ts';
import { explain, publish, simulate } from './api.ts';
import { Field, Gcloud } from './parts.tsx';

const EMPTY: RequestFields = {
  reference: '',
  service: '',
  reason: '',
  requestId: '',
  confirmWithin: '',
  dryRun: false,
  isJob: false,
};

/** Waits for this long after a key before it asks what a request would do. */
const EXPLAIN_AFTER_MS = 150;

/** Publishes a cancel request, and explains it as one types. Where the page is read-only, it explains alone. */
export function RequestForm({ facts }: { facts: PageFacts | undefined }) {
  const canPublish = facts?.canPublish === true;
  const knowsSettings = facts?.system === 'local';
  const [fields, setFields] = useState(EMPTY);
  const [told, setTold] = useState<{ text: string; requestId?: string; bad?: boolean }>();
  const message = requestMessage(fields);
  const isEmpty = fields.reference.trim() === '';
  const jobBox = useRef<HTMLInputElement>(null);
  const { explanation, ask } = useExplanation(isEmpty ? undefined : message.message);
  const set = (change: Partial<RequestFields>) => {
    setFields({ ...fields, ...change });
    setTold(undefined);
  };
  const send = () => {
    publish(message).then(
      ({ requestId }) => setTold({ text: 'Published as', requestId }),
      (error: unknown) => setTold({ text: String(error), bad: true }),
    );
  };
  const name = (key: keyof RequestFields) => ({
    value: String(fields[key]),
    onInput: (event: InputEvent) => set({ [key]: (event.target as HTMLInputElement).value }),
    autocomplete: 'off',
    spellcheck: false,
  });
  const needsService = !isEmpty && !fields.reference.includes('//');
  const content = (
    <>
      <div class="line">
        <Field label={`${fields.isJob ? 'Job' : 'Operation'}: a URL, or a name with its service`}>
          <input
            class="mono"
            placeholder="https://notebooks.googleapis.com/v2/projects/…/operations/…"
            {...name('reference')}
          />
        </Field>
        {(needsService || fields.service !== '') && (
          <Field label="Service">
            <input class="mono" placeholder="notebooks" {...name('service')} />
          </Field>
        )}
        {!isEmpty && (
          <label class="check">
            <input
              type="checkbox"
              ref={jobBox}
              checked={fields.isJob}
              onChange={(event) => set({ isJob: event.currentTarget.checked })}
            />
            A job
          </label>
        )}
        {canPublish && (
          <button type="submit" class="primary" disabled={isEmpty}>
            {fields.dryRun ? 'Request a dry run' : 'Request the cancel'}
          </button>
        )}
      </div>
      {!isEmpty && (
        <>
          <Explained explanation={explanation} knowsSettings={knowsSettings} onSimulated={ask} />
          <OtherField
            explanation={explanation}
            onMove={(isJob) => {
              set({ isJob });
              // The button goes; the box says what has changed.
              jobBox.current?.focus();
            }}
          />
          <details>
            <summary>More fields</summary>
            <div class="line">
              <Field label="Reason">
                <input {...name('reason')} />
              </Field>
              <Field label="Request id">
                <input class="mono" {...name('requestId')} />
              </Field>
              <Field label="Confirm within">
                <input class="mono" placeholder="900s" {...name('confirmWithin')} />
              </Field>
              <label class="check">
                <input
                  type="checkbox"
                  checked={fields.dryRun}
                  onChange={(event) => set({ dryRun: event.currentTarget.checked })}
                />
                Dry run: look, cancel nothing
              </label>
            </div>
          </details>
          {facts && <Gcloud line={gcloudLine(message, facts.topics)} />}
        </>
      )}
      <p role="status" class={told?.bad === true ? 'told bad' : 'told'}>
        {told && `${told.text} `}
        {told?.requestId !== undefined && (
          <a
            href={formatRoute({
              view: 'requests',
              key: encodeURIComponent(told.requestId),
              filters: NO_FILTERS,
            })}
          >
            {told.requestId}
          </a>
        )}
      </p>
    </>
  );
  return canPublish ? (
    <form
      class="composer"
      aria-label="Request a cancel"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) send();
      }}
    >
      {content}
    </form>
  ) : (
    <section class="composer" aria-label="Explain a request">
      {content}
      {isEmpty && <p class="muted">Shows the calls that a request would lead to, and sends nothing.</p>}
    </section>
  );
}

/** The explanation of the latest request, a moment after it was typed. */
function useExplanation(request: Readonly<Record<string, unknown>> | undefined) {
  const [explanation, setExplanation] = useState<Explanation>();
  const [asked, setAsked] = useState(0);
  const text = request === undefined ? '' : JSON.stringify(request);
  useEffect(() => {
    if (text === '') {
      setExplanation(undefined);
      return;
    }
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      explain(JSON.parse(text), controller.signal).then(setExplanation, (error: unknown) => {
        if (!controller.signal.aborted) setExplanation({ rejected: String(error) });
      });
    }, EXPLAIN_AFTER_MS);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [text, asked]);
  return { explanation, ask: () => setAsked(asked + 1) };
}

/** Offers the other field for a job that is requested as an operation, and the other way round. Never moves it by itself. */
function OtherField({
  explanation,
  onMove,
}: {
  explanation: Explanation | undefined;
  onMove: (isJob: boolean) => void;
}) {
  const belongsIn =
    explanation !== undefined && 'rejected' in explanation ? explanation.belongsIn : undefined;
  const isJob = belongsIn === 'job';
  return (
    <p role="status" class="told">
      {belongsIn !== undefined && (
        <>
          {isJob ? 'This is a job. ' : 'This is an operation. '}
          <button type="button" class="quiet small" onClick={() => onMove(isJob)}>
            {isJob ? 'Tick “A job”' : 'Untick “A job”'}
          </button>
        </>
      )}
    </p>
  );
}

const SETTINGS_UNKNOWN =
  'Whether the settings of the function allow it (ALLOWED_PROJECTS, ALLOWED_SERVICES, ALLOWED_JOBS, PROTECTED_OPERATIONS) is not known here.';

function Explained({
  explanation,
  knowsSettings,
  onSimulated,
}: {
  explanation: Explanation | undefined;
  knowsSettings: boolean;
  onSimulated: () => void;
}) {
  if (explanation === undefined) return <p class="explained">…</p>;
  if ('rejected' in explanation) return <p class="explained bad">REJECTED: {explanation.rejected}</p>;
  if ('unsupported' in explanation)
    return <p class="explained bad">UNSUPPORTED: {explanation.unsupported}</p>;
  const { service, cancel, get, url, isSimulated, forbidden } = explanation;
  return (
    <div class="explained">
      <p>
        <b>{service}</b>
        {forbidden === undefined ? '' : ' — '}
        {forbidden !== undefined && <span class="bad">REJECTED: {forbidden}</span>}
      </p>
      <p class="mono">{cancel}</p>
      <p class="mono">{get ?? 'There is no GET: the result can be no better than UNCONFIRMED.'}</p>
      {!knowsSettings && <p class="muted">{SETTINGS_UNKNOWN}</p>}
      {isSimulated === false && (
        <p>
          The simulated service does not know it: it will answer 404.{' '}
          <button
            type="button"
            class="quiet small"
            onClick={() => void simulate({ url, behavior: 'obedient' }).then(onSimulated)}
          >
            Start one there
          </button>
        </p>
      )}
    </div>
  );
}
