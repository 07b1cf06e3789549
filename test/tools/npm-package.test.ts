import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { packageEntries } from '../../tools/release/npm-package.ts';
import { tarGz } from '../../tools/release/tar.ts';
import { inNotebooks, SOON, startTestSystem } from '../integration/test-system.ts';
import type { TestSystem } from '../integration/test-system.ts';

/** A project of somebody else, which npm installs the package into, without a registry. */
let project: string;
let system: TestSystem;
before(async () => {
  project = await mkdtemp(join(tmpdir(), 'consumer-'));
  await writeFile(join(project, 'lro-cancel.tgz'), tarGz(await packageEntries()));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', './lro-cancel.tgz']);
  system = await startTestSystem({ settings: SOON });
});
after(async () => {
  await system.close();
  await rm(project, { recursive: true, force: true });
});

/** Runs a program in the project, and gives what it prints; an error of it has its output. */
async function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: project,
    timeout: 100_000,
    env: { PATH: process.env.PATH, HOME: project, METADATA_SERVER_DETECTION: 'none', ...env },
  }).catch((error: unknown) => {
    const { message, stdout: printed } = error as Error & { stdout: string };
    throw new Error(`${message}\n${printed}`);
  });
  return stdout;
}

const runProgram = async (text: string, args: readonly string[] = []) => {
  await writeFile(join(project, 'program.js'), text);
  return run(process.execPath, ['program.js', ...args]);
};

const USE = `
import { ClientError, connect } from 'lro-cancel/client';
import type { CancelAllOptions, Client, ClientErrorCode, Result, SweepReport, SweptRun } from 'lro-cancel/client';

export async function stop(reference: string): Promise<Result['outcome'] | ClientErrorCode> {
  const client: Client = await connect({ projectId: 'p' });
  const options: CancelAllOptions = {
    labels: { team: 'vision' },
    signal: AbortSignal.timeout(1_000),
    onProgress: (progress) => {
      if (progress.kind === 'result') console.log(progress.result.cancel.attempts.toFixed(0), progress.index);
    },
  };
  try {
    const [settled] = await client.cancelAll([reference], options);
    const attempts: number | undefined = settled?.result?.cancel.attempts;
    const acceptedAt: string | undefined = settled?.result?.cancel.acceptedAt;
    console.log(attempts, acceptedAt, settled?.result?.labels?.team, settled?.result?.job?.state);
    for await (const { outcome } of client.results({ outcomes: ['CANCELLED'] })) return outcome;
    return 'NoResult';
  } catch (error) {
    if (error instanceof ClientError) {
      console.log(error.refused.map(({ reference: given, failure }) => [given, failure.code, ...failure.path]));
      return error.code;
    }
    throw error;
  }
}

export function count({ report, results }: SweptRun): number {
  const known: SweepReport | undefined = report;
  const { cause } = known ?? {};
  if (cause?.kind === 'budget') console.log(cause.threshold.toFixed(2), cause.currencyCode);
  return results.length + (known?.skipped.excluded ?? 0) + (known?.examples.length ?? 0);
}

// @ts-expect-error an outcome that does not exist
export const wrong: Result['outcome'] = 'CANCELED';
// @ts-expect-error the types are not those of \`any\`
export const text: string = count(0 as unknown as SweptRun);
`;

describe('the package of npm', () => {
  it('the package has the client, its types, the command, a README and a license, and depends on no package', async () => {
    const folder = join(project, 'node_modules', 'lro-cancel');
    assert.deepEqual((await readdir(folder)).sort(), [
      'LICENSE',
      'README.md',
      'client.d.ts',
      'client.js',
      'google.cjs',
      'google.cjs.LEGAL.txt',
      'lro-cancel.js',
      'package.json',
    ]);
    assert.deepEqual(await readdir(join(project, 'node_modules')), [
      '.bin',
      '.package-lock.json',
      'lro-cancel',
    ]);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
    assert.equal('dependencies' in manifest, false);
  });

  it('the types mention no other package, no file of this repository and nothing that is not declared', async () => {
    const types = await readFile(join(project, 'node_modules', 'lro-cancel', 'client.d.ts'), 'utf8');
    assert.doesNotMatch(types, /\bimport\b|\btypeof\b|\bany\b|valibot|\.ts'/);
    assert.match(types, /\/\*\* Sends requests and triggers, and waits for their results\. \*\//);
  });

  for (const [module, moduleResolution] of [
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ] as const) {
    it(`a program compiles against the types, strictly, with the module resolution ${moduleResolution}`, async () => {
      await writeFile(join(project, 'use.ts'), USE);
      const options = {
        ...{ module, moduleResolution, target: 'es2022', lib: ['es2022', 'dom'], types: [], noEmit: true },
        ...{
          strict: true,
          skipLibCheck: false,
          skipDefaultLibCheck: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
        },
      };
      const config = JSON.stringify({ compilerOptions: options, files: ['use.ts'] });
      await writeFile(join(project, 'tsconfig.json'), config);
      assert.equal(await run(process.execPath, [resolve('node_modules/typescript/bin/tsc')]), '');
    });
  }

  it('a program cancels by the installed client, and reads the result', async () => {
    const printed = await runProgram(
      `import { connect } from 'lro-cancel/client';
       const [emulatorHost, projectId, reference] = process.argv.slice(2);
       const client = await connect({ emulatorHost, projectId });
       const { outcome, requestId } = await client.cancel(reference, { requestId: 'mine' });
       await client.close();
       console.log(JSON.stringify([outcome, requestId]));`,
      [system.pubsubHost, system.topology.projectId, inNotebooks('gone')],
    );
    assert.deepEqual(JSON.parse(printed), ['NOT_FOUND', 'mine']);
  });

  it('an error of the installed client is a ClientError that names each refused reference', async () => {
    const printed = await runProgram(
      `import { ClientError, connect } from 'lro-cancel/client';
       const client = await connect({ emulatorHost: process.argv[2] });
       const error = await client.cancel('projects/p/jobs/j', { service: 'notebooks' }).catch((thrown) => thrown);
       await client.close();
       console.log(JSON.stringify([error instanceof ClientError, error.code, error.refused[0].failure.path]));`,
      [system.pubsubHost],
    );
    assert.deepEqual(JSON.parse(printed), [true, 'Refused', ['operation']]);
  });

  it('the installed command prints its help, explains, and cancels', async () => {
    const command = join(project, 'node_modules', '.bin', 'lro-cancel');
    assert.match(await run(command, ['--help']), /^Usage: lro-cancel /);
    assert.match(
      await run(command, ['explain', 'operations/o1', '--service', 'cloudchannel']),
      /^Cancel +POST https:\/\/cloudchannel\.googleapis\.com\/v1\/operations\/o1:cancel$/m,
    );
    const where = {
      PUBSUB_EMULATOR_HOST: system.pubsubHost,
      GOOGLE_CLOUD_PROJECT: system.topology.projectId,
    };
    system.services.add(inNotebooks('packaged'), { onCancel: 'cancelled' });
    assert.match(await run(command, ['cancel', inNotebooks('packaged')], where), /^CANCELLED /);
  });
});
