import assert from 'node:assert/strict';
import { readSettings } from '../../src/settings/settings.ts';
import type { Settings } from '../../src/settings/settings.ts';

/** The settings of a valid environment. */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings {
  const reading = readSettings(environment);
  assert.ok(reading.ok, reading.ok ? '' : reading.mistakes.map(({ message }) => message).join('\n'));
  return reading.settings;
}
