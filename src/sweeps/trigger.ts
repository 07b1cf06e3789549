import * as v from 'valibot';
import { quote, valueFailure } from '../validation/failure.ts';
import { parseWith, shortText } from '../validation/schema.ts';
import type { Sweep, Sweeps } from './sweep.ts';

/** The message of a scheduler. It names a sweep of the settings and cannot define one. */
export const triggerSchema = v.strictObject({ sweep: shortText(256), dryRun: v.optional(v.boolean()) });

/**
 * Reads `{"sweep": "nightly"}`; with `"dryRun": true` the run only shows what it would cancel.
 *
 * @throws Failure `TypeError` or `ValueError` that names the field and what it should be
 */
export function parseTrigger(data: unknown, sweeps: Sweeps): { sweep: Sweep; dryRun: boolean } {
  const { sweep: name, dryRun } = parseWith(triggerSchema, data, 'data');
  const sweep = sweeps.get(name);
  if (sweep === undefined) {
    const known = [...sweeps.keys()];
    const those = known.length === 0 ? 'SWEEPS defines none' : `SWEEPS defines ${known.join(', ')}`;
    throw valueFailure('sweep', `${quote(name)} is not a sweep; ${those}`);
  }
  if (dryRun === false && sweep.listings.some((listing) => listing.dryRun)) {
    throw valueFailure(
      'dryRun',
      `must not be false: SWEEPS defines ${name} as a dry run, and a message cannot change that`,
    );
  }
  return { sweep, dryRun: dryRun ?? false };
}
