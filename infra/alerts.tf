# Alert policies. Each has the section of docs/operations.md that says how to react, with links to the log and the
# dashboard.

locals {
  alerts = {
    auto_close_seconds     = coalesce(try(tonumber(var.alerts.auto_close_seconds), null), 86400)
    disabled               = try([for alert in var.alerts.disabled : tostring(alert)], [])
    enabled                = coalesce(try(tobool(var.alerts.enabled), null), true)
    error_ratio            = coalesce(try(tonumber(var.alerts.error_ratio), null), 0.1)
    minimum_results        = coalesce(try(tonumber(var.alerts.minimum_results), null), 10)
    missing_ratio          = coalesce(try(tonumber(var.alerts.missing_ratio), null), 0.1)
    oldest_unacked_seconds = coalesce(try(tonumber(var.alerts.oldest_unacked_seconds), null), 900)
    severities             = try({ for alert, severity in var.alerts.severities : alert => tostring(severity) }, {})
    unconfirmed_ratio      = coalesce(try(tonumber(var.alerts.unconfirmed_ratio), null), 0.25)
  }

  # Names of the alerts. Those that the deployment has no use for are left out further below.
  alert_names = [
    "backlog", "burn_rate", "dead_letters", "denied_ratio", "error_ratio", "no_results", "queue_changed", "queue_fails",
    "quiet_budget", "quiet_scheduler", "revision", "scheduler", "sweep_results", "triggers", "unconfirmed_ratio",
    "unread_results",
  ]

  # Conditions on rates and shares, in PromQL, because MQL is deprecated; and a metric that was made a minute ago is not
  # yet known to a condition with a filter.
  query_alerts = {
    error_ratio = {
      name     = "many errors"
      section  = "errors"
      severity = "ERROR"
      query    = "${local.outcome_shares["ERROR"]} > ${local.alerts.error_ratio} and ${local.enough_results}"
      duration = 0
      text     = "More than ${format("%.4g", 100 * local.alerts.error_ratio)} % of the results of the last hour are `ERROR`: cancels that failed for good."
    }
    denied_ratio = {
      name     = "many cancels denied"
      section  = "errors"
      severity = "ERROR"
      query    = "${local.outcome_shares["DENIED"]} > ${local.alerts.error_ratio} and ${local.enough_results}"
      duration = 0
      text     = "More than ${format("%.4g", 100 * local.alerts.error_ratio)} % of the results of the last hour are `DENIED`: the function lacks a permission."
    }
    unconfirmed_ratio = {
      name     = "many cancels unconfirmed"
      section  = "unconfirmed"
      severity = "WARNING"
      query    = "${local.outcome_shares["UNCONFIRMED"]} > ${local.alerts.unconfirmed_ratio} and ${local.enough_results}"
      duration = 0
      text     = "More than ${format("%.4g", 100 * local.alerts.unconfirmed_ratio)} % of the results of the last hour are `UNCONFIRMED`: cancels that were accepted, of operations that still ran at the deadline. They may go on, and cost."
    }
    no_results = {
      name     = "requests without results"
      section  = "no-results"
      severity = "CRITICAL"
      query    = "(${local.accepted_before["1h"]} - ${local.results_since["1h"]}) / ${local.accepted_before["1h"]} > ${local.alerts.missing_ratio}"
      duration = 300
      text     = "More than ${format("%.4g", 100 * local.alerts.missing_ratio)} % of the requests of an hour have no result, ${local.patience_seconds / 60} minutes after it. Re-checks do not arrive, or results cannot be published."
    }
    queue_fails = {
      name     = "re-checks are refused"
      section  = "queue"
      severity = "CRITICAL"
      query    = "sum(increase(${local.failed_attempts}[15m])) / sum(increase(${local.attempts}[15m])) > 0.5"
      duration = 600
      text     = "More than half of the attempts of Cloud Tasks to publish a re-check have failed for ten minutes. Requests wait for their confirmation."
    }
    quiet_budget = {
      name     = "no notifications of budgets"
      section  = "quiet-budget"
      severity = "ERROR"
      query    = "sum(increase(${local.notifications}[12h])) == 0 or absent_over_time(${local.notifications}[12h])"
      duration = 43200
      text     = "No budget that a rule names has notified the function for a day. Cloud Billing notifies several times a day, so the budget was disconnected, or its messages do not arrive: a spent budget would stop nothing."
    }
    quiet_scheduler = {
      name     = "a job of the scheduler does not run"
      section  = "scheduler"
      severity = "ERROR"
      query = join(" or ", [for key in local.daily_jobs :
        "sum(increase(${local.runs_of_job[key]}[12h])) == 0 or absent_over_time(${local.runs_of_job[key]}[12h])"
      ])
      duration = 46800
      text     = "A job that should run at least every day has not run for 25 hours: the sweep of that day is missing."
    }
    unread_results = {
      name     = "results are not read"
      section  = "unread-results"
      severity = "WARNING"
      query    = "max by (subscription_id) (pubsub_googleapis_com:subscription_oldest_unacked_message_age{monitored_resource=\"pubsub_subscription\", subscription_id=~\"${join("|", values(google_pubsub_subscription.results)[*].name)}\"}) > 86400"
      duration = 3600
      text     = "A result has waited for more than a day. Pub/Sub drops it after ${var.message_retention_duration}."
    }
  }
  useless_queries = concat(
    # Cloud Monitoring evaluates 25 hours at most.
    local.patience_seconds + 3600 + 300 <= 25 * 3600 ? [] : ["no_results"],
    length(var.budget_rules) > 0 ? [] : ["quiet_budget"],
    length(local.daily_jobs) > 0 ? [] : ["quiet_scheduler"],
    length(var.result_subscriptions) > 0 ? [] : ["unread_results"],
  )

  # Rare events that each need attention: the alert is on the line of the log itself, shows it, and needs no metric.
  log_alerts = {
    sweep_results = {
      name     = "a sweep could not stop an operation"
      section  = "sweep-results"
      severity = "ERROR"
      # A sweep's requests have ids that begin so (src/messages/event-ids.ts).
      filter = "${local.function_log} AND labels.requestId=~\"^sweep-\" AND ((${join(" AND ", [
        "jsonPayload.event=\"result.published\"",
        "jsonPayload.outcome=(\"ERROR\" OR \"DENIED\" OR \"UNCONFIRMED\" OR \"UNSUPPORTED\")",
      ])}) OR jsonPayload.event=(\"request.rejected\" OR \"dead-letter.answered\"))"
      labels = { outcome = "EXTRACT(jsonPayload.outcome)", service = "EXTRACT(jsonPayload.service)" }
      text   = "A request of a sweep did not end its operation: what a budget or a schedule should have stopped may still run, and cost."
    }
    triggers = {
      name     = "a trigger did not do its work"
      section  = "triggers"
      severity = "WARNING"
      filter = "${local.function_log} AND (${join(" OR ", [
        "jsonPayload.event=\"trigger.unknown\"",
        "jsonPayload.event=\"budget.lacks-threshold\"",
        "jsonPayload.event=\"idempotency.unknown\"",
        "(jsonPayload.event=\"sweep.finished\" AND jsonPayload.complete=false)",
        "(jsonPayload.event=\"approval.finished\" AND jsonPayload.complete=false)",
      ])})"
      labels = { event = "EXTRACT(jsonPayload.event)", sweep = "EXTRACT(jsonPayload.sweep)" }
      text   = "A message on the triggers topic was not understood, a sweep could not see all that it should, a budget has no threshold where its rule should fire, or a rule cannot tell whether it has fired before. Work that should have been stopped may go on."
    }
    scheduler = {
      name     = "a job of the scheduler failed or was paused"
      section  = "scheduler"
      severity = "ERROR"
      filter   = "${local.scheduler_log} AND (severity>=ERROR OR protoPayload.methodName=~\"\\.(PauseJob|DeleteJob)$\")"
      labels   = { job = "EXTRACT(resource.labels.job_id)" }
      text     = "Cloud Scheduler could not publish the trigger of a sweep, or somebody paused or deleted a job: its sweeps are missing."
    }
    queue_changed = {
      name     = "the queue was paused, purged or deleted"
      section  = "queue"
      severity = "CRITICAL"
      filter = join(" AND ", [
        "protoPayload.serviceName=\"cloudtasks.googleapis.com\"",
        "protoPayload.methodName=~\"\\.(PauseQueue|PurgeQueue|DeleteQueue)$\"",
        "protoPayload.resourceName=\"${local.queue_name}\"",
      ])
      labels = { method = "EXTRACT(protoPayload.methodName)" }
      text   = "Somebody paused, purged or deleted the queue of the re-checks. In a paused queue all requests wait; a purged or deleted one has lost them."
    }
    revision = {
      name     = "a revision does not start or does not stay up"
      section  = "revision"
      severity = "CRITICAL"
      filter = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${google_cloudfunctions2_function.this.name}\" AND resource.labels.location=\"${var.region}\" AND (${join(" OR ", [
        "jsonPayload.event=\"settings.refused\"",
        "(severity=ERROR AND protoPayload.status.message:\"Ready condition status changed to False\")",
        "(log_id(\"run.googleapis.com/varlog/system\") AND (textPayload:\"Memory limit of\" OR textPayload:\"Container called exit\" OR textPayload:\"Uncaught signal\"))",
      ])})"
      labels = { revision = "EXTRACT(resource.labels.revision_name)" }
      text   = "A new revision did not become ready, or an instance ended by itself: settings that the function refuses, too little memory, or a crash."
    }
  }
  useless_logs = length(var.scheduler_jobs) > 0 ? [] : ["scheduler"]

  # Pub/Sub's own metrics, which also count while the function is down and writes no log.
  threshold_alerts = {
    dead_letters = {
      name     = "dead letters"
      section  = "dead-letters"
      severity = "ERROR"
      metric   = "dead_letter_message_count"
      above    = 0
      duration = 0
      period   = 300
      align    = "ALIGN_DELTA"
      reduce   = "REDUCE_SUM"
      text     = "Pub/Sub gave up a message after as many attempts as the subscription allows. Its request is answered with `ERROR`; what it asked for may not have been done."
    }
    backlog = {
      name     = "messages wait"
      section  = "backlog"
      severity = "CRITICAL"
      metric   = "oldest_unacked_message_age"
      above    = local.alerts.oldest_unacked_seconds
      duration = 300
      period   = 60
      align    = "ALIGN_MAX"
      reduce   = "REDUCE_MAX"
      text     = "A message has waited more than ${local.alerts.oldest_unacked_seconds} s for the function to take it. The function is down, refuses the pushes, or has too few instances."
    }
  }

  push_subscriptions = "one_of(${join(", ", [
    for subscription in google_pubsub_subscription.push : "\"${subscription.name}\""
  ])})"

  # The runbook, as part of each alert, so that it can be read where the incident is. Links to other pages would lead
  # nowhere there.
  runbook_file = "${path.module}/../docs/operations.md"
  runbook      = fileexists(local.runbook_file) ? replace(file(local.runbook_file), "/\\[([^\\]]+)\\]\\([^h)][^)]*\\)/", "$1") : ""
  headings = { for section in distinct([for alert in merge(local.query_alerts, local.log_alerts, local.threshold_alerts, local.burn_alerts) : alert.section]) :
    section => "${upper(substr(section, 0, 1))}${replace(substr(section, 1, -1), "-", " ")}"
  }
  documents = { for key, alert in merge(local.query_alerts, local.log_alerts, local.threshold_alerts, local.burn_alerts) : key => {
    content = join("\n\n", compact([
      alert.text,
      # A path in this repository is nothing that the person on call can open.
      var.runbook_url == null ? "## ${local.headings[alert.section]}" : "## [${local.headings[alert.section]}](${coalesce(var.runbook_url, "-")}#${alert.section})",
      one([for found in regexall("(?s)\n### ${local.headings[alert.section]}\n+(.*?)\n+##", local.runbook) : substr(found[0], 0, 6000)]),
    ]))
    subject = "${local.name}: ${alert.name}"
    links = concat(
      [for url in var.runbook_url[*] : {
        name = "Runbook"
        url  = "${url}#${alert.section}"
      }],
      [{
        name = "Log"
        url  = "https://console.cloud.google.com/logs/query;query=${urlencode(try(alert.filter, "${local.function_log} AND severity>=WARNING"))}?project=${var.project_id}"
      }],
      [for dashboard in google_monitoring_dashboard.this : {
        name = "Dashboard"
        url  = "https://console.cloud.google.com/monitoring/dashboards/builder/${basename(dashboard.id)}?project=${var.project_id}"
      }],
    )
  } }

  wanted_alerts = !local.alerts.enabled ? [] : setsubtract(
    local.alert_names, concat(local.alerts.disabled, local.useless_queries, local.useless_logs, local.useless_burns),
  )
}

resource "google_monitoring_alert_policy" "query" {
  for_each              = { for key, alert in local.query_alerts : key => alert if contains(local.wanted_alerts, key) }
  project               = var.project_id
  display_name          = "${local.name}: ${each.value.name}"
  combiner              = "OR"
  severity              = lookup(local.alerts.severities, each.key, each.value.severity)
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.name
    condition_prometheus_query_language {
      query               = each.value.query
      duration            = "${each.value.duration}s"
      evaluation_interval = "60s"
      # The metric exists only when the first of its events is in the log, which may be weeks from now.
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = local.documents[each.key].content
    subject   = local.documents[each.key].subject

    dynamic "links" {
      for_each = local.documents[each.key].links
      content {
        display_name = links.value.name
        url          = links.value.url
      }
    }
  }

  # Without auto-close, the incident of a single message would stay open.
  alert_strategy {
    auto_close = "${local.alerts.auto_close_seconds}s"
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "log" {
  for_each              = { for key, alert in local.log_alerts : key => alert if contains(local.wanted_alerts, key) }
  project               = var.project_id
  display_name          = "${local.name}: ${each.value.name}"
  combiner              = "OR"
  severity              = lookup(local.alerts.severities, each.key, each.value.severity)
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.name
    condition_matched_log {
      filter           = each.value.filter
      label_extractors = each.value.labels
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = local.documents[each.key].content
    subject   = local.documents[each.key].subject

    dynamic "links" {
      for_each = local.documents[each.key].links
      content {
        display_name = links.value.name
        url          = links.value.url
      }
    }
  }

  alert_strategy {
    auto_close = "${local.alerts.auto_close_seconds}s"

    # Alerts on the log require a rate limit.
    notification_rate_limit {
      period = "3600s"
    }
  }

  depends_on = [time_sleep.apis]
}

resource "google_monitoring_alert_policy" "threshold" {
  for_each              = { for key, alert in local.threshold_alerts : key => alert if contains(local.wanted_alerts, key) }
  project               = var.project_id
  display_name          = "${local.name}: ${each.value.name}"
  combiner              = "OR"
  severity              = lookup(local.alerts.severities, each.key, each.value.severity)
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.name
    condition_threshold {
      filter = join(" AND ", [
        "resource.type=\"pubsub_subscription\"",
        "metric.type=\"pubsub.googleapis.com/subscription/${each.value.metric}\"",
        "resource.labels.subscription_id=${local.push_subscriptions}",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "${each.value.duration}s"

      aggregations {
        alignment_period     = "${each.value.period}s"
        per_series_aligner   = each.value.align
        cross_series_reducer = each.value.reduce
        group_by_fields      = ["resource.label.subscription_id"]
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = local.documents[each.key].content
    subject   = local.documents[each.key].subject

    dynamic "links" {
      for_each = local.documents[each.key].links
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
