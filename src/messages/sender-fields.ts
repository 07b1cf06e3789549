import * as v from 'valibot';
import { valueFailure } from '../validation/failure.ts';
import { longText, plainText, recordOf } from '../validation/schema.ts';

/** The fields of a request that its result repeats unchanged. */
export interface SenderFields {
  readonly reason?: string | undefined;
  readonly requestedBy?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export const senderEntries = {
  reason: v.optional(longText(2_048)),
  requestedBy: v.optional(longText(512)),
  labels: v.optional(recordOf(plainText(128), longText(1_024), 64)),
};

/** `requestedBy` of the requests that a run of a sweep makes. */
export const senderOfSweep = (sweep: string): string => `sweep ${sweep}`;

/** `requestedBy` of the requests that the approval of a run makes, where the approval names no person. */
export const senderOfApproval = (sweep: string): string => `approval of sweep ${sweep}`;

const FIELDS = ['reason', 'requestedBy', 'labels'] as const;

/**
 * Largest size of these fields together, in bytes of JSON. A request for 1,000 operations writes them a thousand times, into
 * its requests, and again into each re-check and result; a control character has six bytes there.
 */
export const MAX_SENDER_BYTES = 16 * 1024;

/** The size of a field, with its name, in the JSON of a message. */
const bytesOf = (field: keyof SenderFields, value: unknown) =>
  value === undefined ? 0 : Buffer.byteLength(JSON.stringify({ [field]: value }));

/**
 * Checks the size of the fields together; that of each is checked by `senderEntries`.
 *
 * @throws Failure `ValueError` that names the largest of them, and the limit
 */
export function checkSenderFields(fields: SenderFields): void {
  const sizes = FIELDS.map((field) => ({ field, bytes: bytesOf(field, fields[field]) }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_SENDER_BYTES) return;
  const [largest = { field: 'labels', bytes: 0 }] = sizes.sort((one, other) => other.bytes - one.bytes);
  throw valueFailure(
    largest.field,
    `must be shorter: ${FIELDS.join(', ').replace(/, (?=\w+$)/, ' and ')} must have at most ${MAX_SENDER_BYTES} bytes of JSON together, not ${total}`,
  );
}

/**
 * Reads each of the fields of a refused request by itself. Those that cannot be used, or no longer fit, are left out.
 *
 * @param wrong names of fields that are known to be wrong; they can be large, so they are not checked again
 */
export function readSenderFields(
  data: Readonly<Record<string, unknown>>,
  wrong: ReadonlySet<string | number | undefined>,
): SenderFields {
  let bytes = 0;
  const read = FIELDS.flatMap((field) => {
    if (!Object.hasOwn(data, field) || wrong.has(field) || !v.is(senderEntries[field], data[field]))
      return [];
    const size = bytesOf(field, data[field]);
    if (bytes + size > MAX_SENDER_BYTES) return [];
    bytes += size;
    return [[field, data[field]] as const];
  });
  return Object.fromEntries(read);
}
