import { styleText } from 'node:util';
import type { DoctorArguments } from './command-arguments.ts';
import { checkQueue, checkSubscriptions, checkTopics } from './doctor/delivery.ts';
import { readDeployment } from './doctor/deployment.ts';
import type { Finding } from './doctor/finding.ts';
import { createGoogleApi } from './doctor/google-api.ts';
import { checkGrants, grantsOf } from './doctor/grants.ts';
import { EXIT } from './exit-code.ts';
import { UsageError } from './usage-error.ts';

/**
 * `lro-cancel doctor`: compares a deployment with what infra/ makes. The function is read first, because its settings name
 * the topics and the queue.
 *
 * @returns the exit code
 */
export async function runDoctor({ project, prefix, output }: DoctorArguments): Promise<number> {
  if (project === undefined) throw new UsageError('Name the project of the deployment with --project.');
  const endpoint = process.env.GOOGLE_API_ENDPOINT?.trim();
  const api = await createGoogleApi(endpoint === '' ? undefined : endpoint);
  const found: Finding[] = [];
  const report = (findings: readonly Finding[]) => {
    found.push(...findings);
    if (output === 'text') for (const finding of findings) console.log(lineOf(finding));
  };

  const { deployment, findings } = await readDeployment(api, project, prefix);
  report(findings);
  report(await checkTopics(api, deployment));
  const subscriptions = await checkSubscriptions(api, deployment);
  report(subscriptions.map(({ finding }) => finding));
  report(await checkQueue(api, deployment));
  report(await checkGrants(api, deployment, grantsOf(deployment, subscriptions)));

  if (output === 'json') console.log(JSON.stringify(found, undefined, 2));
  return found.every(({ state }) => state === 'ok') ? EXIT.done : EXIT.otherOutcome;
}

const MARKS = { ok: ['✔', 'green'], wrong: ['✘', 'red'], unknown: ['?', 'yellow'] } as const;

function lineOf({ subject, state, advice }: Finding): string {
  const [mark, color] = MARKS[state];
  return [
    `${styleText(color, mark, { stream: process.stdout })} ${subject}`,
    ...(advice === undefined ? [] : [advice]),
  ].join(': ');
}
