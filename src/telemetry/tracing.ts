import {
  context as contexts,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  createTraceState,
} from '@opentelemetry/api';
import type { Context, Span, SpanContext } from '@opentelemetry/api';
import { Failure, messageOf } from '../validation/failure.ts';
import type { TraceContext } from '../messages/trace-context.ts';

/** Plain values that describe a span. */
export type SpanAttributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Runs a function in a span that continues the message's trace. The function receives the trace to pass on: that of the
 * new span, or the one that came in where no SDK records spans.
 */
export type WithSpan = <T>(
  span: {
    readonly name: string;
    readonly kind: 'consumer' | 'client';
    readonly parent: TraceContext | undefined;
    readonly attributes: SpanAttributes;
  },
  run: (trace: TraceContext | undefined) => Promise<T>,
) => Promise<T>;

/**
 * Spans by OpenTelemetry's API alone. An SDK that is loaded before the function (`NODE_OPTIONS=--import …`) records them.
 * Without one they cost next to nothing, and the incoming trace is passed on as it is.
 */
export const withSpan: WithSpan = ({ name, kind, parent, attributes }, run) => {
  const context = parent === undefined ? ROOT_CONTEXT : contextOf(parent);
  const span = tracer.startSpan(name, { kind: KINDS[kind] }, context);
  // No SDK records the span, so it needs no attributes and no end.
  if (!span.isRecording()) return run(parent);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) span.setAttribute(key, value);
  return contexts.with(trace.setSpan(context, span), () => endSpan(span, run(traceOf(span))));
};

/** A proxy that uses the SDK once one is registered. */
const tracer = trace.getTracer('lro-cancel');

const KINDS = { consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };

async function endSpan<T>(span: Span, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // "Not due yet" is the normal answer to a re-check by redelivery.
    if (!(error instanceof Failure && error.code === 'NotDue')) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
    }
    throw error;
  } finally {
    span.end();
  }
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function contextOf({ traceparent, tracestate }: TraceContext): Context {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const spanContext: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}

function traceOf(span: Span): TraceContext {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const flags = (traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0');
  const tracestate = traceState?.serialize() ?? '';
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(tracestate !== '' && { tracestate }) };
}
