import { dataOf } from '../../src/messages/cloud-event.ts';
import { base64, EVENT, pushed, REQUEST, structured, readEvent } from '../support/events.ts';
import { refusalsOf } from '../support/refusals.ts';

/** Messages whose data cannot be read. */
export const UNREADABLE_MESSAGES = refusalsOf(
  (event: unknown) => dataOf(readEvent(event)),
  [
    ['text that is no JSON', pushed(base64('cancel it')), 'ValueError', ['data']],
    ['JSON that is cut off', pushed(base64('{"operation":')), 'ValueError', ['data']],
    ['white space', pushed(base64('  ')), 'ValueError', ['data']],
    [
      'bytes that are not UTF-8',
      pushed(Buffer.from([0x22, 0xff, 0x22]).toString('base64')),
      'ValueError',
      ['data'],
    ],
    ['nothing', pushed(''), 'ValueError', ['data']],
    [
      'attributes only, as the framework passes them on',
      { message: { attributes: { a: 'b' }, messageId: '77' }, subscription: 's' },
      'ValueError',
      ['data'],
    ],
    [
      'another content type',
      pushed(base64('<x/>'), { 'ce-specversion': '1.0', 'content-type': 'text/xml' }),
      'ValueError',
      ['content-type'],
    ],
    [
      'another version of CloudEvents',
      structured({ ...EVENT, specversion: '0.3', data: REQUEST }),
      'ValueError',
      ['specversion'],
    ],
    ['a structured CloudEvent without data', structured(EVENT), 'ValueError', ['data']],
    ['a structured CloudEvent that is an array', structured([]), 'TypeError', ['data']],
  ],
);
