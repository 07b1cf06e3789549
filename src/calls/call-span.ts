import type { TraceContext } from '../messages/trace-context.ts';
import type { SpanAttributes } from '../telemetry/tracing.ts';

/**
 * The span of a call to a service: names and attributes of RPC client spans
 * (https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/).
 *
 * @param attributes those of this system, with the prefix `lro_cancel.`
 */
export const callSpan = (
  method: 'cancel' | 'get' | 'list',
  { service, host, job }: { readonly service: string; readonly host: string; readonly job?: string },
  parent: TraceContext | undefined,
  attributes: SpanAttributes,
) => ({
  name: `${job ?? 'operations'}.${method}`,
  kind: 'client' as const,
  parent,
  attributes: {
    'rpc.service': service,
    'rpc.method': `${job ?? 'operations'}.${method}`,
    'server.address': host,
    ...attributes,
  },
});
