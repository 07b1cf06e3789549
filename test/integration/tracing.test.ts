import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inNotebooks, startTestSystem } from './test-system.ts';
import type { TestSystem } from './test-system.ts';

interface SpanLine {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const CLIENT = 2;

describe('the built function with the SDK of OpenTelemetry', () => {
  let system: TestSystem;
  before(async () => {
    system = await startTestSystem({ settings: { NODE_OPTIONS: '--import=./test/integration/otel-sdk.ts' } });
  });
  after(() => system.close());

  it('the function makes spans of one trace, from the request through the re-check to the result', async () => {
    system.services.add(inNotebooks('traced'), { afterMs: 500 });
    await system.request(
      { operation: inNotebooks('traced'), requestId: 'traced' },
      { 'ce-traceparent': TRACEPARENT },
    );
    const { attributes } = await system.resultOf('traced');
    await system.logged((line) => line.includes('"recheck process"'));

    const spans = system.logLines
      .filter((line) => line.startsWith('{"span"'))
      .map((line) => (JSON.parse(line) as { span: SpanLine }).span);
    const byName = new Map(spans.map((span) => [span.name, span]));
    assert.deepEqual([...byName.keys()].sort(), [
      'operations.cancel',
      'operations.get',
      'recheck process',
      'request process',
    ]);
    assert.deepEqual([...new Set(spans.map(({ traceId }) => traceId))], [TRACE_ID]);
    const parentOf = (name: string) => byName.get(name)?.parentSpanId;
    const idOf = (name: string) => byName.get(name)?.spanId;
    assert.equal(parentOf('request process'), 'b7ad6b7169203331');
    assert.equal(parentOf('operations.cancel'), idOf('request process'));
    assert.equal(parentOf('recheck process'), idOf('request process'), 'the task carries the span');
    assert.equal(parentOf('operations.get'), idOf('recheck process'));
    assert.equal(byName.get('operations.get')?.kind, CLIENT);
    assert.equal(byName.get('operations.cancel')?.attributes['rpc.service'], 'notebooks');
    assert.equal(attributes['ce-traceparent'], `00-${TRACE_ID}-${idOf('recheck process') ?? ''}-01`);
  });
});
