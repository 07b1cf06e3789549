import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readStartOptions } from '../../local/start-options.ts';
import { startSettings } from '../../local/start-settings.ts';
import { readCommand } from '../../local/with-local-command.ts';

describe('the options of npm start', () => {
  it('without options, the page has its usual port and results are lines', () =>
    assert.deepEqual(readStartOptions([]), { options: { output: 'lines', verbose: false } }));

  it('every option is read', () =>
    assert.deepEqual(
      readStartOptions('--port 0 --first-recheck-after 1s --seed=f.json --output json --verbose'.split(' ')),
      { options: { port: 0, firstRecheckAfter: '1s', seed: 'f.json', output: 'json', verbose: true } },
    ));

  for (const [args, expected] of [
    [['--prot', '1'], /Unknown option '--prot'/],
    [['8080'], /Unexpected argument '8080'/],
    [['--port', 'x'], /--port must be a number from 0 to 65535, not "x"/],
    [['--port', '65536'], /--port must be/],
    [['--port'], /--port/],
    [['--first-recheck-after', '1'], /--first-recheck-after: must be a duration in seconds such as "5s"/],
    [['--first-recheck-after', '301s'], /--first-recheck-after: must be from 1s to 300s, not "301s"/],
    [['--output', 'yaml'], /--output must be lines or json, not "yaml"/],
  ] as const) {
    it(`${args.join(' ')} is refused`, () => {
      const reading = readStartOptions(args);
      assert.match('mistake' in reading ? reading.mistake : '', expected);
    });
  }
});

describe('the arguments of npm run with-local', () => {
  for (const [args, expected] of [
    [['npm', 'test', '--', '--seed', 'x'], { command: ['npm', 'test', '--', '--seed', 'x'] }],
    [['--seed', 'f', 'npm', 'test'], { seed: 'f', command: ['npm', 'test'] }],
    [['--seed=f', '--', '-odd-name'], { seed: 'f', command: ['-odd-name'] }],
    [['npm test && true'], { command: ['npm test && true'] }],
  ] as const) {
    it(`${args.join(' ')} is read as options and a command`, () =>
      assert.deepEqual(readCommand(args), expected));
  }

  for (const args of [[], ['--seed', 'f'], ['--nope', 'x'], ['--']]) {
    it(`${JSON.stringify(args)} is refused with the usage`, () => {
      const reading = readCommand(args);
      assert.ok('usage' in reading && reading.status === 2 && reading.usage.includes('Usage: '));
    });
  }
});

describe('the settings of npm start', () => {
  const sweep = { targets: [{ service: 'notebooks', parents: ['projects/mine/locations/l'] }] };

  it("a sweep of one's own replaces those of the demo, whose budget then does not stop the start", () => {
    const { settings, note } = startSettings({
      SWEEPS: JSON.stringify({ own: sweep }),
      ALLOWED_PROJECTS: 'mine',
    });
    assert.deepEqual(Object.keys(JSON.parse(settings.SWEEPS ?? '') as object), ['own']);
    assert.equal(settings.BUDGETS, undefined);
    assert.match(note ?? '', /budgets of the demo are left out/);
  });

  it('an allowed project of one’s own leaves the sweeps of the demo out', () => {
    const { settings, note } = startSettings({ ALLOWED_PROJECTS: 'mine' });
    assert.deepEqual([settings.SWEEPS, settings.BUDGETS], [undefined, undefined]);
    assert.match(note ?? '', /sweeps and the budgets of the demo are left out/);
  });

  it('settings that fit those of the demo leave them as they are', () => {
    const { settings, note } = startSettings({ CONFIRM_WITHIN: '60s' });
    assert.equal(note, undefined);
    assert.ok(settings.SWEEPS?.includes('nightly') && settings.BUDGETS?.includes('training'));
  });
});
