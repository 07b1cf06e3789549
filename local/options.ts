import { parseArgs } from 'node:util';

/**
 * Reads options such as `--seeds 500`. Ends the program with its usage if they cannot be read.
 *
 * @param defaults the value of each option that is not given
 */
export function readOptions<Name extends string>(
  usage: string,
  defaults: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>> {
  const names = Object.keys(defaults) as Name[];
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    const { values } = parseArgs({ options });
    return { ...defaults, ...values };
  } catch (error) {
    return endWith(`${(error as Error).message}\n${usage}`);
  }
}

/** Reads an option that must be a whole number of at least 1. */
export function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  return endWith(`--${name} must be a whole number from 1, not ${JSON.stringify(text)}`);
}

function endWith(message: string): never {
  console.error(message);
  process.exit(2);
}
