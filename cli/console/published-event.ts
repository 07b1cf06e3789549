import * as v from 'valibot';
import { readEvent } from '../../client/received-event.ts';
import type { ReceivedMessage } from '../../client/temporary-subscription.ts';
import type { DeployedStore } from '../../local/page/model/deployed-store.ts';
import { resultSchema } from '../../src/cancellation/result.ts';
import { describeCause } from '../../src/sweeps/cause.ts';
import { sweepReportSchema } from '../../src/sweeps/report.ts';
import { shownText } from '../../src/validation/shown-text.ts';
import { readCarried } from './carried-message.ts';

/**
 * Puts a message of the results topic into the store. Everyone who may publish to the topic can write a result of any form,
 * so it is checked; fields that only a newer function writes stay in it.
 */
export function takePublished(
  { id, attributes, data }: ReceivedMessage,
  store: Pick<DeployedStore, 'onResult' | 'onReport' | 'onNotice'>,
): void {
  const event = readEvent(attributes, data);
  // A message of somebody else.
  if (event === undefined) return;
  const { traceId } = readCarried({ id, attributes, bytes: data });
  const isReadable = (schema: v.GenericSchema, value: object) => {
    const { issues } = v.safeParse(schema, value);
    const [first] = issues ?? [];
    if (first === undefined) return true;
    const path = first.path?.map(({ key }) => String(key)).join('.') ?? 'data';
    store.onNotice(
      `A message on the topic of results is no ${event.kind} that this version reads: ${shownText(`${path}: ${first.message}`, 500)}`,
    );
    return false;
  };
  if (event.kind === 'report') {
    const { report } = event;
    if (isReadable(sweepReportSchema, report)) store.onReport(report, describeCause(report.cause), traceId);
  } else if (isReadable(resultSchema, event.result)) {
    store.onResult(event.result, { subject: attributes['ce-subject'] ?? '', traceId });
  }
}
