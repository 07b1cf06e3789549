import type { Admission } from './admission.ts';
import { dataOf, EVENT_TYPE } from './core/cloud-event.ts';
import type { EventContext, OutgoingEvent } from './core/cloud-event.ts';
import { Failure } from './core/failure.ts';
import type { Message } from './core/message.ts';
import type { Clock } from './core/ports.ts';
import type { Pursuit } from './core/pursuit.ts';
import { parseRecheck } from './core/recheck.ts';
import { resultOfPursuit, resultOfUnpursued } from './core/result.ts';
import { describeUnpursued } from './unpursued.ts';

/** Makes the result of a message that Pub/Sub gave up delivering, with what can be read of it. */
export type AnswerDeadLetter = (message: Message, context: EventContext) => Promise<OutgoingEvent>;

export function createAnswerDeadLetter(parts: {
  readonly admit: Admission;
  readonly clock: Clock;
}): AnswerDeadLetter {
  const { admit, clock } = parts;

  return async (message, context) => {
    const {
      CloudPubSubDeadLetterSourceDeliveryCount: count,
      CloudPubSubDeadLetterSourceSubscription: subscription,
    } = message.attributes;
    const error = {
      type: 'DeadLetter',
      message: `Pub/Sub gave up after ${count ?? 'several'} deliveries by the subscription ${subscription ?? '(unknown)'}.`,
    } as const;
    const pursuit = context.type === EVENT_TYPE.recheck ? await readPursuit(message) : undefined;
    return pursuit === undefined
      ? resultOfUnpursued(describeUnpursued(message, context, clock.now()), 'ERROR', error, clock.now())
      : resultOfPursuit(pursuit, { outcome: 'ERROR', detail: error.message, error }, clock.now());
  };

  /** The pursuit that a dead re-check carries: its result has the same id as any other of its request. */
  async function readPursuit(message: Message): Promise<Pursuit | undefined> {
    try {
      const { reference, resume } = parseRecheck(dataOf(message));
      return resume(await admit(reference, message.project));
    } catch (error) {
      if (error instanceof Failure && !error.retryable) return undefined;
      throw error;
    }
  }
}
