/**
 * Inputs with mistakes, for the words of the refusals: whoever has forty sweeps has to be told which one is wrong. What is
 * wrong has a name that begins so, and the rest is right. Inputs that are checked by others are in one group with them
 * only where both can be read.
 */
type Inputs = Readonly<Record<string, unknown>>;

const PARENTS = ['projects/my-project/locations/-'];
const TARGETS = [{ service: 'notebooks', parents: PARENTS }];
const right = { targets: TARGETS };
const inParent = (parent: string, service = 'notebooks') => ({ targets: [{ service, parents: [parent] }] });
const ofJobs = (
  service: string,
  jobs: readonly string[],
  parents = ['projects/my-project/locations/us-central1'],
) => ({ targets: [{ service, jobs, parents }] });
const job = { schedule: '0 3 * * *', sweep: 'right' };

export const WRONG_INPUTS: Readonly<Record<string, Inputs>> = {
  sweeps: {
    services: { aiplatform: { permissions: [] }, notebooks: {} },
    sweeps: {
      right,
      'wrong name': right,
      'wrong-type': { ...right, dry_run: 'yes' },
      'wrong-field': { ...right, olderThan: '1s' },
      'wrong-field-of-a-target': { targets: [{ ...TARGETS[0], parent: 'projects/my-project' }] },
      'wrong-targets': { targets: [] },
      'wrong-service': { targets: [{ service: 'batch', parents: PARENTS }] },
      'wrong-no-parents': { targets: [{ service: 'notebooks' }] },
      'wrong-parent': inParent('projects/my-project/'),
      'wrong-project': inParent('projects/another-project/locations/us-central1'),
      'wrong-location': inParent('projects/my-project/locations/-', 'aiplatform'),
      'wrong-age': { ...right, older_than: '1d' },
      'wrong-age-of-a-target': { targets: [{ ...TARGETS[0], confirm_within: '1h' }] },
      'wrong-limit': { ...right, limit: 0 },
    },
  },
  'sweeps over services': {
    allowed_services: ['notebooks.googleapis.com'],
    services: { dataflow: {}, notebooks: {} },
    sweeps: { right, 'wrong-service': { targets: [{ service: 'dataflow' }] } },
  },
  'sweeps over jobs': {
    services: {
      aiplatform: { jobs: ['customJobs'] },
      dataflow: { jobs: ['jobs'] },
      testing: { jobs: ['testMatrices'] },
    },
    sweeps: {
      right: {
        targets: [{ service: 'dataflow', jobs: ['jobs'], parents: ['projects/my-project/locations/-'] }],
      },
      'wrong-kind': ofJobs('aiplatform', ['pipelineJobs']),
      'wrong-star': ofJobs('aiplatform', ['*']),
      'wrong-service-of-jobs': ofJobs('transcoder', ['jobs']),
      'wrong-all-locations': ofJobs('aiplatform', ['customJobs'], ['projects/my-project/locations/-']),
      'wrong-list': ofJobs('testing', ['testMatrices'], ['projects/my-project']),
      'wrong-parents-of-jobs': { targets: [{ service: 'dataflow', jobs: ['jobs'] }] },
      'wrong-no-kind': ofJobs('dataflow', []),
      'wrong-operations': { targets: [{ service: 'dataflow' }] },
      'wrong-type-of-jobs': { targets: [{ service: 'dataflow', jobs: 'jobs' }] },
      'wrong-project-of-jobs': ofJobs('dataflow', ['jobs'], ['projects/another-project/locations/-']),
    },
  },
  'schedules, budgets and members': {
    billing_account: '012345-567890-ABCDEF',
    sweeps: { right },
    scheduler_jobs: {
      right: job,
      'wrong-job-type': { ...job, paused: 'maybe' },
      'wrong-job-field': { ...job, timezone: 'Etc/UTC' },
      'wrong-job-of-a-sweep': { ...job, sweep: 'none' },
      'wrong-schedule': { ...job, schedule: 'hourly' },
    },
    budgets: {
      right: { amount: 1_000 },
      'wrong-budget-type': { amount: 'many' },
      'wrong-budget-field': { amount: 1, threshold: [1] },
      'wrong-amounts': { amount: 1, last_period_amount: true },
      'wrong-period': { amount: 1, calendar_period: 'WEEK' },
      'wrong-amount': { amount: 0.5 },
      'wrong-thresholds': { amount: 1, thresholds: [50] },
    },
    result_subscriptions: {
      right: {},
      'wrong-subscription-type': { ack_deadline_seconds: 'soon' },
      'wrong-subscription-field': { filters: '' },
      'wrong-filter': { filter: 'x'.repeat(257) },
      'wrong-endpoint': { push: { endpoint: 'http://hook.example.com' } },
      'wrong-subscriber': { subscribers: ['allUsers'] },
    },
    message_regions: ['europe-west1', 'wrong-region'],
    protected_operations: ['right/**', 'wrong pattern'],
    request_publishers: ['group:right@example.com', 'wrong-publisher'],
    trigger_publishers: ['group:right@example.com', 'wrong-trigger-publisher'],
    alerts: { wrong_alert_field: 1 },
    slo: { wrong_slo_field: 1 },
    function_config: { wrong_size_field: 1 },
    max_delivery_attempts: { wrong_attempts_field: 1 },
    queue_config: { wrong_queue_field: 1 },
    bundle: { wrong_bundle_field: 1 },
    message_keys: { secret: 's', version: '1', wrong_keys_field: 1 },
    vpc: { connector: 'c', wrong_vpc_field: 1 },
    service_accounts: { wrong_account: 'x' },
    topics: { wrong_topic: 'x' },
  },
  'budget rules': {
    billing_account: '012345-567890-ABCDEF',
    budgets: { right: { amount: 1_000 } },
    sweeps: { right, 'wrong-rule': right, 'wrong-rule-threshold': right },
    budget_rules: [
      { budget: 'right', sweep: 'right' },
      { budget: 'right', sweep: 'wrong-rule-sweep' },
      { budget: 'wrong-rule-budget', sweep: 'right' },
      { sweep: 'wrong-rule' },
      { budget: 'right', sweep: 'wrong-rule-threshold', threshold: 50 },
      { budget: 'right', sweep: 'right', wrong_rule_field: 1 },
    ],
  },
  'services and alerts': {
    services: {
      right: {},
      'wrong-service': {},
      notebooks: { permissions: ['wrong.permission'] },
      batch: { roles: ['wrong-role'] },
      storage: { wrong_service_field: [] },
      // `dialogflow` is refused, `dns` is not.
      dialogflow: {},
      dns: { permissions: [] },
      aiplatform: { jobs: ['wrongJobs'] },
      dataflow: { operations: 'wrong' },
    },
    alerts: { disabled: ['wrong_alert', 'backlog'], severities: { wrong_severity: 'ERROR' } },
  },
  'projects and services that are allowed': {
    allowed_projects: ['my-project', 'Wrong_Project'],
    allowed_services: ['*', 'wrong-allowed-service'],
  },
  'projects by key': {
    allowed_projects: {
      right: { id: 'my-project', number: '1' },
      'wrong-project': { id: 'my-project', name: 'x' },
      'wrong-number': { id: 'my-project', number: 'one' },
    },
  },
};

/**
 * The parts of a group of inputs that its refusals do not name, or wrongly do.
 *
 * @param messages the text of all errors of a plan
 */
export function unnamedMistakes(inputs: Inputs, messages: string): readonly string[] {
  const names = namesIn(inputs);
  return [
    ...names
      .filter((name) => /^wrong/i.test(name) && !messages.includes(name))
      .map((name) => `no error names ${name}`),
    ...(/\bright\b/.test(messages) ? [`an error names what is right`] : []),
  ];
}

/** All keys and texts. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  return [...keys, ...Object.values(value).flatMap(namesIn)];
}
