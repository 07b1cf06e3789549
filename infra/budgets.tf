locals {
  budgets = { for key, budget in var.budgets : key => {
    amount                        = tonumber(try(budget.amount, null))
    calendar_period               = tostring(try(budget.calendar_period, null))
    credit_types_treatment        = tostring(try(budget.credit_types_treatment, null))
    currency_code                 = tostring(try(budget.currency_code, null))
    disable_default_iam_receivers = !coalesce(tobool(try(budget.email_billing_admins, null)), true)
    display_name                  = coalesce(tostring(try(budget.display_name, null)), "${local.name} ${key}")
    labels                        = try(budget.labels, null)
    last_period_amount            = coalesce(tobool(try(budget.last_period_amount, null)), false)
    notification_channels         = try(budget.notification_channels, null)
    project_numbers               = one([for numbers in [try(budget.project_numbers, null)] : [for number in numbers : tostring(number)] if numbers != null])
    resource_ancestors            = try(budget.resource_ancestors, null)
    services                      = try(budget.services, null)
    thresholds                    = try(budget.thresholds, null) == null ? [0.5, 0.9, 1] : [for threshold in budget.thresholds : tonumber(threshold)]
  } }
  rules = [for rule in var.budget_rules : {
    budget              = tostring(try(rule.budget, null))
    budget_display_name = tostring(try(rule.budget_display_name, null))
    budget_id           = tostring(try(rule.budget_id, null))
    on_forecast         = coalesce(tobool(try(rule.on_forecast, null)), false)
    sweep               = tostring(rule.sweep)
    threshold           = coalesce(tonumber(try(rule.threshold, null)), 1)
  }]

  # Whether budgets notify the function.
  hears_budgets = length(var.budgets) > 0 || length(var.budget_rules) > 0

  # A rule fires when a notification reports that its threshold was crossed. Budgets report only thresholds of their
  # own, so each budget gets those of its rules.
  budget_thresholds = { for key, budget in local.budgets : key => {
    current = setunion(
      budget.thresholds,
      [for rule in local.rules : rule.threshold if rule.budget == key],
    )
    forecast = toset([for rule in local.rules : rule.threshold if rule.budget == key && rule.on_forecast])
  } }

  # The version that src/budgets/rules.ts reads. A budget of this module is named by its display name, because its id is
  # known only after apply: see the environment in function.tf.
  budget_rules = [for rule in local.rules : merge(
    { sweep = rule.sweep, threshold = rule.threshold, onForecast = rule.on_forecast },
    { for field, value in {
      budgetDisplayName = rule.budget == null ? rule.budget_display_name : local.budgets[rule.budget].display_name
      budgetId          = rule.budget_id
    } : field => value if value != null },
  )]

  # A budget counts the projects whose operations may be cancelled, unless it names others.
  target_numbers = length(var.allowed_projects) == 0 ? [local.project_number] : [
    for project in local.named_projects : project.number
  ]
}

resource "google_billing_budget" "this" {
  for_each        = local.budgets
  billing_account = var.billing_account
  display_name    = each.value.display_name

  budget_filter {
    projects = each.value.resource_ancestors != null && each.value.project_numbers == null ? null : formatlist(
      "projects/%s", coalesce(each.value.project_numbers, local.target_numbers),
    )
    calendar_period        = each.value.calendar_period
    credit_types_treatment = each.value.credit_types_treatment
    labels                 = each.value.labels
    resource_ancestors     = each.value.resource_ancestors
    services               = each.value.services
  }

  amount {
    last_period_amount = each.value.last_period_amount ? true : null

    dynamic "specified_amount" {
      for_each = each.value.last_period_amount ? [] : [each.value]
      content {
        currency_code = specified_amount.value.currency_code
        units         = tostring(specified_amount.value.amount)
      }
    }
  }

  dynamic "threshold_rules" {
    for_each = local.budget_thresholds[each.key].current
    content {
      threshold_percent = threshold_rules.value
      spend_basis       = "CURRENT_SPEND"
    }
  }

  dynamic "threshold_rules" {
    for_each = local.budget_thresholds[each.key].forecast
    content {
      threshold_percent = threshold_rules.value
      spend_basis       = "FORECASTED_SPEND"
    }
  }

  all_updates_rule {
    pubsub_topic                     = local.topics.triggers
    schema_version                   = "1.0"
    monitoring_notification_channels = each.value.notification_channels
    disable_default_iam_recipients   = each.value.disable_default_iam_receivers
  }

  depends_on = [time_sleep.apis]
}
