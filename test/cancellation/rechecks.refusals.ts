import { resolve } from '../../src/catalog/resolve.ts';
import { parseRecheck, recheckEvent } from '../../src/cancellation/recheck.ts';
import { aCancellation, NOON_MS } from '../support/fakes.ts';
import { refusalsOf } from '../support/refusals.ts';

const { data } = recheckEvent(aCancellation({ step: 'confirm', cancel: { attempts: 1 } }), NOON_MS, NOON_MS);
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
    [
      'an acceptance before the request',
      'cancel',
      { attempts: 1, acceptedAt: '2026-11-20T11:58:59Z' },
      'ValueError',
      ['cancel', 'acceptedAt'],
    ],
    [
      'an acceptance in the future',
      'cancel',
      { attempts: 1, acceptedAt: '2026-11-20T12:01:01Z' },
      'ValueError',
      ['cancel', 'acceptedAt'],
    ],
    [
      'an acceptance of a cancel that was never sent',
      'cancel',
      { attempts: 0, acceptedAt: '2026-11-20T12:00:00Z' },
      'ValueError',
      ['cancel', 'attempts'],
    ],
    [
      'an acceptance and a refusal',
      'cancel',
      { attempts: 1, acceptedAt: '2026-11-20T12:00:00Z', refusal: { type: 'HttpError', message: 'no' } },
      'ValueError',
      ['cancel', 'refusal'],
    ],
    [
      'a refusal of a cancel that was never sent',
      'cancel',
      { attempts: 0, refusal: { type: 'HttpError', message: 'no' } },
      'ValueError',
      ['cancel', 'attempts'],
    ],
    ['a confirmation before any cancel', 'cancel', { attempts: 0 }, 'ValueError', ['cancel', 'attempts']],
    [
      'a check in the future',
      'confirm',
      { checks: 1, lastCheckedAt: '2026-11-20T12:01:01Z' },
      'ValueError',
      ['confirm', 'lastCheckedAt'],
    ],
    [
      'a check before the request',
      'confirm',
      { checks: 1, lastCheckedAt: '2026-11-20T11:58:59Z' },
      'ValueError',
      ['confirm', 'lastCheckedAt'],
    ],
    [
      'the time of a check that was never made',
      'confirm',
      { checks: 0, lastCheckedAt: '2026-11-20T12:00:00Z' },
      'ValueError',
      ['confirm', 'checks'],
    ],
    ['checks at no time', 'confirm', { checks: 3 }, 'ValueError', ['confirm', 'checks']],
    [
      'an operation that was seen before any check',
      'confirm',
      { checks: 0, sawRunning: true },
      'ValueError',
      ['confirm', 'checks'],
    ],
    ['a dry run that sent a cancel', 'step', 'preview', 'ValueError', ['cancel']],
    ['no cancel', 'cancel', undefined, 'ValueError', ['cancel']],
    ['a URL for an operation', 'operation', 'https://evil.example', 'TypeError', ['operation']],
  ],
);
