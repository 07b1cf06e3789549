import { contextOf, dataOf } from '../../src/messages/cloud-event.ts';
import type { EventContext } from '../../src/messages/cloud-event.ts';
import { kindOf } from '../../src/messages/kind.ts';
import type { MessageKind } from '../../src/messages/kind.ts';
import type { Message } from '../../src/messages/message.ts';

/** A message of this system that the console met, read as far as it can be. */
export interface CarriedMessage {
  readonly kind: MessageKind | undefined;
  readonly context: EventContext;
  /** Id of the trace that it belongs to, where it names one. */
  readonly traceId: string | undefined;
  /** Its JSON. @throws Failure where it is none */
  readonly data: () => unknown;
}

/** Never throws: what a message says is read with the code of the function, which answers any. */
export function readCarried({
  id,
  attributes,
  bytes,
}: {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}): CarriedMessage {
  const payload = bytes.length > 0 ? ({ kind: 'bytes', bytes } as const) : ({ kind: 'none' } as const);
  const message: Message = { id, attributes, payload };
  const context = contextOf(message);
  return {
    kind: kindOf(message, context),
    context,
    traceId: context.trace?.traceparent.split('-')[1],
    data: () => dataOf(message),
  };
}
