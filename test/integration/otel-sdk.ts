import { trace } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** OpenTelemetry's own SDK, loaded in front of the function as anybody would: writes each span as a line. */
const write = (span: ReadableSpan) => {
  const { name, kind, parentSpanContext, attributes } = span;
  const { traceId, spanId } = span.spanContext();
  const shown = { name, kind, traceId, spanId, parentSpanId: parentSpanContext?.spanId, attributes };
  process.stdout.write(`${JSON.stringify({ span: shown })}\n`);
};
trace.setGlobalTracerProvider(
  new BasicTracerProvider({
    spanProcessors: [
      new SimpleSpanProcessor({
        export: (spans, done) => {
          for (const span of spans) write(span);
          done({ code: ExportResultCode.SUCCESS });
        },
        shutdown: () => Promise.resolve(),
      }),
    ],
  }),
);
