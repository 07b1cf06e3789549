import { useMemo, useState } from 'preact/hooks';
import { logsOfRun, traceUrl } from '../model/cloud-links.ts';
import { alertMessage, sweepMessage } from '../model/messages.ts';
import type { PageFacts } from '../model/records.ts';
import { formatRoute, NO_FILTERS } from '../model/route.ts';
import { budgetsOf, effectOf } from '../model/budgets.ts';
import { leftAlone, stateOf } from '../model/run-life.ts';
import type { RunLife } from '../model/run-life.ts';
import { requestsByRun, resultsOf } from '../model/run-results.ts';
import type { RunResults } from '../model/run-results.ts';
import { counted, duration, timeOfDay } from '../model/words.ts';
import { Approval } from './approval.tsx';
import { DeployedAlertForm, DeployedSweepForm } from './deployed-forms.tsx';
import type { Feed } from './feed.ts';
import { Notices } from './notices.tsx';
import { Empty, Facts, Field, Json, Outside, PercentField, Pill } from './parts.tsx';
import { PublishForm } from './publish-form.tsx';

/** Starts sweeps, by hand or by a budget alert, and shows what they found. */
export function SweepsView({ feed, runId, nowMs }: { feed: Feed; runId: string | undefined; nowMs: number }) {
  const { facts, runs, notices, requests, version } = feed;
  const newest = [...runs.values()].sort((a, b) => b.firstMs - a.firstMs);
  const byRun = useMemo(() => requestsByRun(requests.values()), [version]);
  return (
    <div class="column">
      <h1>Sweeps and budgets</h1>
      {facts?.canPublish === true && (
        <div class="forms">
          {facts.system === 'local' ? (
            <>
              <AlertForm feed={feed} facts={facts} nowMs={nowMs} />
              <SweepForm feed={feed} facts={facts} />
            </>
          ) : (
            <>
              <DeployedSweepForm feed={feed} facts={facts} />
              <DeployedAlertForm feed={feed} facts={facts} nowMs={nowMs} />
            </>
          )}
        </div>
      )}
      <section aria-labelledby="runs-heading">
        <h2 id="runs-heading">Runs</h2>
        {newest.length === 0 && (
          <Empty>
            {facts?.system === 'local' ? 'No sweep has run yet.' : 'None since this page is served.'}
          </Empty>
        )}
        {newest.map((run) => (
          <Run
            key={run.key}
            run={run}
            results={resultsOf(run, byRun.get(run.runId))}
            feed={feed}
            open={run.key === runId}
            logProject={facts?.logProject}
          />
        ))}
      </section>
      <Notices notices={notices} facts={facts} />
    </div>
  );
}

function AlertForm({ feed, facts, nowMs }: { feed: Feed; facts: PageFacts; nowMs: number }) {
  const [index, setIndex] = useState(0);
  const [percent, setPercent] = useState(100);
  const budgets = budgetsOf(facts.budgets);
  const budget = budgets[index];
  if (budget === undefined) return <Empty>No budget is set: BUDGETS names none.</Empty>;
  const message = alertMessage(budget, percent, nowMs);
  return (
    <PublishForm title="Budget alert" action="Send the alert" message={message} feed={feed} facts={facts}>
      <div class="line">
        <Field label="Budget">
          <select value={index} onChange={(event) => setIndex(Number(event.currentTarget.value))}>
            {budgets.map(({ budgetDisplayName, budgetId }, number) => (
              <option key={number} value={number}>
                {budgetDisplayName ?? budgetId}
              </option>
            ))}
          </select>
        </Field>
        <PercentField value={percent} onValue={setPercent} />
      </div>
      <p class="muted">{effectOf(budget, percent)}</p>
    </PublishForm>
  );
}

function SweepForm({ feed, facts }: { feed: Feed; facts: PageFacts }) {
  const [name, setName] = useState(facts.sweeps[0]?.name ?? '');
  const [dryRun, setDryRun] = useState(true);
  if (name === '') return <Empty>No sweep is set: SWEEPS names none.</Empty>;
  const always = facts.sweeps.find((sweep) => sweep.name === name)?.dryRun === true;
  return (
    <PublishForm
      title="Sweep"
      action="Start the sweep"
      message={sweepMessage(name, dryRun)}
      feed={feed}
      facts={facts}
    >
      <div class="line">
        <Field label="Sweep">
          <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
            {facts.sweeps.map((sweep) => (
              <option key={sweep.name}>{sweep.name}</option>
            ))}
          </select>
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={dryRun || always}
            disabled={always}
            onChange={(event) => setDryRun(event.currentTarget.checked)}
          />
          Dry run
        </label>
      </div>
      <p class="muted">
        {dryRun || always ? 'Looks, and cancels nothing.' : 'Requests a cancel for all that it selects.'}
      </p>
    </PublishForm>
  );
}

interface RunProps {
  readonly run: RunLife;
  readonly results: RunResults | undefined;
  readonly feed: Feed;
  readonly open: boolean;
  readonly logProject: string | undefined;
}

function Run({ run, results, feed, open, logProject }: RunProps) {
  const { report, sweep, cause, ended, firstMs, lastMs, steps, traceId } = run;
  return (
    <article class="card run">
      <header>
        <Pill {...stateOf(run)} />
        <h3>
          <a href={formatRoute({ view: 'sweeps', runId: run.key })}>{sweep}</a>
        </h3>
        {report?.dryRun === true && <Pill word="Dry run" tone="info" />}
        {run.isApproval && <Pill word="Approval" tone="info" />}
        <span class="muted">
          {timeOfDay(firstMs)}
          {ended ? `, took ${duration(lastMs - firstMs)}` : ''}
        </span>
      </header>
      <p>
        {cause}. {report?.detail}
      </p>
      {logProject !== undefined && (
        <p class="links">
          <Outside href={logsOfRun(logProject, run.runId, firstMs)}>Log of the run</Outside>
          {traceId !== undefined && <Outside href={traceUrl(logProject, traceId)}>Trace</Outside>}
        </p>
      )}
      {report && (
        <>
          <ul class="tally">
            <li>
              <b>{report.found}</b> found
            </li>
            <li>
              <b>{report.matched}</b> matched
            </li>
            <li>
              <a href={requestsOf(run, '')}>
                <b>{report.requested}</b> requested
              </a>
              {results && <Results run={run} results={results} />}
            </li>
            {leftAlone(report).map(({ reason, count }) => (
              <li key={reason} class="left">
                <b>{count}</b> left alone: {reason}
              </li>
            ))}
          </ul>
          <Approval run={run} feed={feed} />
          {report.notes.length > 0 && (
            <Facts
              facts={report.notes.map(({ operation, detail, reason }) => [operation, `${reason}: ${detail}`])}
            />
          )}
          {report.failures.map(({ list, message }, index) => (
            <p key={index} class="bad">
              {list}: {message}
            </p>
          ))}
          <details open={open}>
            <summary>Report</summary>
            <Json value={report} label="report" />
          </details>
        </>
      )}
      {steps.length > 0 && (
        <details>
          <summary>{counted(steps.length, 'line')} of the log</summary>
          <ol class="steps">
            {steps.map(({ atMs, text, bad }, index) => (
              <li key={index} class={bad ? 'bad' : 'info'}>
                <time>+{duration(atMs - firstMs)}</time>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}

const requestsOf = ({ runId }: RunLife, outcome: string) =>
  formatRoute({ view: 'requests', key: undefined, filters: { ...NO_FILTERS, outcome, text: runId } });

/** How the requests of a run ended: `: 4 cancelled, 1 without a result here`. */
function Results({ run, results: { outcomes, missing } }: { run: RunLife; results: RunResults }) {
  return (
    <>
      {outcomes.map(({ outcome, count }, index) => (
        <span key={outcome}>
          {index === 0 ? ': ' : ', '}
          <a href={requestsOf(run, outcome)}>
            {count.toLocaleString('en-US')} {outcome.toLowerCase().replaceAll('_', ' ')}
          </a>
        </span>
      ))}
      {missing > 0 &&
        `${outcomes.length === 0 ? ': ' : ', '}${missing.toLocaleString('en-US')} without a result here`}
    </>
  );
}
