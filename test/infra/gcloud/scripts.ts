import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';

export type Call = readonly string[];

/** Runs the scripts of infra/gcloud with a recording `gcloud`. */
export interface Scripts {
  /** Runs a script to its end. */
  run(script: 'deploy' | 'remove', args: readonly string[], env?: Record<string, string>): Run;
}

export interface Run {
  readonly ok: boolean;
  readonly output: string;
  /** What `gcloud` was called with. */
  readonly calls: readonly Call[];
  /** The resources that there are after it. */
  readonly made: readonly string[];
}

/** @param folder for the recording, the state and a bundle; it has to exist */
export function createScripts(folder: string): Scripts {
  const bin = join(folder, 'bin');
  const bundle = join(folder, 'dist');
  mkdirSync(bin, { recursive: true });
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'index.js'), '');
  const gcloud = join(bin, 'gcloud');
  copyFileSync('test/infra/gcloud/fake-gcloud.sh', gcloud);
  chmodSync(gcloud, 0o755);
  const state = join(folder, 'state');
  mkdirSync(state, { recursive: true });
  mkdirSync(`${state}.deleted`, { recursive: true });
  const recording = join(folder, 'calls');
  return {
    run: (script, args, env = {}) => {
      rmSync(recording, { force: true });
      const source = script === 'deploy' ? ['--source', bundle] : [];
      const { status, stdout, stderr } = spawnSync(
        'bash',
        [`infra/gcloud/${script}.sh`, ...source, ...args],
        {
          encoding: 'utf8',
          env: {
            ...process.env,
            ...env,
            GCLOUD_CALLS: recording,
            GCLOUD_STATE: state,
            LRO_CANCEL_WAIT_SECONDS: '0',
            PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
          },
        },
      );
      const recorded = existsSync(recording) ? readFileSync(recording, 'utf8') : '';
      return {
        ok: status === 0,
        output: `${stdout}${stderr}`,
        calls: recorded
          .split('\x1e')
          .slice(0, -1)
          .map((call) => call.split('\x1f').slice(0, -1)),
        made: readdirSync(state).sort(),
      };
    },
  };
}
