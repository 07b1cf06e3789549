import type { EventContext } from '../messages/cloud-event.ts';
import { quote } from '../validation/failure.ts';
import { sweepRunId } from '../messages/event-ids.ts';
import type { IdempotencyStore } from '../budgets/idempotency-store.ts';
import type { Message } from '../messages/message.ts';
import type { Clock } from '../ports.ts';
import type { Log, LogEvent, Severity } from '../telemetry/log.ts';
import { crossingsOf, lacksThreshold, readBudgetNotification, rulesFor } from '../budgets/notification.ts';
import type { BudgetNotification, BudgetRule, Crossing } from '../budgets/notification.ts';
import { describeCause } from '../sweeps/cause.ts';
import type { SweepCause } from '../sweeps/cause.ts';
import { startSweepRun } from '../sweeps/start-run.ts';
import type { SweepRuns } from '../sweeps/run.ts';
import type { Sweep, Sweeps } from '../sweeps/sweep.ts';

/** What becomes of messages from Cloud Billing. None of them asks for an answer. */
export interface HandleBudget {
  /** Starts the sweeps of the rules that a notification makes fire, each once. */
  handle(data: unknown, message: Message, context: EventContext): Promise<void>;
  /** Says what was seen, for a message that is no budget notification. */
  ignore(what: string, message: Message): void;
}

/** How many warnings are remembered, so that they are not repeated. */
const MAX_WARNED = 1_000;

export function createHandleBudget(parts: {
  readonly budgets: readonly BudgetRule[];
  readonly sweeps: Sweeps;
  readonly runSweep: SweepRuns;
  readonly idempotencyStore: IdempotencyStore;
  readonly clock: Clock;
  readonly log: Log;
}): HandleBudget {
  const { budgets, sweeps, runSweep, idempotencyStore, clock, log } = parts;
  /** The same notification that comes at the same time joins the run that is under way. */
  const underWay = new Map<string, Promise<void>>();
  const warned = new Set<string>();

  const ignore: HandleBudget['ignore'] = (what, message) => {
    log('WARNING', 'trigger.unknown', `Ignored on the topic of triggers: ${what}`, { messageId: message.id });
  };

  return {
    ignore,
    handle: async (data, message, context) => {
      const notification = readBudgetNotification(message.attributes, data);
      if ('unknown' in notification) {
        ignore(notification.unknown, message);
        return;
      }
      const rules = rulesFor(budgets, notification);
      const crossings = crossingsOf(rules, notification);
      if (crossings.length === 0) logNotTriggered(rules, notification, message);
      // One that fails must not keep another from being begun.
      const begun = await Promise.allSettled(
        crossings.map((crossing) => once(crossing, notification, message, context)),
      );
      for (const one of begun) if (one.status === 'rejected') throw one.reason;
    },
  };

  async function once(
    crossing: Crossing,
    notification: BudgetNotification,
    message: Message,
    context: EventContext,
  ): Promise<void> {
    const sweep = sweeps.get(crossing.rule.sweep);
    if (sweep === undefined)
      throw new Error(`a rule names the sweep ${crossing.rule.sweep}, which is not defined`);
    const runId = runIdOf(crossing, notification, sweep);
    const running = underWay.get(runId) ?? fire(runId, sweep, crossing, notification, message, context);
    underWay.set(runId, running);
    try {
      await running;
    } finally {
      underWay.delete(runId);
    }
  }

  async function fire(
    runId: string,
    sweep: Sweep,
    { threshold, forecast }: Crossing,
    notification: BudgetNotification,
    message: Message,
    context: EventContext,
  ): Promise<void> {
    const cause: SweepCause = {
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
    };
    const fields = { sweep: sweep.name, runId, messageId: message.id };
    const isSet = await idempotencyStore.has(runId);
    if (isSet === true) {
      log('DEBUG', 'budget.swept-before', `Again: ${describeCause(cause)}`, fields);
      return;
    }
    // To stop things twice costs less than not to stop them.
    if (isSet !== false) {
      log(
        'WARNING',
        'idempotency.unknown',
        `Sweeps without knowing whether it did before: ${isSet.unknown}`,
        fields,
      );
    }
    log('NOTICE', 'budget.crossed', `Sweep ${sweep.name}: ${describeCause(cause)}`, fields);
    const run = startSweepRun({ runId, sweep, cause, dryRun: false, context, nowMs: clock.now() });
    await runSweep.begin(run, message.project);
    await idempotencyStore.put(runId, message.project);
  }

  /** The normal case, several times a day: a line that nobody sees who does not look for it. */
  function logNotTriggered(
    rules: readonly BudgetRule[],
    notification: BudgetNotification,
    message: Message,
  ): void {
    const { budgetDisplayName = '', budgetId = '' } = notification;
    const budget = `${quote(budgetDisplayName)} (${budgetId})`;
    const oncePerBudget = (severity: Severity, key: string) => {
      if (warned.has(key)) return 'DEBUG';
      if (warned.size >= MAX_WARNED) warned.clear();
      warned.add(key);
      return severity;
    };
    const say = (severity: Severity, event: LogEvent, text: string) => {
      log(severity, event, text, { messageId: message.id });
    };
    const ruleWithoutThreshold = rules.find((rule) => lacksThreshold(rule, notification));
    if (rules.length === 0) {
      say(oncePerBudget('NOTICE', budget), 'budget.unnamed', `No rule of BUDGETS names the budget ${budget}`);
    } else if (ruleWithoutThreshold !== undefined) {
      const key = `${budget} ${ruleWithoutThreshold.threshold}`;
      const text = `The costs of the budget ${budget} are past ${ruleWithoutThreshold.threshold} of it, but it has no such threshold that would tell: add one`;
      say(oncePerBudget('WARNING', key), 'budget.lacks-threshold', text);
    } else {
      say('DEBUG', 'budget.not-crossed', `The budget ${budget} has crossed no threshold of a rule`);
    }
  }
}

/**
 * The same for every notification of one crossing: of a budget, in an interval, of a threshold. A forecast and
 * the costs are two crossings, and a dry run does not use up the real one.
 */
function runIdOf({ threshold, forecast }: Crossing, notification: BudgetNotification, sweep: Sweep): string {
  const { billingAccountId = '', budgetId, budgetDisplayName = '', costIntervalStart = '' } = notification;
  return sweepRunId(
    'budget',
    billingAccountId,
    budgetId ?? budgetDisplayName,
    instantOf(costIntervalStart),
    String(threshold),
    forecast ? 'forecast' : 'cost',
    sweep.name,
    sweep.listings.every(({ dryRun }) => dryRun) ? 'dry' : 'live',
  );
}

/** The same for each way to write a time. */
function instantOf(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}
