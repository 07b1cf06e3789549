# The objective of the service: one result for each accepted request, that is no ERROR.

locals {
  slo = {
    enabled      = coalesce(tobool(try(var.slo.enabled, null)), true)
    goal         = coalesce(tonumber(try(var.slo.goal, null)), 0.99)
    rolling_days = coalesce(tonumber(try(var.slo.rolling_days, null)), 28)
  }

  # An alert at a burn rate of 14.4 for an hour spends 2 % of a month's error budget, one at 6 for 6 hours spends 5 %.
  # Source: https://sre.google/workbook/alerting-on-slos/
  #
  # In PromQL and not by select_slo_burn_rate, because a result follows its request by up to patience_seconds: a burst of
  # requests would look like an outage until their results arrive.
  burn_alerts = { burn_rate = {
    name     = "the objective is being missed"
    section  = "burn-rate"
    severity = "CRITICAL"
    text     = "Requests without a result, and results that are `ERROR`, spend the error budget of the objective (${format("%.4g", 100 * local.slo.goal)} % over ${local.slo.rolling_days} days) so fast that it will not last."
  } }
  burn_windows = { "1h" = { rate = 14.4, duration = 300 }, "6h" = { rate = 6, duration = 900 } }
  burn_queries = { for window in keys(local.burn_windows) : window => join(" ", [
    "(clamp_min(${local.accepted_before[window]} - ${local.results_since[window]}, 0)",
    "+ (sum(increase(${local.promql["results"]}{${local.function_metric}, outcome=\"ERROR\"}[${window}])) or vector(0))",
    "+ (sum(increase(${local.dead_answers}[${window}])) or vector(0)))",
    "/ ${local.accepted_before[window]} / ${format("%.4g", 1 - local.slo.goal)} > ${local.burn_windows[window].rate}",
  ]) }

  # Cloud Monitoring evaluates 25 hours at most.
  burn_conditions = { for window, seconds in local.windows : window => local.burn_queries[window]
    if seconds + local.patience_seconds + local.burn_windows[window].duration <= 25 * 3600
  }
  useless_burns = local.slo.enabled && length(local.burn_conditions) > 0 ? [] : ["burn_rate"]
}

resource "google_monitoring_custom_service" "this" {
  count        = local.slo.enabled ? 1 : 0
  project      = var.project_id
  service_id   = local.name
  display_name = local.name
  user_labels  = var.labels

  telemetry {
    resource_name = "//cloudfunctions.googleapis.com/${google_cloudfunctions2_function.this.id}"
  }

  depends_on = [time_sleep.apis]
}

# A metric of the log takes some seconds until Cloud Monitoring knows it; an objective with an unknown metric is refused.
resource "time_sleep" "metrics" {
  count           = local.slo.enabled ? 1 : 0
  create_duration = "60s"
  triggers        = { metrics = join(",", keys(local.log_metrics)) }

  depends_on = [google_logging_metric.count]
}

resource "google_monitoring_slo" "results" {
  count               = local.slo.enabled ? 1 : 0
  project             = var.project_id
  service             = google_monitoring_custom_service.this[0].service_id
  slo_id              = "one-result-a-request"
  display_name        = "One result a request, that is no ERROR"
  goal                = local.slo.goal
  rolling_period_days = local.slo.rolling_days
  user_labels         = var.labels

  request_based_sli {
    good_total_ratio {
      good_service_filter  = "${local.count_metric["results"]} AND metric.labels.outcome!=\"ERROR\""
      total_service_filter = "${local.count_metric["requests"]} AND metric.labels.event=\"request.accepted\""
    }
  }

  depends_on = [time_sleep.metrics]
}

resource "google_monitoring_alert_policy" "burn_rate" {
  count                 = contains(local.wanted_alerts, "burn_rate") ? 1 : 0
  project               = var.project_id
  display_name          = "${local.name}: ${local.burn_alerts.burn_rate.name}"
  combiner              = "OR"
  severity              = lookup(local.alerts.severities, "burn_rate", local.burn_alerts.burn_rate.severity)
  notification_channels = var.notification_channels
  user_labels           = var.labels

  dynamic "conditions" {
    for_each = local.burn_conditions
    content {
      display_name = "burn rate over ${conditions.key}"
      condition_prometheus_query_language {
        query                     = conditions.value
        duration                  = "${local.burn_windows[conditions.key].duration}s"
        evaluation_interval       = "60s"
        disable_metric_validation = true
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = local.documents.burn_rate.content
    subject   = local.documents.burn_rate.subject

    dynamic "links" {
      for_each = local.documents.burn_rate.links
      content {
        display_name = links.value.name
        url          = links.value.url
      }
    }
  }

  alert_strategy {
    auto_close = "${local.alerts.auto_close_seconds}s"
  }

  depends_on = [time_sleep.apis]
}
