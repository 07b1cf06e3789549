import { resolve } from '../../src/catalog/resolve.ts';
import { parseRecheck, recheckEvent } from '../../src/cancellation/recheck.ts';
import { aCancellation, NOON_MS } from '../support/fakes.ts';
import { refusalsOf } from '../support/refusals.ts';

const { data } = recheckEvent(aCancellation(), NOON_MS, NOON_MS);
const sent = JSON.parse(JSON.stringify(data)) as Record<string, unknown>;

/** Re-checks with one field that has a value this system never writes. */
export const REFUSED_RECHECKS = refusalsOf(
  (field: string, value: unknown) => parseRecheck({ ...sent, [field]: value }, resolve, NOON_MS),
  [
    ['no requestId', 'requestId', undefined, 'ValueError', ['requestId']],
    ['an unknown step', 'step', 'delete', 'TypeError', ['step']],
    ['a negative attempt', 'attempt', -1, 'ValueError', ['attempt']],
    ['half an attempt', 'attempt', 1.5, 'ValueError', ['attempt']],
    ['a notBefore that is no timestamp', 'notBefore', 'soon', 'ValueError', ['notBefore']],
    ['a deadline that is a number', 'deadline', 5, 'TypeError', ['deadline']],
    [
      'a deadline without minutes of its zone',
      'deadline',
      '2026-11-20T12:00:00+05',
      'ValueError',
      ['deadline'],
    ],
    ['a deadline in thousands of years', 'deadline', '9999-12-31T23:59:59Z', 'ValueError', ['deadline']],
    ['a notBefore after the deadline', 'notBefore', '2027-11-20T12:00:00Z', 'ValueError', ['notBefore']],
    ['an attempt that is no count', 'attempt', 1e308, 'ValueError', ['attempt']],
    ['a long messageId', 'messageId', 'x'.repeat(2_000), 'ValueError', ['messageId']],
    ['a URL for an operation', 'operation', 'https://evil.example', 'TypeError', ['operation']],
  ],
);
