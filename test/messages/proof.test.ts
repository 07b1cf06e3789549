import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recheckEvent } from '../../src/cancellation/recheck.ts';
import { attributesOf, contextOf, EVENT_TYPE } from '../../src/messages/cloud-event.ts';
import type { OutgoingEvent } from '../../src/messages/cloud-event.ts';
import { isProven, prove } from '../../src/messages/proof.ts';
import { aCancellation, NOON_MS } from '../support/fakes.ts';
import { readEvent } from '../support/events.ts';
import { pushBody } from '../support/test-app.ts';

const [KEY, OTHER] = ['a'.repeat(32), 'b'.repeat(32)];
const cancellation = aCancellation();
const event = recheckEvent(
  { ...cancellation, echo: { ...cancellation.echo, labels: { 10: 'ä', 9: '\u2028', a: '' } } },
  NOON_MS,
  NOON_MS,
);

/** Whether an event is proven once it has arrived, perhaps changed on the way. */
function arrives(
  { data, ...sent }: OutgoingEvent,
  keys: readonly string[],
  change: (attributes: Record<string, string>) => Record<string, string> = (same) => same,
) {
  const message = readEvent(pushBody(data, change(attributesOf({ ...sent, data }))));
  return isProven(message, contextOf(message), keys);
}

describe('the proof of a message', () => {
  it('an event with a proof is believed by whoever has its key, also as an older or a newer one', () => {
    const proven = prove(event, [KEY, OTHER]);
    assert.deepEqual(
      [[KEY], [KEY, OTHER], [OTHER, KEY], [OTHER]].map((keys) => arrives(proven, keys)),
      [true, true, true, false],
    );
  });

  it('an event whose data, id, source or type was changed is not believed, and neither is one without a proof', () => {
    const proven = prove(event, [KEY]);
    const claims = event.data as Record<string, unknown>;
    assert.equal(arrives({ ...proven, data: { ...claims, attempt: 9 } }, [KEY]), false);
    for (const changed of [{ 'ce-id': 'x' }, { 'ce-source': '/x' }, { 'ce-type': EVENT_TYPE.sweepRun }]) {
      assert.equal(
        arrives(proven, [KEY], (attributes) => ({ ...attributes, ...changed })),
        false,
      );
    }
    for (const proof of ['', 'x', 'x'.repeat(43), 'é'.repeat(2_000)]) {
      assert.equal(
        arrives(proven, [KEY], (attributes) => ({ ...attributes, 'ce-proof': proof })),
        false,
      );
    }
    assert.equal(arrives(event, [KEY]), false);
  });

  it('an event that was read as JSON on the way, or became one in structured mode, keeps its proof', () => {
    const proven = prove(event, [KEY]);
    const data = JSON.parse(JSON.stringify(proven.data)) as unknown;
    const context = Object.fromEntries(
      Object.entries(attributesOf(proven)).map(([name, value]) => [name.replace('ce-', ''), value]),
    );
    const structured = pushBody({ ...context, data }, { 'content-type': 'application/cloudevents+json' });
    for (const posted of [{ ...context, data }, structured]) {
      const message = readEvent(posted);
      assert.equal(isProven(message, contextOf(message), [KEY]), true);
    }
  });

  it('results have no proof, and without keys no event has one and each is believed', () => {
    assert.equal(prove({ ...event, type: EVENT_TYPE.result }, [KEY]).attributes, event.attributes);
    assert.equal(prove(event, []), event);
    assert.equal(arrives(event, []), true);
  });
});
