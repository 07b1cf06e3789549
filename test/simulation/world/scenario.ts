import { chooseCancelEffect } from '../cancel-effect.ts';
import { chooseApprovals, NO_APPROVALS } from './approvals.ts';
import type { ApprovalScenario } from './approvals.ts';
import { JOB_FORMS, type JobForm } from './jobs.ts';
import type { Life } from './services.ts';
import { chooseSweeps, NO_SWEEPS } from './sweeps.ts';
import type { SweepScenario } from './sweeps.ts';
import type { World } from '../../support/virtual-time.ts';

/** One message that somebody sends, and what it may come to. */
export interface Sent {
  /** The id that its results name; undefined where that is the message's own. */
  readonly requestId: string | undefined;
  readonly data: string;
  readonly atMs: number;
  readonly kind: 'cancel' | 'dry-run' | 'refused' | 'unsupported';
  /** The operations that it is about, by URL; each has a result of its own. */
  readonly operations: readonly string[];
  readonly confirmWithinMs: number;
}

export interface Scenario {
  readonly sent: readonly Sent[];
  readonly lives: ReadonlyMap<string, Life>;
  readonly sweeps: SweepScenario;
  readonly approvals: ApprovalScenario;
}

export const PROJECT_NUMBER = '123456789012';

/** An operation that nobody cancels, and the names by which somebody may try to. */
export const PROTECTED = {
  rule: 'projects/my-project/locations/us-central1/operations/kept-*',
  names: [
    'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/operations/kept-1',
    `https://us-central1-aiplatform.googleapis.com/v1/projects/${PROJECT_NUMBER}/locations/us-central1/operations/kept-1`,
    'https://us-central1-aiplatform.googleapis.com/v1beta1/projects/my-project/locations/us-central1/customJobs/7/operations/kept-1',
    `https://notebooks.googleapis.com/v2/projects/${PROJECT_NUMBER}/locations/us-central1/operations/kept-2`,
    'https://notebooks.googleapis.com/v2/projects/MY-PROJECT/locations/us-central1/operations/kept-2',
  ],
} as const;

const LOCATION = 'projects/my-project/locations/us-central1/operations';
const URLS: readonly [form: Life['form'], url: (id: string) => string][] = [
  ['longrunning', (id) => `https://notebooks.googleapis.com/v2/${LOCATION}/${id}`],
  ['longrunning', (id) => `https://us-central1-aiplatform.googleapis.com/v1beta1/${LOCATION}/${id}`],
  ['longrunning', (id) => `https://cloudchannel.googleapis.com/v1/operations/${id}`],
  ['container', (id) => `https://container.googleapis.com/v1/${LOCATION}/${id}`],
  ['worded', (id) => `https://translation.googleapis.com/v3/${LOCATION}/${id}`],
  ['flagged', (id) => `https://logging.googleapis.com/v2/${LOCATION}/${id}`],
  ['none', (id) => `https://texttospeech.googleapis.com/v1/operations/${id}`],
];
const FORMS = Object.keys(JOB_FORMS) as [JobForm, ...JobForm[]];
/** As a request names a job: BigQuery's with their location. */
const nameOfJob = (url: string) => (url.startsWith('https://bigquery.') ? `${url}?location=EU` : url);
const WITHIN_S = [3, 60, 900, 3_600] as const;

/** Chooses the messages of one run, and the lives of the operations. */
export function chooseScenario(
  world: World,
  { delay, hasApprovals }: { readonly delay: 'cloud-tasks' | 'redelivery'; readonly hasApprovals: boolean },
): Scenario {
  const lives = new Map<string, Life>();
  const sent: Sent[] = [];
  const addOperation = (id: string) => {
    const [form, urlOf] = world.pick(URLS as [(typeof URLS)[0], ...(typeof URLS)[0][]]);
    const url = urlOf(id);
    // One in twelve does not exist.
    if (!world.chance(1 / 12)) lives.set(url, chooseLife(world, form));
    return url;
  };
  const addJob = (id: string) => {
    const form = world.pick(FORMS);
    const url = JOB_FORMS[form].url(id);
    if (!world.chance(1 / 12)) lives.set(url, chooseLife(world, form));
    return url;
  };
  // Approvals come with little beside them, so that the run takes no longer than another.
  const count = hasApprovals ? world.between(0, 1) : world.between(1, 4);
  for (let index = 0; index < count; index += 1) {
    const requestId = `r${index}`;
    const withinS = world.pick(WITHIN_S);
    const common = { requestId, confirmWithin: `${withinS}s` };
    const base = { requestId, atMs: world.between(0, 60_000), confirmWithinMs: withinS * 1_000 };
    const roll = world.between(0, 13);
    /** Sends a request and, in a third of the cases, the same again in another message. */
    const send = (fields: object, rest: Pick<Sent, 'kind' | 'operations'>) => {
      sent.push({ ...base, ...rest, data: JSON.stringify({ ...fields, ...common }) });
      if (!world.chance(1 / 3)) return;
      const againS = world.chance(0.5) ? withinS : world.pick(WITHIN_S);
      sent.push({
        ...base,
        ...rest,
        atMs: base.atMs + world.pick([0, 2_000, 30_000, 1_000_000]),
        data: JSON.stringify({ ...fields, ...common, confirmWithin: `${againS}s` }),
        confirmWithinMs: againS * 1_000,
      });
    };
    if (roll <= 5) {
      const operation = addOperation(`o${index}`);
      send({ operation }, { kind: 'cancel', operations: [operation] });
    } else if (roll === 6) {
      const operations = Array.from({ length: world.between(1, 5) }, (_, n) =>
        addOperation(`o${index}-${n}`),
      );
      send({ operations }, { kind: 'cancel', operations });
    } else if (roll === 10 || roll === 11) {
      const job = addJob(`j${index}`);
      send({ job: nameOfJob(job) }, { kind: 'cancel', operations: [job] });
    } else if (roll === 12) {
      const jobs = Array.from({ length: world.between(1, 5) }, (_, n) => addJob(`j${index}-${n}`));
      send({ jobs: jobs.map(nameOfJob) }, { kind: 'cancel', operations: jobs });
    } else if (roll === 13) {
      const job = addJob(`j${index}`);
      send({ job: nameOfJob(job), dryRun: true }, { kind: 'dry-run', operations: [job] });
    } else if (roll === 7) {
      const operation = addOperation(`o${index}`);
      send({ operation, dryRun: true }, { kind: 'dry-run', operations: [operation] });
    } else if (roll === 8) {
      const operation = 'https://compute.googleapis.com/compute/v1/projects/p/zones/z/operations/o';
      const data = JSON.stringify({ operation, ...common });
      sent.push({ ...base, data, kind: 'unsupported', operations: [operation] });
    } else {
      const data = world.pick([
        'nonsense',
        JSON.stringify({ operation: addJob(`j${index}`) }),
        JSON.stringify({ job: addOperation(`o${index}-as-a-job`) }),
        JSON.stringify({ job: 'https://batch.googleapis.com/v1/projects/other/locations/l/jobs/x' }),
        JSON.stringify({ operation: addOperation(`o${index}`), dryrun: true }),
        JSON.stringify({ operation: 'accounts/A/customers/C/entitlements/E', service: 'cloudchannel' }),
        ...PROTECTED.names.map((operation) => JSON.stringify({ operation })),
        JSON.stringify({ operation: 'operations/of-nobody-knows-whom', service: 'vision' }),
        JSON.stringify({
          operation: `https://notebooks.googleapis.com/v2/${LOCATION}/x`.replace('my-', 'other-'),
        }),
      ]);
      sent.push({ ...base, requestId: undefined, data, kind: 'refused', operations: [`refused-${index}`] });
    }
  }
  const sweeps =
    !hasApprovals && world.chance(0.4)
      ? chooseSweeps(world, (url, ageMs) => {
          lives.set(url, { ...chooseLife(world, 'longrunning'), createdMs: world.now() - ageMs });
        })
      : NO_SWEEPS;
  const approvals = hasApprovals
    ? chooseApprovals(world, delay === 'cloud-tasks', (url, ageMs, isOrdinary) => {
        const life = isOrdinary ? ORDINARY : chooseLife(world, 'longrunning');
        lives.set(url, { ...life, createdMs: world.now() - ageMs });
      })
    : NO_APPROVALS;
  return { sent, lives, sweeps, approvals };
}

/** Runs until it is cancelled. */
export const ORDINARY: Life = {
  form: 'longrunning',
  onCancel: 'cancelled',
  afterMs: 0,
  endsAtMs: Infinity,
  refusesUntilMs: 0,
  asksToComeBack: false,
};

function chooseLife(world: World, form: Life['form']): Life {
  return {
    form,
    onCancel: chooseCancelEffect(world),
    afterMs: world.pick([0, 1_000, 20_000, 400_000]),
    // Some end by themselves, before, during or after the cancel.
    endsAtMs: world.chance(0.7) ? Infinity : world.now() + world.between(0, 120_000),
    // Some can be cancelled only later, and some never.
    refusesUntilMs: world.chance(0.7) ? 0 : world.now() + world.pick([20_000, 80_000, 200_000, Infinity]),
    asksToComeBack: world.chance(0.5),
  };
}
