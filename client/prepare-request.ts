import { randomBytes } from 'node:crypto';
import { canonicalName } from '../src/catalog/canonical-name.ts';
import { resolve } from '../src/catalog/resolve.ts';
import { resultId } from '../src/messages/event-ids.ts';
import { parseRequest } from '../src/messages/request.ts';
import { isPermanent } from '../src/validation/failure.ts';
import type { PermanentFailure } from '../src/validation/failure.ts';
import type { RefusedReference } from './client-error.ts';
import type { RequestOptions } from './options.ts';

/** A request that the function will not refuse for its form. */
export interface PreparedRequest {
  readonly reference: string;
  readonly requestId: string;
  /** By which two references to the same operation are told: its canonical name, or the reference. */
  readonly identity: string;
  /** The data of the message. */
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * The ids that its result can have: by the full resource name, or by the reference where the function does not know
   * the name.
   */
  readonly resultIds: readonly string[];
  /** Whether no other request has its id, so that the id alone identifies the result. */
  readonly hasOwnId: boolean;
}

/** A reference that the function would refuse, with all that is known of why. */
export interface RefusedRequest extends RefusedReference {
  readonly failure: PermanentFailure;
}

/** The ids that a client makes for its requests begin with this, so that one filter has them all. */
export const newIdPrefix = (): string => `req-${randomBytes(8).toString('hex')}-`;

/**
 * Makes a request of each reference, and checks it by the same code as the function: the fields, and the name in the
 * catalog. A service that cannot cancel is no mistake of the sender's, and is left to the function to answer.
 *
 * @param idPrefix begins the ids of requests where the options name none
 */
export function prepareRequests(
  references: readonly string[],
  options: RequestOptions,
  idPrefix: string,
): { readonly requests: readonly PreparedRequest[]; readonly refused: readonly RefusedRequest[] } {
  const requests: PreparedRequest[] = [];
  const refused: RefusedRequest[] = [];
  for (const [index, reference] of references.entries()) {
    try {
      requests.push(prepare(reference, options, `${idPrefix}${index + 1}`));
    } catch (error) {
      if (!isPermanent(error)) throw error;
      refused.push({ index, reference, failure: error });
    }
  }
  return { requests, refused };
}

function prepare(reference: string, options: RequestOptions, ownId: string): PreparedRequest {
  const { job = false, service, version, region, requestId = ownId, dryRun = false } = options;
  const { reason, requestedBy, confirmWithin, labels } = options;
  const given = { service, version, region, reason, requestedBy, confirmWithin, labels };
  const data = {
    [job ? 'job' : 'operation']: reference,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    requestId,
    ...(dryRun && { dryRun }),
  };
  const parsed = parseRequest(data, requestId);
  if (!parsed.ok) throw parsed.failure;
  const name = nameOf(parsed);
  const names = name === undefined ? [reference] : [name, reference];
  return {
    reference,
    requestId,
    identity: canonicalName(name ?? reference),
    data,
    resultIds: names.map((name) => resultId(requestId, name, dryRun)),
    hasOwnId: requestId === ownId,
  };
}

/** The full resource name; undefined where the service cannot cancel. */
function nameOf(parsed: Extract<ReturnType<typeof parseRequest>, { ok: true }>): string | undefined {
  if (!('one' in parsed)) return undefined;
  try {
    return resolve(parsed.one.reference).fullResourceName;
  } catch (error) {
    if (isPermanent(error) && error.code === 'Unsupported') return undefined;
    throw error;
  }
}
