import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultLine } from '../../cli/result-line.ts';
import { cancelled } from '../../src/cancellation/details.ts';
import type { Refusal } from '../../src/cancellation/cancellation.ts';
import { aCancellation } from '../support/fakes.ts';

const NOTE = 'The cluster big keeps running, and costs.';
const refusal: Refusal = {
  reason: 'other',
  count: 1,
  error: { type: 'HttpError', httpStatus: 500, message: 'Internal error' },
};
const by = (cancel: object, sawRunning = false) =>
  aCancellation({ cancel: { attempts: 1, ...cancel }, confirm: { ...aCancellation().confirm, sawRunning } });
const accepted = by({ acceptedAt: '2026-01-01T00:00:00.000Z' });

const line = (detail: string) => resultLine('CANCELLED', { reference: 'o', detail });

describe('the line of a CANCELLED result', () => {
  for (const [title, detail, told] of [
    ['nothing of a plain cancel', cancelled(accepted, false), undefined],
    ['the note of a job that was cancelled', `${cancelled(accepted, false)} ${NOTE}`, NOTE],
    ['the note of a job whose noun has two words', `The test matrix was cancelled. ${NOTE}`, NOTE],
    [
      'the answer to a cancel that was refused',
      cancelled(by({ refusal }, true), false),
      'The POST :cancel was answered with HTTP 500 "Internal error".',
    ],
    [
      'that another cancel was under way',
      cancelled(by({}), false),
      'The operation was cancelled, by a cancel that was under way already.',
    ],
    [
      'that it had been cancelled before',
      `${cancelled(accepted, true)} ${NOTE}`,
      `The operation had been cancelled already, before this request. ${NOTE}`,
    ],
  ] as const) {
    it(`the line of a CANCELLED result tells ${title}`, () =>
      assert.equal(line(detail), ['CANCELLED  ', 'o', ...(told === undefined ? [] : [told])].join('  ')));
  }
});
