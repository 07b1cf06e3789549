import type { Collector } from './collector.ts';
import { demoSettings } from './demo-settings.ts';
import { burningJobs, jobScenes, sparedJobs } from './job-scenarios.ts';
import { play } from './sweep-demo.ts';
import type { SweepScene } from './sweep-scenarios.ts';
import type { LocalSystem, PublishedResult } from './system.ts';
import { table, tableWidth } from './table.ts';

const NONE_DRY = { stopTraining: { dryRun: false }, stopJobs: { dryRun: false } };

/**
 * The third part of the demo: a budget at 100 % finds what burns it, jobs of six services, first as a dry run,
 * then in earnest. One that is labeled `keep` is left alone.
 */
export async function runJobDemo(local: LocalSystem, collector: Collector): Promise<string[]> {
  console.log('\nNow a budget finds what burns it: jobs with GPUs, streams, queries, pipelines:\n');
  const wrong: string[] = [];
  await play(jobScenes.dryRun, local, collector, wrong);
  show(collector, jobScenes.dryRun);
  for (const id of cancelled(local)) wrong.push(`${id}: it was cancelled, but only a dry run was asked for`);

  console.log('\n  … deploying the function with "dryRun": false for stop-jobs …\n');
  await local.fn.kill();
  await local.fn.restart(demoSettings(NONE_DRY));
  await play(jobScenes.inEarnest, local, collector, wrong);
  const results = show(collector, jobScenes.inEarnest);
  console.log('\nWhat goes on costing:\n');
  for (const { id, detail } of results) {
    const more = /^The [a-z ]+ was cancelled\. (.+)$/.exec(detail)?.[1];
    if (more !== undefined) console.log(wrapped(`${id}: ${more}`));
  }
  for (const id of cancelled(local)) {
    if (sparedJobs.includes(id)) wrong.push(`${id}: it was not to be touched`);
  }
  return wrong;
}

/** Prints the results of a scene: each job, how it ended, and in the service's own word. */
function show(collector: Collector, { report }: SweepScene) {
  const runId = collector.reports.find(
    ({ data }) => data.sweep === report?.sweep && data.dryRun === report.dryRun,
  )?.data.runId;
  const results = collector.results
    .filter(({ data }) => data.labels?.runId === runId && runId !== undefined)
    .map(({ data }) => rowOf(data))
    .sort((a, b) => orderOf(a.id) - orderOf(b.id));
  const rows = results.map(({ id, kind, outcome, state }) => [id, kind, outcome, state]);
  console.log(`\n${table(['job', 'kind', 'outcome', "the service's word"], rows, tableWidth())}`);
  return results;
}

function rowOf({ job, outcome, detail }: PublishedResult['data']) {
  const id = job?.name?.split('/').at(-1) ?? '';
  const kind = `${job?.service ?? ''}.${job?.kind ?? ''}`;
  return { id, kind, outcome, state: job?.state ?? '', detail };
}

const orderOf = (id: string) => burningJobs.findIndex(({ url }) => url.endsWith(`/${id}`));

/** The ids of the jobs that a cancel was sent for. */
function cancelled(local: LocalSystem): string[] {
  const sent = local.services
    .requests()
    .filter(({ method }) => method !== 'GET')
    .map(({ url }) => url.replace(/[:/]cancel$/, ''));
  return burningJobs.filter(({ url }) => sent.includes(url)).map(({ url }) => url.split('/').at(-1) ?? '');
}

/** Lines as wide as a table, indented after the first. */
function wrapped(text: string): string {
  const width = tableWidth();
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(`  ${word}`);
    else if (last.length + 1 + word.length > width) lines.push(`    ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
