import type { ResultData } from '../src/cancellation/result.ts';
import { EVENT_TYPE } from '../src/messages/cloud-event.ts';
import type { SweepReport } from '../src/sweeps/report.ts';
import { isObject } from '../src/validation/schema.ts';

/** The result of a request, as docs/messages.md describes it. */
export type Result = ResultData;

/** What a result says of the operation or job that it is about. */
export const resourceIn = ({ operation, job }: Result): NonNullable<Result['operation']> =>
  operation ?? job ?? {};

/** A message of the results topic that this system published. */
export type ReceivedEvent =
  | { readonly kind: 'result'; readonly id: string; readonly result: Result }
  | { readonly kind: 'report'; readonly id: string; readonly report: SweepReport };

/**
 * Reads a message of the results topic; undefined for one of somebody else. Fields are not checked one by one: a newer
 * function may add some, and the client must not lose its result.
 */
export function readEvent(
  attributes: Readonly<Record<string, string>>,
  data: Uint8Array,
): ReceivedEvent | undefined {
  const json = parseJson(data);
  const id = attributes['ce-id'];
  if (!isObject(json) || id === undefined) return undefined;
  if (attributes['ce-type'] === EVENT_TYPE.result && typeof json.requestId === 'string')
    return { kind: 'result', id, result: json as unknown as Result };
  if (attributes['ce-type'] === EVENT_TYPE.sweepReport && typeof json.runId === 'string')
    return { kind: 'report', id, report: json as unknown as SweepReport };
  return undefined;
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data)) as unknown;
  } catch {
    return undefined;
  }
}
