import type { OperationScript } from './emulators/google-apis/google-services.ts';

/** One trigger of the demo, and the results that it must have. */
export interface SweepScene {
  readonly id: string;
  /** The sender, for a person. */
  readonly shows: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, string>>;
  /** The expected report; absent where nothing should be started. */
  readonly report?: {
    readonly sweep: string;
    readonly dryRun: boolean;
    readonly found: number;
    readonly requested: number;
  };
  /** The ids of the operations that have a result at the end, and its outcome. */
  readonly outcomes: Readonly<Record<string, string>>;
}

export const BUDGET_ATTRIBUTES = {
  billingAccountId: '01D4EE-079462-DFD6EC',
  budgetId: 'de72f49d-779b-4945-a127-4d6ce8def0bb',
  schemaVersion: '1.0',
};

/** As Cloud Billing writes it. */
export const budget = (
  costAmount: number,
  alertThresholdExceeded: number,
  budgetDisplayName = 'training',
) => ({
  budgetDisplayName,
  alertThresholdExceeded,
  costAmount,
  costIntervalStart: '2026-11-01T00:00:00Z',
  budgetAmount: 1_000,
  budgetAmountType: 'SPECIFIED_AMOUNT',
  currencyCode: 'USD',
});

const TRAINING = 'projects/my-project/locations/europe-west4';
const IDLE = 'projects/my-project/locations/asia-east1';

/** The sweeps of these scenarios, of which that of the budget begins as a dry run. */
export const operationSweeps = (stopTraining: { readonly dryRun: boolean }) => ({
  'stop-training': {
    targets: [{ service: 'aiplatform', version: 'v1', parents: [TRAINING] }],
    match: { 'metadata.@type': '**OperationMetadata' },
    ...stopTraining,
  },
  nightly: {
    targets: [{ service: 'notebooks', version: 'v2', parents: [IDLE] }],
    olderThan: '86400s',
    exclude: { 'metadata.target': '**/instances/keep-*' },
    dryRun: false,
  },
});

export const beforeDryRunIsOff: readonly SweepScene[] = [
  {
    id: 'budget-90',
    shows: 'a budget alert at 90 %',
    message: budget(912.4, 0.9),
    attributes: BUDGET_ATTRIBUTES,
    outcomes: {},
  },
  {
    id: 'budget-100',
    shows: 'at 100 %, as a dry run',
    message: budget(1_003.7, 1),
    attributes: BUDGET_ATTRIBUTES,
    report: { sweep: 'stop-training', dryRun: true, found: 2, requested: 2 },
    outcomes: { 'train-large': 'DRY_RUN', 'train-small': 'DRY_RUN' },
  },
  {
    id: 'nightly',
    shows: 'a scheduler, with an exclusion',
    message: { sweep: 'nightly' },
    report: { sweep: 'nightly', dryRun: false, found: 5, requested: 1 },
    outcomes: { 'create-stale': 'CANCELLED' },
  },
];

export const afterDryRunIsOff: readonly SweepScene[] = [
  {
    id: 'budget-real',
    shows: 'again, dryRun off',
    message: budget(1_021.9, 1),
    attributes: BUDGET_ATTRIBUTES,
    report: { sweep: 'stop-training', dryRun: false, found: 2, requested: 2 },
    outcomes: { 'train-large': 'CANCELLED', 'train-small': 'CANCELLED' },
  },
  {
    id: 'budget-repeated',
    shows: 'and again: once is enough',
    message: budget(1_030.2, 1),
    attributes: BUDGET_ATTRIBUTES,
    outcomes: {},
  },
];

const HOUR_MS = 3_600_000;
const training = (id: string) =>
  `https://europe-west4-aiplatform.googleapis.com/v1/${TRAINING}/operations/${id}`;
const idle = (id: string) => `https://notebooks.googleapis.com/v2/${IDLE}/operations/${id}`;

/** The operations that run at the simulated services. */
export const sweptOperations: readonly { readonly url: string; readonly script: OperationScript }[] = [
  { url: training('train-large'), script: { ageMs: 20 * HOUR_MS, afterMs: 1_000 } },
  { url: training('train-small'), script: { ageMs: 2 * HOUR_MS } },
  { url: idle('create-stale'), script: { ageMs: 50 * HOUR_MS } },
  { url: idle('create-young'), script: { ageMs: 2 * HOUR_MS } },
  { url: idle('create-undated'), script: { ageMs: 'unknown' } },
  { url: idle('create-done'), script: { ageMs: 50 * HOUR_MS, state: 'succeeded' } },
  {
    url: idle('create-kept'),
    script: { ageMs: 50 * HOUR_MS, metadata: { target: `${IDLE}/instances/keep-1` } },
  },
];
