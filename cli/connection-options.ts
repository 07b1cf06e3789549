import { Option } from 'commander';
import type { Command } from 'commander';

/** The options of every command that speaks to a system. */
export interface ConnectionOptions {
  readonly project?: string;
  readonly prefix: string;
  readonly local?: boolean;
}

export const addConnectionOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--project <id>', 'the project of the deployment')
        .env('GOOGLE_CLOUD_PROJECT')
        .helpGroup(GROUP),
    )
    .addOption(
      new Option('--prefix <name>', 'the name of the deployment, with which its topics begin')
        .default('lro-cancel')
        .helpGroup(GROUP),
    )
    .addOption(new Option('--local', 'the system that `npm start` runs on this machine').helpGroup(GROUP));

const GROUP = 'Where the system is:';

/** `json` is for programs. */
export type OutputFormat = 'text' | 'json';

export const outputOption = (): Option =>
  new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text');
