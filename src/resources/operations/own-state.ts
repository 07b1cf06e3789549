import { isObject } from '../../validation/schema.ts';
import type { JsonObject } from '../../validation/schema.ts';
import { readTimestampMs } from '../created-at.ts';
import { fieldReader } from '../field-path.ts';
import type { ResourceState } from '../resource-state.ts';
import { CANCELLED, readEnd } from '../rpc-status.ts';
import {
  CANCEL_TIME_FIELD,
  CANCELLED_WORDS,
  CANCELLING_WORDS,
  REQUESTED_FIELDS,
  REQUESTED_WITHIN,
  USUAL_STATE_FIELDS,
  WORD_PREFIX,
} from './cancellation-states.ts';
import type { OwnState } from './cancellation-states.ts';

/**
 * Makes a reader of a cancel that is under way, for an operation that is not done. It is generous: the operation counts
 * as running in any case.
 */
export function cancelUnderWayReader(ownState: OwnState | undefined): (body: JsonObject) => boolean {
  const readWord = wordReader(ownState?.fields ?? USUAL_STATE_FIELDS);
  // A service may write its state before it writes `done`.
  const isCancelled = cancelledWordTest(ownState);

  return (body) => {
    if (body.metadata === undefined) return false;
    const word = readWord(body);
    if (word !== undefined && (CANCELLING_WORDS.has(word) || isCancelled(word))) return true;
    return requestedWithin.some((read) => {
      const fields = read(body);
      return (
        isObject(fields) &&
        (requestedFields.some((readField) => readField(fields) === true) ||
          readTimestampMs(readCancelTime(fields)) !== undefined)
      );
    });
  };
}

/**
 * Makes a reader of the end of an operation that is done, by its service's own state. It only makes the end a cancelled
 * one, or one that may be; in any other case the end is the given one, which the error tells.
 */
export function ownEndReader(ownState: OwnState): (body: JsonObject, end: ResourceState) => ResourceState {
  const { fields, sharedWord, completedType, statusField } = ownState;
  const readWord = wordReader(fields);
  const isCancelled = cancelledWordTest(ownState);
  const readStatus = statusField === undefined ? () => undefined : fieldReader(statusField);

  return (body, end) => {
    if (end.kind !== 'succeeded' && end.kind !== 'failed') return end;
    const word = readWord(body);
    if (word !== undefined && isCancelled(word)) {
      return {
        kind: 'cancelled',
        error: end.kind === 'failed' ? end.error : { code: CANCELLED, message: word },
      };
    }
    if (end.kind === 'failed') return end;
    const ended = readEnd(readStatus(body));
    if (ended.kind === 'cancelled') return ended;
    const isShared = sharedWord !== undefined && word === sharedWord && typeOf(body) !== completedType;
    return isShared ? { kind: 'succeeded', sharedWord } : end;
  };
}

/** Reads the first of the fields that is there, without the prefix of its enum; undefined where it is no text. */
function wordReader(fields: readonly string[]): (body: JsonObject) => string | undefined {
  const readers = fields.map(fieldReader);
  return (body) => {
    for (const read of readers) {
      const value = read(body) ?? undefined;
      if (value !== undefined) return typeof value === 'string' ? value.replace(WORD_PREFIX, '') : undefined;
    }
    return undefined;
  };
}

const cancelledWordTest =
  (ownState: OwnState | undefined) =>
  (word: string): boolean =>
    CANCELLED_WORDS.has(word) || (word !== '' && word === ownState?.cancelledWord);

const requestedWithin = REQUESTED_WITHIN.map(fieldReader);
const requestedFields = REQUESTED_FIELDS.map(fieldReader);
const readCancelTime = fieldReader(CANCEL_TIME_FIELD);

const readType = fieldReader('metadata.@type');

/** Last segment of the type of the metadata, as `JobMetadata`. */
function typeOf(body: JsonObject): string | undefined {
  const type = readType(body);
  return typeof type === 'string' ? type.split('.').at(-1) : undefined;
}
