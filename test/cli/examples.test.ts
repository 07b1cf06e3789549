import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';

/** The words of a line, as a shell splits them; what follows `|`, `<` or `#` is not of the command. */
const wordsOf = (line: string) =>
  [...(line.split(/ [|<#] /)[0] ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  );

/** Parses the arguments without performing the command. */
async function parse(line: string): Promise<void> {
  const program = createProgram();
  for (const command of program.commands)
    command.action(() => undefined).configureOutput({ writeErr: () => undefined });
  await program.parseAsync(wordsOf(line).slice(1), { from: 'user' });
}

const MAX_COLUMNS = 80;

/** Help as a user reads it, which has the examples. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more), getOutHelpWidth: () => MAX_COLUMNS });
  command.outputHelp();
  return text;
}

/** The commands that a text shows; a backslash continues one on the next line. */
const examplesIn = (text: string) =>
  [...text.replaceAll(/\\\n +/g, '').matchAll(/^ *(lro-cancel \w.*)$/gm)].map(([, line = '']) => line);

describe('the examples of lro-cancel', () => {
  it('the page on the command shows examples of every command, which it accepts', async () => {
    const page = await readFile('docs/cli.md', 'utf8');
    const examples = [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => examplesIn(block));
    const shown = new Set(examples.map((line) => wordsOf(line)[1]));
    assert.deepEqual(
      [...shown].sort(),
      createProgram()
        .commands.map((command) => command.name())
        .sort(),
    );
    for (const line of examples) await assert.doesNotReject(parse(line), line);
  });

  it('the help of every command has examples, which it accepts', async () => {
    for (const command of createProgram().commands) {
      const examples = examplesIn(helpOf(command));
      assert.ok(examples.length > 0, command.name());
      for (const line of examples) {
        assert.equal(wordsOf(line)[1], command.name());
        await assert.doesNotReject(parse(line), line);
      }
    }
  });

  it(`no line of a help is wider than a terminal of ${MAX_COLUMNS} columns`, () => {
    for (const command of [createProgram(), ...createProgram().commands])
      for (const line of helpOf(command).split('\n'))
        assert.ok(line.length <= MAX_COLUMNS, `${command.name()}: ${line}`);
  });

  it('the help of console names all that the page publishes with --allow-requests', () => {
    const console = createProgram().commands.find((command) => command.name() === 'console');
    assert.ok(console);
    const help = helpOf(console).replaceAll(/\s+/g, ' ');
    assert.ok(help.includes('let the page request cancels, start sweeps and send budget alerts'));
  });

  it('the page on the command names every option of cancel', async () => {
    const page = await readFile('docs/cli.md', 'utf8');
    const cancel = createProgram().commands.find((command) => command.name() === 'cancel');
    for (const { long } of cancel?.options ?? [])
      assert.ok(page.includes((long ?? '').replace(/^--wait$/, '--no-wait')), long);
  });

  it('an example with an option that does not exist is not accepted', () =>
    assert.rejects(parse('lro-cancel cancel --dryrun o'), { code: 'commander.unknownOption' }));
});
