import type { Collector } from './collector.ts';
import type { LocalSystem, PublishedReport } from './system.ts';
import { demoSettings } from './demo-settings.ts';
import { afterDryRunIsOff, beforeDryRunIsOff } from './sweep-scenarios.ts';
import type { SweepScene } from './sweep-scenarios.ts';
import { table, tableWidth } from './table.ts';

/**
 * The second part of the demo: budget alerts and a scheduler start sweeps, first as a dry run, then, after a
 * deployment with dryRun off, in earnest.
 */
export async function runSweepDemo(local: LocalSystem, collector: Collector): Promise<string[]> {
  console.log('\nNow budget alerts and a scheduler start sweeps:\n');
  const wrong: string[] = [];
  const rows: string[][] = [];
  for (const scenario of beforeDryRunIsOff) rows.push(await play(scenario, local, collector, wrong));
  console.log('\n  … deploying the function with "dryRun": false for stop-training …\n');
  await local.fn.kill();
  await local.fn.restart(demoSettings({ stopTraining: { dryRun: false }, stopJobs: { dryRun: true } }));
  for (const scenario of afterDryRunIsOff) rows.push(await play(scenario, local, collector, wrong));

  const header = ['trigger', 'sweep', 'dry run', 'found', 'requested', 'left alone', 'what it shows'];
  console.log(`\n${table(header, rows, tableWidth())}`);
  return wrong;
}

/** Sends one trigger, waits for everything that it causes, and gives its row of the table. */
export async function play(
  scenario: SweepScene,
  local: LocalSystem,
  collector: Collector,
  wrong: string[],
): Promise<string[]> {
  const { id, shows, message, attributes, report: expected, outcomes } = scenario;
  const { results, reports, lines } = collector;
  const until = (holds: () => boolean) => collector.until(holds);
  const before = reports.length;
  const messageId = await local.trigger(message, attributes);
  if (expected === undefined) {
    const quiet = (line: string) =>
      line.includes(`"${messageId}"`) && /"budget\.(?:not-crossed|swept-before)"/.test(line);
    if (!(await until(() => lines.some(quiet)))) wrong.push(`${id}: nothing tells that it was seen`);
    if (reports.length > before) wrong.push(`${id}: it started a sweep`);
    console.log(`  ${id.padEnd(16)}→ nothing to do`);
    return [id, '–', '', '', '', '', shows];
  }

  const isMine = ({ data }: PublishedReport) =>
    data.sweep === expected.sweep && data.dryRun === expected.dryRun;
  await until(() => reports.some(isMine));
  const report = reports.find(isMine)?.data;
  if (report === undefined) {
    wrong.push(`${id}: no report of ${expected.sweep}`);
    return [id, '(no report)', '', '', '', '', shows];
  }
  console.log(`  ${id.padEnd(16)}→ ${report.sweep}: ${report.detail}`);
  const resultsOfRun = () => results.filter(({ data }) => data.labels?.runId === report.runId);
  await until(() => resultsOfRun().length >= Object.keys(outcomes).length);
  const ended = new Map(
    resultsOfRun().map(({ data }) => [
      (data.operation ?? data.job)?.name?.split('/').at(-1) ?? '',
      data.outcome,
    ]),
  );
  for (const [operation, outcome] of ended) console.log(`  ${''.padEnd(16)}  ${operation}: ${outcome}`);

  for (const field of ['found', 'requested'] as const) {
    if (report[field] !== expected[field]) {
      wrong.push(`${id}: ${report[field]} ${field}, but ${expected[field]} were expected`);
    }
  }
  for (const [operation, outcome] of Object.entries(outcomes)) {
    const got = ended.get(operation) ?? 'no result';
    if (got !== outcome) wrong.push(`${id}: ${operation}: ${got}, but ${outcome} was expected`);
  }
  for (const operation of ended.keys()) {
    if (!(operation in outcomes)) wrong.push(`${id}: ${operation} was not to be touched`);
  }
  const leftAlone = Object.entries(report.skipped).flatMap(([reason, count]) =>
    count > 0 ? [`${count} ${reason}`] : [],
  );
  const dryRun = report.dryRun ? 'yes' : 'no';
  return [
    id,
    report.sweep,
    dryRun,
    String(report.found),
    String(report.requested),
    leftAlone.join(', '),
    shows,
  ];
}
