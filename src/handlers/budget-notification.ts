import { intervalOf, isAhead } from '../budgets/interval.ts';
import { readBudgetNotification } from '../budgets/notification.ts';
import type { BudgetNotification } from '../budgets/notification.ts';
import { crossingsOf, lacksThreshold, rulesFor } from '../budgets/rules.ts';
import type { BudgetRule, Crossing } from '../budgets/rules.ts';
import { sweepRunId } from '../messages/event-ids.ts';
import type { Delivery } from '../ports.ts';
import { describeCause } from '../sweeps/cause.ts';
import type { SweepCause } from '../sweeps/cause.ts';
import { scheduleSweepRun } from '../sweeps/perform-run.ts';
import { newSweepRun } from '../sweeps/run-state.ts';
import { modeOf } from '../sweeps/sweep.ts';
import type { Sweep } from '../sweeps/sweep.ts';
import type { LogEvent, Severity } from '../telemetry/log.ts';
import { quote } from '../validation/failure.ts';
import type { App } from './app-context.ts';

const MAX_WARNED = 1_000;

/** Starts the sweeps of the rules that a notification makes fire, each once. No notification is answered. */
export async function handleBudgetNotification(data: unknown, delivery: Delivery, app: App): Promise<void> {
  const notification = readBudgetNotification(delivery.message.attributes, data);
  if ('unknown' in notification) {
    ignoreFromBilling(notification.unknown, delivery, app);
    return;
  }
  if (notification.problem !== undefined) ignoreFromBilling(notification.problem, delivery, app);
  const interval = intervalOf(notification, delivery.context.time);
  if (isAhead(interval, app.clock.now())) {
    const text = `a notification of the budget ${describeBudget(notification)} for an interval that has not begun: ${quote(interval.key)}`;
    ignoreFromBilling(text, delivery, app);
    return;
  }
  const rules = rulesFor(app.settings.budgets, notification);
  const crossings = crossingsOf(rules, notification);
  if (crossings.length === 0) logNotTriggered(rules, notification, delivery, app);
  // A sweep that fails to start does not keep another from starting.
  const started = await Promise.allSettled(
    crossings.map((crossing) => startRunOnce(crossing, notification, delivery, app)),
  );
  for (const one of started) if (one.status === 'rejected') throw one.reason;
}

/** Logs a message from Cloud Billing, or a part of it, that cannot be used. */
export function ignoreFromBilling(seen: string, { message }: Delivery, { log }: App): void {
  log('WARNING', 'trigger.unknown', `Ignored a message on the topic of triggers: ${seen}`, {
    messageId: message.id,
  });
}

async function startRunOnce(
  crossing: Crossing,
  notification: BudgetNotification,
  delivery: Delivery,
  app: App,
): Promise<void> {
  const { settings, budgets } = app;
  const sweep = settings.sweeps.get(crossing.rule.sweep);
  if (sweep === undefined) {
    throw new Error(`a rule names the sweep ${crossing.rule.sweep}, which is not defined`);
  }
  const runId = runIdOf(crossing, notification, sweep, delivery);
  const start = () => startRun(runId, sweep, causeOf(crossing, notification, delivery), delivery, app);
  const starting = budgets.inFlight.get(runId) ?? start();
  budgets.inFlight.set(runId, starting);
  try {
    await starting;
  } finally {
    budgets.inFlight.delete(runId);
  }
}

/** Starts the run of a crossing, unless the idempotency store has it. */
async function startRun(
  runId: string,
  sweep: Sweep,
  cause: SweepCause,
  delivery: Delivery,
  app: App,
): Promise<void> {
  const { idempotencyStore, clock, log } = app;
  const { message, context } = delivery;
  const fields = { sweep: sweep.name, runId, messageId: message.id };
  const wasStarted = await idempotencyStore.has(runId);
  if (wasStarted === true) {
    log(
      'DEBUG',
      'budget.swept-before',
      `Sweep ${sweep.name} was started before: ${describeCause(cause)}`,
      fields,
    );
    return;
  }
  if (wasStarted !== false) {
    // A second sweep costs less than no sweep.
    const text = `Starts sweep ${sweep.name} without knowing whether it was started before: ${wasStarted.unknown}`;
    log('WARNING', 'idempotency.unknown', text, fields);
  }
  log('NOTICE', 'budget.crossed', `Sweep ${sweep.name}: ${describeCause(cause)}`, fields);
  const run = newSweepRun({ runId, sweep, cause, dryRun: false, context, nowMs: clock.now() });
  await scheduleSweepRun(run, delivery, app);
  await idempotencyStore.put(runId, delivery);
}

const causeOf = (
  { threshold, forecast }: Crossing,
  notification: BudgetNotification,
  { message }: Delivery,
): SweepCause => ({
  kind: 'budget',
  messageId: message.id,
  threshold,
  forecast,
  billingAccountId: notification.billingAccountId,
  budgetId: notification.budgetId,
  budgetDisplayName: notification.budgetDisplayName,
  costAmount: notification.costAmount,
  budgetAmount: notification.budgetAmount,
  currencyCode: notification.currencyCode,
  costIntervalStart: notification.costIntervalStart,
});

const describeBudget = ({ budgetDisplayName = '', budgetId = '' }: BudgetNotification) =>
  `${quote(budgetDisplayName)} (${budgetId})`;

const byId = ({ budgetId }: BudgetRule) => budgetId !== undefined;

/** Logs why no sweep was started. That is the normal case, several times a day, so it is at DEBUG unless a rule is wrong. */
function logNotTriggered(
  rules: readonly BudgetRule[],
  notification: BudgetNotification,
  { message }: Delivery,
  { settings, budgets: { warned }, log }: App,
): void {
  const budget = describeBudget(notification);
  const oncePerBudget = (severity: Severity, key: string) => {
    if (warned.has(key)) return 'DEBUG';
    if (warned.size >= MAX_WARNED) warned.clear();
    warned.add(key);
    return severity;
  };
  const write = (severity: Severity, event: LogEvent, text: string) => {
    log(severity, event, text, { messageId: message.id });
  };
  const ruleWithoutThreshold = rules.find((rule) => lacksThreshold(rule, notification));
  if (rules.length === 0 && notification.budgetId === undefined && settings.budgets.some(byId)) {
    const text = `A notification of the budget ${budget} carries no budget id, by which a rule of BUDGETS names its budget: the subscription must pass on the attributes of messages`;
    write(oncePerBudget('WARNING', budget), 'budget.unnamed', text);
  } else if (rules.length === 0) {
    write(oncePerBudget('NOTICE', budget), 'budget.unnamed', `No rule of BUDGETS names the budget ${budget}`);
  } else if (ruleWithoutThreshold !== undefined) {
    const { threshold } = ruleWithoutThreshold;
    const text = `The costs of the budget ${budget} have passed ${threshold} of its amount, but the budget has no such threshold and will not notify: add the threshold`;
    write(oncePerBudget('WARNING', `${budget} ${threshold}`), 'budget.lacks-threshold', text);
  } else {
    write('DEBUG', 'budget.not-crossed', `The budget ${budget} has crossed no threshold of a rule`);
  }
}

/**
 * The same for every notification of one crossing: of a budget, in an interval, of a threshold. A forecast and
 * the costs are two crossings, and a dry run does not use up the real one.
 */
function runIdOf(
  { threshold, forecast }: Crossing,
  notification: BudgetNotification,
  sweep: Sweep,
  { context }: Delivery,
): string {
  const { billingAccountId = '', budgetId, budgetDisplayName = '' } = notification;
  return sweepRunId(
    'budget',
    billingAccountId,
    budgetId ?? budgetDisplayName,
    intervalOf(notification, context.time).key,
    String(threshold),
    forecast ? 'forecast' : 'cost',
    sweep.name,
    modeOf(sweep, false),
  );
}
