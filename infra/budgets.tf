locals {
  budgets = { for key, budget in var.budgets : key => {
    amount          = tonumber(budget.amount)
    currency_code   = tostring(try(budget.currency_code, null))
    display_name    = coalesce(tostring(try(budget.display_name, null)), "${var.name} ${key}")
    project_numbers = one([for numbers in [try(budget.project_numbers, null)] : [for number in numbers : tostring(number)] if numbers != null])
    thresholds      = try(budget.thresholds, null) == null ? [0.5, 0.9, 1] : [for threshold in budget.thresholds : tonumber(threshold)]
  } }
  rules = [for rule in var.budget_rules : {
    budget              = tostring(try(rule.budget, null))
    budget_display_name = tostring(try(rule.budget_display_name, null))
    budget_id           = tostring(try(rule.budget_id, null))
    on_forecast         = coalesce(tobool(try(rule.on_forecast, null)), false)
    sweep               = tostring(rule.sweep)
    threshold           = coalesce(tonumber(try(rule.threshold, null)), 1)
  }]

  # A rule fires when a notification reports that its threshold was crossed. Budgets report only thresholds of their
  # own, so each budget gets those of its rules.
  budget_thresholds = { for key, budget in local.budgets : key => {
    current = setunion(
      budget.thresholds,
      [for rule in local.rules : rule.threshold if rule.budget == key],
    )
    forecast = toset([for rule in local.rules : rule.threshold if rule.budget == key && rule.on_forecast])
  } }

  # The version that src/budgets/notification.ts reads.
  budget_rules = [for rule in local.rules : merge(
    { sweep = rule.sweep, threshold = rule.threshold, onForecast = rule.on_forecast },
    { for field, value in {
      budgetDisplayName = rule.budget_display_name
      budgetId = (
        rule.budget == null ? rule.budget_id : basename(google_billing_budget.this[rule.budget].name)
      )
    } : field => value if value != null },
  )]
}

resource "google_billing_budget" "this" {
  for_each        = local.budgets
  billing_account = var.billing_account
  display_name    = each.value.display_name

  budget_filter {
    projects = formatlist("projects/%s", coalesce(
      each.value.project_numbers,
      [for project in local.allowed_projects : data.google_project.this[project].number],
    ))
  }

  amount {
    specified_amount {
      currency_code = each.value.currency_code
      units         = tostring(each.value.amount)
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
    pubsub_topic   = google_pubsub_topic.triggers.id
    schema_version = "1.0"
  }

  depends_on = [google_project_service.required]
}
