import type { TraceContext } from '../messages/trace-context.ts';

/** What a span tells besides its name: plain values. */
export type SpanAttributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Makes spans of what is done, in the trace that a message brought.
 *
 * What is done is given the trace that goes on with it: that of its own span, or the one that came, where nobody
 * records spans.
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
