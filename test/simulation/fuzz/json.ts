import type { Random } from '../../support/random.ts';

/** Odd JSON: values that no sender or service should write. */
export function oddJson(random: Random, depth = 0): string {
  const deeper = () => oddJson(random, depth + 1);
  switch (random.between(0, depth > 3 ? 9 : 13)) {
    case 0:
      return random.pick(['null', 'true', 'false', '""', '{}', '[]', '0', '-0', '1e400', '-1e400']);
    case 1:
      return random.pick(['9007199254740993', '123456789012345678901234567890', '0.1e-400', '1.5']);
    case 2:
      return JSON.stringify(oddText(random));
    case 3:
      return '['.repeat(random.between(1, 3_000)) + ']'.repeat(random.between(0, 3_000));
    case 4:
      return '{"a":'.repeat(random.between(1, 2_000));
    case 5:
      return '{"__proto__":{"done":true,"error":{"code":1},"operation":"x"},"constructor":{"prototype":1}}';
    case 6:
      return `{"toString":1,"hasOwnProperty":null,"valueOf":"x","name":${JSON.stringify(oddText(random))}}`;
    case 7:
      return random.pick([
        '',
        ' ',
        '\u0000',
        '\ufeff{}',
        'undefined',
        'NaN',
        "{'a':1}",
        '{"a":1,}',
        '<html>',
      ]);
    case 8:
      return `"${'x'.repeat(random.between(0, 5_000))}"`;
    case 9:
      return `[${Array.from({ length: random.between(0, 20) }, () => '1').join(',')}]`;
    case 10:
      return `[${deeper()},${deeper()}]`;
    case 11:
      return `{${JSON.stringify(oddText(random))}:${deeper()},"error":${deeper()}}`;
    case 12:
      return `{"done":${deeper()},"error":${deeper()},"name":${deeper()},"metadata":${deeper()}}`;
    default:
      return `{"operation":${deeper()},"requestId":${deeper()},"labels":${deeper()}}`;
  }
}

/** Text that another program might read differently. */
export function oddText(random: Random): string {
  const pieces = Array.from({ length: random.between(0, 6) }, () =>
    random.pick([
      ...([
        '',
        'a',
        '/',
        '//',
        '..',
        '%2F',
        '%00',
        '\u0000',
        '\n',
        '\r',
        '\t',
        '\\',
        '?',
        '#',
        '@',
        ':',
      ] as const),
      ...[
        'é',
        '\ud800',
        '\u202e',
        '💥',
        'operations',
        'projects/my-project',
        ':cancel',
        'https://',
        '__proto__',
      ],
      ...['notebooks.googleapis.com', 'evil.example', 'x'.repeat(random.between(1, 300))],
    ]),
  );
  return pieces.join('');
}

/** A text with something of it changed: cut off, repeated, replaced. */
export function mutated(random: Random, text: string): string {
  const at = random.between(0, text.length);
  const length = random.between(0, 8);
  switch (random.between(0, 4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + oddText(random) + text.slice(at + length);
    case 3:
      return text.slice(0, at) + oddJson(random) + text.slice(at + length);
    default:
      return text.slice(0, at) + text.slice(at, at + length).repeat(random.between(2, 50)) + text.slice(at);
  }
}
