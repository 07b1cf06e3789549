import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { toneOfOutcome } from '../model/request-life.ts';
import type { Tone } from '../model/request-life.ts';

/** A state in its color, with its word. */
export const Pill = ({ word, tone = toneOfOutcome(word) }: { word: string; tone?: Tone }) => (
  <span class={`pill ${tone}`}>{word.replaceAll('_', ' ')}</span>
);

function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      window.setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <button type="button" class="quiet small" onClick={copy}>
      {copied ? 'Copied' : label}
    </button>
  );
}

/** Text that stands for itself: a line for a shell, or JSON. */
export const Code = ({ text, label }: { text: string; label: string }) => (
  <div class="code">
    <pre tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
    <CopyButton text={text} label={`Copy ${label}`} />
  </div>
);

export const Json = ({ value, label }: { value: unknown; label: string }) => (
  <Code text={JSON.stringify(value, undefined, 2)} label={label} />
);

/** The line that does the same as a form. */
export const Gcloud = ({ line }: { line: string }) => (
  <details class="gcloud">
    <summary>The same with gcloud</summary>
    <Code text={line} label="gcloud line" />
  </details>
);

export const Field = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <label class="field">
    <span>{label}</span>
    {children}
  </label>
);

/** The share of a budget that a notification says was spent. */
export const PercentField = ({ value, onValue }: { value: number; onValue: (percent: number) => void }) => (
  <Field label="Spent, in %">
    <input
      type="number"
      min={0}
      max={999}
      step={1}
      value={value}
      onInput={(event) => onValue(Number(event.currentTarget.value))}
    />
  </Field>
);

/** A link out of the page, to the console of Google Cloud. */
export const Outside = ({ href, children }: { href: string; children: ComponentChildren }) => (
  <a class="outside" href={href} target="_blank" rel="noreferrer noopener">
    {children} <span aria-hidden="true">↗</span>
    <span class="hidden">(opens Google Cloud in another tab)</span>
  </a>
);

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;

/** Terms with their descriptions; those without a value are left out. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, string | undefined])[] }) => (
  <dl class="facts">
    {facts.map(
      ([term, value]) =>
        value !== undefined &&
        value !== '' && (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ),
    )}
  </dl>
);
