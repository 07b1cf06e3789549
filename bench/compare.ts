import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { table } from '../local/table.ts';
import { measureColdStart, measureLoad } from './compare/measures.ts';
import { firstLine, startPinned } from './compare/process.ts';
import type { Backend } from './compare/function.ts';
import { noop, variants } from './compare/variants.ts';
import type { Variant } from './compare/variants.ts';
import { readOptions, wholeNumber } from './options.ts';

/**
 * `npm run bench`: the built function beside a floor, a peer and Google's own client, in turn, each in a process of its
 * own on a core of its own. Prints medians with their ranges, and writes all to bench/results/.
 */
const options = readOptions(
  'Usage: npm run bench -- [--rounds 5] [--messages 4000] [--only cold|load|memory]',
  {
    rounds: '5',
    messages: '4000',
    only: '',
  },
);
const rounds = wholeNumber('rounds', options.rounds);
const messages = wholeNumber('messages', options.messages);

interface Row {
  readonly measure: string;
  readonly unit: string;
  readonly variant: string;
  readonly values: readonly number[];
}

const BACKEND_CORE = 0;
const backendProcess = startPinned(BACKEND_CORE, ['bench/compare/backend.ts']);
const rows: Row[] = [];
try {
  const backend = await firstLine<Backend>(backendProcess);
  await createTopic(backend);
  if (options.only === '' || options.only === 'cold') await coldStarts(backend);
  if (options.only === '' || options.only === 'load') await loads(backend);
  if (options.only === '' || options.only === 'memory') await memory(backend);
} finally {
  await backendProcess.close();
}
print();
await save();

async function createTopic({ restUrl }: Backend): Promise<void> {
  for (const id of ['rechecks', 'results', 'requests']) {
    await fetch(`${restUrl}/v1/projects/my-project/topics/lro-cancel-${id}`, { method: 'PUT', body: '{}' });
  }
}

/** In turn, so that whatever slows the machine slows all of them. */
async function inRounds(
  measured: readonly Variant[],
  measure: (variant: Variant) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of measured) await measure(variant);
    process.stderr.write('.');
  }
}

function add(measure: string, unit: string, { name }: Variant, value: number): void {
  const row = rows.find((one) => one.measure === measure && one.variant === name);
  if (row === undefined) rows.push({ measure, unit, variant: name, values: [value] });
  else (row.values as number[]).push(value);
}

async function coldStarts(backend: Backend): Promise<void> {
  await inRounds([noop, ...variants], async (variant) => {
    add('cold start, to the first request handled', 'ms', variant, await measureColdStart(variant, backend));
  });
}

async function loads(backend: Backend): Promise<void> {
  await inRounds(variants, async (variant) => {
    const load = { inFlight: 64, messages, warmUp: Math.ceil(messages / 2) };
    const request = await measureLoad(variant, backend, { step: 'request', ...load });
    add('request step, 64 in flight', 'messages/s', variant, request.messagesPerSecond);
    add('request step, CPU', 'ms/message', variant, request.cpuMsPerMessage);
    add('memory at 64 in flight', 'MB', variant, request.peakMb);
    if (variant.lookTarget === undefined) return;
    const look = await measureLoad(variant, backend, { step: 'recheck', ...load });
    add('re-check step, CPU', 'ms/message', variant, look.cpuMsPerMessage);
  });
}

async function memory(backend: Backend): Promise<void> {
  await inRounds(variants, async (variant) => {
    const load = { inFlight: 1_000, messages, warmUp: 1_000 };
    const { peakMb } = await measureLoad(variant, backend, { step: 'request', ...load });
    add('memory at 1,000 in flight', 'MB', variant, peakMb);
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

function print(): void {
  const shown = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const reference = (measure: string, name: string) =>
    rows.find((row) => row.measure === measure && row.variant === name)?.values;
  const lines = rows.map(({ measure, unit, variant, values }) => {
    const value = median(values);
    const ratio = (name: string) => {
      const other = reference(measure, name);
      return other === undefined ? '' : (value / median(other)).toFixed(2);
    };
    const range = `${shown(Math.min(...values))}–${shown(Math.max(...values))}`;
    const floor = measure.startsWith('cold') ? noop.name : 'floor';
    return [measure, variant, `${shown(value)} ${unit}`, range, ratio(floor), ratio('peer')];
  });
  const header = ['measure', 'variant', 'median', 'range', '× floor', '× peer'];
  console.log(`\n${table(header, lines, 140)}`);
  console.log(
    `\n${rounds} rounds, ${messages} messages each. For cold starts the floor is the framework alone.`,
  );
}

async function save(): Promise<void> {
  await mkdir('bench/results', { recursive: true });
  const now = new Date().toISOString();
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    kernel: release(),
    node: process.version,
  };
  const file = `bench/results/${now.replaceAll(':', '-')}.json`;
  await writeFile(file, `${JSON.stringify({ date: now, machine, rounds, messages, rows }, undefined, 2)}\n`);
  console.log(`Written to ${file}`);
}
