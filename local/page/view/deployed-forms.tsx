import { useState } from 'preact/hooks';
import { alertMessage, sweepMessage } from '../model/messages.ts';
import type { PageFacts } from '../model/records.ts';
import type { Feed } from './feed.ts';
import { Field, PercentField } from './parts.tsx';
import { PublishForm } from './publish-form.tsx';

/** Forms for a system whose settings the page does not know: which sweeps and budgets there are is typed. */
const plain = { autocomplete: 'off', spellcheck: false, required: true } as const;

export function DeployedSweepForm({ feed, facts }: { feed: Feed; facts: PageFacts }) {
  const [name, setName] = useState('');
  const [dryRun, setDryRun] = useState(true);
  return (
    <PublishForm
      title="Sweep"
      action="Start the sweep"
      message={sweepMessage(name.trim(), dryRun)}
      feed={feed}
      facts={facts}
    >
      <div class="line">
        <Field label="Its name in SWEEPS">
          <input
            class="mono"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            {...plain}
          />
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={dryRun}
            onChange={(event) => setDryRun(event.currentTarget.checked)}
          />
          Dry run
        </label>
      </div>
      <p class="muted">
        {dryRun
          ? 'Looks, and cancels nothing.'
          : 'Requests a cancel for all that it selects, unless it is a dry run in SWEEPS.'}
      </p>
    </PublishForm>
  );
}

export function DeployedAlertForm({ feed, facts, nowMs }: { feed: Feed; facts: PageFacts; nowMs: number }) {
  const [budgetId, setBudgetId] = useState('');
  const [budgetDisplayName, setName] = useState('');
  const [percent, setPercent] = useState(100);
  const message = alertMessage({ budgetId: budgetId.trim(), budgetDisplayName }, percent, nowMs);
  return (
    <PublishForm
      title="Budget alert"
      action="Send the alert"
      message={message}
      feed={feed}
      facts={facts}
      noEffectYet="A run that it starts appears here with its report. Why an alert starts none, the log of the function alone tells."
    >
      <div class="line">
        <Field label="Budget id">
          <input
            class="mono"
            value={budgetId}
            onInput={(event) => setBudgetId(event.currentTarget.value)}
            {...plain}
          />
        </Field>
        <Field label="Display name">
          <input
            value={budgetDisplayName}
            onInput={(event) => setName(event.currentTarget.value)}
            {...plain}
          />
        </Field>
        <PercentField value={percent} onValue={setPercent} />
      </div>
      <p class="muted">
        A notification as Cloud Billing sends it, of an invented cost. A rule of BUDGETS for this budget
        starts its sweep, once in a month for each threshold: also the real notification starts none after it.
      </p>
    </PublishForm>
  );
}
