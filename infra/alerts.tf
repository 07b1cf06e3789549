# Alert policies. Each links to the section of docs/operations.md that says how to react.

locals {
  # Without auto-close, the incident of a single message would stay open.
  auto_close = "86400s"

  push_subscriptions = "one_of(${join(", ", [
    for subscription in google_pubsub_subscription.push : "\"${subscription.name}\""
  ])})"

  # The metrics of metrics.tf as PromQL names them. Ratios and combinations of metrics are PromQL, because MQL is
  # deprecated; and a metric that was made a minute ago is not yet known to a condition with a filter.
  promql = { for key, metric in google_logging_metric.count : key =>
    "logging_googleapis_com:user_${replace(metric.name, "/[^a-z0-9]/", "_")}"
  }
  requests     = "${local.promql["requests"]}{monitored_resource=\"cloud_run_revision\", event=\"request.accepted\"}"
  results      = "${local.promql["results"]}{monitored_resource=\"cloud_run_revision\"}"
  errors       = "${local.promql["results"]}{monitored_resource=\"cloud_run_revision\", outcome=\"ERROR\"}"
  unconfirmed  = "${local.promql["results"]}{monitored_resource=\"cloud_run_revision\", outcome=\"UNCONFIRMED\"}"
  enough       = "sum(increase(${local.results}[1h])) >= ${var.alerts.minimum_results}"
  all_results  = "sum(increase(${local.results}[1h]))"
  all_requests = "sum(increase(${local.requests}[${2 * local.patience_seconds}s]))"

  # Maximum time from an accepted request to a result: confirm_within and a quarter of an hour for retries, in whole
  # minutes, as seconds.
  patience_seconds = 60 * ceil((tonumber(trimsuffix(var.confirm_within, "s")) + 900) / 60)

  ratio_alerts = {
    error_ratio = {
      name     = "many errors"
      section  = "errors"
      severity = "ERROR"
      query    = "sum(increase(${local.errors}[1h])) / ${local.all_results} > ${var.alerts.error_ratio} and ${local.enough}"
      duration = "0s"
      text     = "More than ${100 * var.alerts.error_ratio} % of the results of the last hour are `ERROR`: cancels that failed for good."
    }
    unconfirmed_ratio = {
      name     = "many cancels unconfirmed"
      section  = "unconfirmed"
      severity = "WARNING"
      query    = "sum(increase(${local.unconfirmed}[1h])) / ${local.all_results} > ${var.alerts.unconfirmed_ratio} and ${local.enough}"
      duration = "0s"
      text     = "More than ${100 * var.alerts.unconfirmed_ratio} % of the results of the last hour are `UNCONFIRMED`: cancels that were accepted, of operations that still ran at the deadline. They may go on, and cost."
    }
    no_results = {
      name     = "requests without results"
      section  = "no-results"
      severity = "CRITICAL"
      query    = "${local.all_requests} > 0 unless sum(increase(${local.results}[${2 * local.patience_seconds}s])) > 0"
      duration = "${local.patience_seconds}s"
      text     = "Requests were accepted, and for ${local.patience_seconds / 60} minutes no result was published. Re-checks do not arrive, or results cannot be published."
    }
  }
}

resource "google_monitoring_alert_policy" "ratio" {
  for_each = { for key, alert in local.ratio_alerts : key => alert if var.alerts.enabled && (
    # Cloud Monitoring evaluates 25 hours at most, so this alert does not exist for a confirm_within above 8 hours.
    key != "no_results" || 3 * local.patience_seconds <= 25 * 3600
  ) }
  project               = var.project_id
  display_name          = "${var.name}: ${each.value.name}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.name
    condition_prometheus_query_language {
      query               = each.value.query
      duration            = each.value.duration
      evaluation_interval = "60s"
      # The metric exists only when the first of its events is in the log, which may be weeks from now.
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "${each.value.text} What to do: docs/operations.md#${each.value.section}"
  }

  alert_strategy {
    auto_close = local.auto_close
  }
}

resource "google_monitoring_alert_policy" "dead_letters" {
  count                 = var.alerts.enabled ? 1 : 0
  project               = var.project_id
  display_name          = "${var.name}: dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = var.notification_channels
  user_labels           = var.labels

  # Pub/Sub's own count, which also counts while the function is down and writes no log.
  conditions {
    display_name = "a message was given up"
    condition_threshold {
      filter = join(" AND ", [
        "resource.type=\"pubsub_subscription\"",
        "metric.type=\"pubsub.googleapis.com/subscription/dead_letter_message_count\"",
        "resource.labels.subscription_id=${local.push_subscriptions}",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.subscription_id"]
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "Pub/Sub gave up a message after as many attempts as the subscription allows. Its request is answered with `ERROR`; what it asked for may not have been done. What to do: docs/operations.md#dead-letters"
  }

  alert_strategy {
    auto_close = local.auto_close
  }
}

resource "google_monitoring_alert_policy" "backlog" {
  count                 = var.alerts.enabled ? 1 : 0
  project               = var.project_id
  display_name          = "${var.name}: messages wait"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = "oldest unacknowledged message"
    condition_threshold {
      filter = join(" AND ", [
        "resource.type=\"pubsub_subscription\"",
        "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"",
        "resource.labels.subscription_id=${local.push_subscriptions}",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = var.alerts.oldest_unacked_seconds
      duration        = "300s"

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_MAX"
        cross_series_reducer = "REDUCE_MAX"
        group_by_fields      = ["resource.label.subscription_id"]
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "A message has waited more than ${var.alerts.oldest_unacked_seconds} s for the function to take it. The function is down, refuses the pushes, or has too few instances. What to do: docs/operations.md#backlog"
  }

  alert_strategy {
    auto_close = local.auto_close
  }
}

# These events are rare and each needs attention, so the alert is on the log line itself: it shows the line and needs
# no metric.
resource "google_monitoring_alert_policy" "triggers" {
  count                 = var.alerts.enabled ? 1 : 0
  project               = var.project_id
  display_name          = "${var.name}: a trigger did not do its work"
  combiner              = "OR"
  severity              = "WARNING"
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = "unknown trigger, incomplete sweep or budget rule in trouble"
    condition_matched_log {
      filter = "${local.function_log} AND (${join(" OR ", [
        "jsonPayload.event=\"trigger.unknown\"",
        "jsonPayload.event=\"budget.lacks-threshold\"",
        "jsonPayload.event=\"idempotency.unknown\"",
        "(jsonPayload.event=\"sweep.finished\" AND jsonPayload.complete=false)",
      ])})"
      label_extractors = {
        event = "EXTRACT(jsonPayload.event)"
        sweep = "EXTRACT(jsonPayload.sweep)"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "A message on the triggers topic was not understood, a sweep could not see all that it should, a budget has no threshold where its rule should fire, or a rule cannot tell whether it has fired before. Work that should have been stopped may go on. What to do: docs/operations.md#triggers"
  }

  alert_strategy {
    auto_close = local.auto_close

    # Alerts on the log require a rate limit.
    notification_rate_limit {
      period = "3600s"
    }
  }
}
