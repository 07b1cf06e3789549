/**
 * W3C trace context (https://www.w3.org/TR/trace-context/), as CloudEvents carry it
 * (https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/distributed-tracing.md): unread, from a
 * request to its result, so that both are found in one trace.
 */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
}

/** Version, trace id, parent id, flags; ids of zeros alone are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACESTATE = /^[\u0020-\u007e]{1,512}$/;

/** The trace that an event belongs to, or undefined where it names none that is valid. */
export function readTrace(traceparent: unknown, tracestate: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  const hasState = typeof tracestate === 'string' && TRACESTATE.test(tracestate);
  return { traceparent, ...(hasState && { tracestate }) };
}
