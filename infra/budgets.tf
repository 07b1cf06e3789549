locals {
  # A rule fires when a notification says that its threshold was crossed, which only happens at thresholds that the
  # budget itself has. So each budget gets those of its rules.
  budget_thresholds = { for key, budget in var.budgets : key => {
    current = setunion(
      budget.thresholds,
      [for rule in var.budget_rules : rule.threshold if rule.budget == key],
    )
    forecast = toset([for rule in var.budget_rules : rule.threshold if rule.budget == key && rule.on_forecast])
  } }

  # As src/triggers/budget.ts reads them.
  budget_rules = [for rule in var.budget_rules : merge(
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
  for_each        = var.budgets
  billing_account = var.billing_account
  display_name    = coalesce(each.value.display_name, "${var.name} ${each.key}")

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
