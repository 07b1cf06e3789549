import { useEffect, useRef } from 'preact/hooks';
import { logsOfRequest, traceUrl } from '../model/cloud-links.ts';
import { gcloudLine } from '../model/messages.ts';
import type { PageFacts } from '../model/records.ts';
import { namedIn, shownNameOf } from '../model/request-life.ts';
import type { RequestLife, Step } from '../model/request-life.ts';
import { stepsByCall, tookMs } from '../model/timeline.ts';
import { duration } from '../model/words.ts';
import { Facts, Gcloud, Json, Outside, Pill } from './parts.tsx';
import { Lanes } from './timeline.tsx';

interface DetailProps {
  readonly life: RequestLife;
  readonly facts: PageFacts | undefined;
  readonly nowMs: number;
  readonly closeHref: string;
}

/** One request with its whole life and its result. */
export function RequestDetail({ life, facts, nowMs, closeHref }: DetailProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key, requestId, service, operation, status, detail, result, firstMs, steps, traceId } = life;
  const logProject = facts?.logProject;
  // Whoever follows a link by keyboard or ear arrives here.
  useEffect(() => heading.current?.focus(), [key]);
  const labels = Object.entries(result?.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  return (
    <section class="detail" aria-labelledby="detail-heading">
      <header>
        <Pill word={status} />
        <h2 id="detail-heading" ref={heading} tabIndex={-1}>
          {shownNameOf(life)}
        </h2>
        <a class="button quiet" href={closeHref}>
          Close
        </a>
      </header>
      {detail !== undefined && <p class="lead">{detail}</p>}
      {logProject !== undefined && (
        <p class="links">
          <Outside href={logsOfRequest(logProject, requestId, firstMs)}>Log of the request</Outside>
          {traceId !== undefined && <Outside href={traceUrl(logProject, traceId)}>Trace</Outside>}
        </p>
      )}
      <Lanes life={life} nowMs={nowMs} />
      <h3>Steps</h3>
      <ol class="steps">
        {stepsByCall(steps).map((step, index) => (
          <StepItem key={index} step={step} firstMs={firstMs} />
        ))}
      </ol>
      <h3>Request</h3>
      <Facts
        facts={[
          [result?.job ? 'Job' : 'Operation', operation ?? (result && namedIn(result)?.reference)],
          ['Service', service],
          ['Request id', requestId],
          ['Reason', result?.reason],
          ['Requested by', result?.requestedBy],
          ['Labels', labels.join(', ')],
          [life.ended ? 'Took' : 'Since', duration(tookMs(life, nowMs))],
        ]}
      />
      {operation !== undefined && facts && (
        <Gcloud
          line={gcloudLine(
            { topic: 'requests', message: { [result?.job ? 'job' : 'operation']: operation, requestId } },
            facts.topics,
          )}
        />
      )}
      {result && (
        <>
          <h3>Result</h3>
          <Json value={result} label="result" />
        </>
      )}
    </section>
  );
}

const StepItem = ({ step, firstMs }: { step: Step; firstMs: number }) => (
  <li class={step.tone}>
    <time>+{duration(step.atMs - firstMs)}</time>
    <span>
      <b>{step.title}</b>{' '}
      {step.calls?.map(({ status }, index) => (
        <span key={index} class={`http ${status === 200 ? 'good' : 'bad'}`}>
          {status === 'none' ? 'no answer' : status}
        </span>
      ))}{' '}
      {step.text}
    </span>
  </li>
);
