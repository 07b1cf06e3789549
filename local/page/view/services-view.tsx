import { useMemo, useState } from 'preact/hooks';
import { BEHAVIORS, behaviorOf, isBehavior } from '../model/behavior.ts';
import type { Behavior } from '../model/behavior.ts';
import type { SimulatedResource } from '../model/records.ts';
import type { Tone } from '../model/request-life.ts';
import { formatRoute, NO_FILTERS } from '../model/route.ts';
import { counted } from '../model/words.ts';
import { publish, simulate } from './api.ts';
import type { Feed } from './feed.ts';
import { Empty, Facts, Field, Pill } from './parts.tsx';
import { VirtualList } from './virtual-list.tsx';

/** The operations of the simulated services, and how they behave. */
export function ServicesView({ feed, text }: { feed: Feed; text: string }) {
  const { simulated, facts, version } = feed;
  const [told, setTold] = useState('');
  const shown = useMemo(() => {
    const word = text.toLowerCase();
    return [...simulated.values()]
      .filter(({ url, state }) => `${url} ${state}`.toLowerCase().includes(word))
      .sort((a, b) => (a.url < b.url ? -1 : 1));
  }, [version, text]);
  const attempt = (work: Promise<unknown>, done: string) => {
    work.then(
      () => setTold(done),
      (error: unknown) => setTold(String(error)),
    );
  };
  return (
    <section class="list" aria-labelledby="services-heading">
      <h1 id="services-heading">Simulated services</h1>
      <p class="muted">
        Google’s APIs on this machine. An operation or a job can be started again, and made to ignore its
        cancel, to be throttled or to break.
      </p>
      <AddForm
        onAdd={(url, behavior) => attempt(simulate({ url, behavior, restart: true }), `Started ${url}.`)}
      />
      <div class="filters" role="search" aria-label="Filter operations">
        <input
          type="search"
          aria-label="Filter by text"
          placeholder="Filter by URL or state"
          value={text}
          onInput={(event) => {
            const next = formatRoute({ view: 'services', text: event.currentTarget.value });
            window.history.replaceState(undefined, '', next);
            window.dispatchEvent(new HashChangeEvent('hashchange'));
          }}
        />
        <span role="status" class="told">
          {told}
        </span>
      </div>
      {shown.length === 0 ? (
        <Empty>No operation.</Empty>
      ) : (
        <VirtualList
          label={counted(shown.length, 'simulated resource')}
          items={shown}
          keyOf={({ url }) => url}
          rowHeights={[54, 104]}
          row={(one) => <SimulatedRow one={one} attempt={attempt} />}
        />
      )}
      {facts && <Facts facts={Object.entries(facts.addresses)} />}
    </section>
  );
}

function AddForm({ onAdd }: { onAdd: (url: string, behavior: Behavior) => void }) {
  const [url, setUrl] = useState('');
  const [behavior, setBehavior] = useState<Behavior>('obedient');
  return (
    <form
      class="composer"
      aria-label="Start an operation"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(url.trim(), behavior);
      }}
    >
      <div class="line">
        <Field label="URL of an operation or a job to start">
          <input
            class="mono"
            value={url}
            placeholder="https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/mine"
            onInput={(event) => setUrl(event.currentTarget.value)}
            autocomplete="off"
            spellcheck={false}
          />
        </Field>
        <Field label="Behavior">
          <BehaviorSelect value={behavior} onChange={setBehavior} />
        </Field>
        <button type="submit" class="primary" disabled={url.trim() === ''}>
          Start
        </button>
      </div>
    </form>
  );
}

interface BehaviorSelectProps {
  readonly value: Behavior | undefined;
  readonly onChange: (behavior: Behavior) => void;
  readonly label?: string;
}

const BehaviorSelect = ({ value, onChange, label }: BehaviorSelectProps) => (
  <select
    aria-label={label}
    value={value ?? ''}
    onChange={({ currentTarget }) => {
      if (isBehavior(currentTarget.value)) onChange(currentTarget.value);
    }}
  >
    {value === undefined && <option value="">As seeded</option>}
    {Object.entries(BEHAVIORS).map(([behavior, { label: word, hint }]) => (
      <option key={behavior} value={behavior} title={hint}>
        {word}
      </option>
    ))}
  </select>
);

const TONES: Readonly<Record<string, Tone>> = {
  queued: 'info',
  running: 'wait',
  cancelling: 'wait',
  cancelled: 'good',
  succeeded: 'info',
};

interface RowProps {
  readonly one: SimulatedResource;
  readonly attempt: (work: Promise<unknown>, done: string) => void;
}

function SimulatedRow({ one: { url, kind, state, word, script }, attempt }: RowProps) {
  const name = url.split('/').at(-1) ?? url;
  const [, , host = '', ...path] = url.split('/');
  return (
    <div class="row simulated">
      <Pill word={state} tone={TONES[state] ?? 'bad'} />
      <span class="names">
        <b>{name}</b>
        <small title={word}>{[host, ...path.slice(0, -1)].join('/')}</small>
      </span>
      <span class="actions">
        <BehaviorSelect
          label={`Behavior of ${name}`}
          value={behaviorOf(script)}
          onChange={(behavior) =>
            attempt(simulate({ url, behavior }), `${name}: ${BEHAVIORS[behavior].hint}.`)
          }
        />
        <button
          type="button"
          class="quiet"
          aria-label={`Start again: ${name}`}
          onClick={() => attempt(simulate({ url, restart: true }), `Started ${name} again.`)}
        >
          Start again
        </button>
        <button
          type="button"
          aria-label={`Cancel: ${name}`}
          onClick={() =>
            attempt(
              publish({
                topic: 'requests',
                message: { [kind === 'operations' ? 'operation' : 'job']: url, reason: 'from the page' },
              }).then(({ requestId }) => {
                const key = encodeURIComponent(requestId);
                window.location.hash = formatRoute({ view: 'requests', key, filters: NO_FILTERS });
              }),
              '',
            )
          }
        >
          Cancel
        </button>
      </span>
    </div>
  );
}
