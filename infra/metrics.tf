# Metrics of the function's log. Its events are LOG_EVENTS in src/telemetry/log.ts.

locals {
  function_log = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=\"${google_cloudfunctions2_function.this.name}\"",
    "resource.labels.location=\"${var.region}\"",
  ])

  scheduler_log = join(" AND ", [
    "resource.type=\"cloud_scheduler_job\"",
    "resource.labels.job_id=(${join(" OR ", [for key in keys(var.scheduler_jobs) : "\"${local.name}-${key}\""])})",
  ])

  # `labels` are the metric's labels, each with the field of the log line that it is read from.
  log_metrics = {
    requests = {
      description = "Requests by whether they were accepted."
      events      = ["request.accepted", "request.rejected"]
      labels      = { event = "event" }
    }
    results = {
      description = "Results of accepted requests, by outcome and service."
      events      = ["result.published"]
      labels      = { outcome = "outcome", service = "service" }
    }
    retries = {
      description = "Cancels that are tried again, by what the service answered."
      events      = ["cancel.retrying"]
      labels      = { http_status = "httpStatus" }
    }
    failures = {
      description = "Deliveries that failed, and messages that Pub/Sub gave up."
      events      = ["message.failed", "dead-letter.answered"]
      labels      = { event = "event" }
    }
    notifications = {
      description = "Notifications of budgets that a rule names."
      events      = ["budget.crossed", "budget.lacks-threshold", "budget.not-crossed", "budget.swept-before"]
      labels      = { event = "event" }
    }
    triggers = {
      description = "Sweeps that ended, thresholds of budgets that were crossed, and unknown triggers."
      events      = ["sweep.finished", "budget.crossed", "trigger.unknown"]
      labels      = { event = "event" }
    }
  }

  event_filter = { for key, metric in local.log_metrics : key =>
    "${local.function_log} AND jsonPayload.event=(${join(" OR ", [for event in metric.events : "\"${event}\""])})"
  }
}

resource "google_logging_metric" "count" {
  for_each    = local.log_metrics
  project     = var.project_id
  name        = "${local.name}/${each.key}"
  description = each.value.description
  filter      = local.event_filter[each.key]

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  label_extractors = { for label, field in each.value.labels : label => "EXTRACT(jsonPayload.${field})" }

  depends_on = [time_sleep.apis]
}

resource "google_logging_metric" "time_to_outcome" {
  project         = var.project_id
  name            = "${local.name}/time_to_outcome"
  description     = "From a request to its result, by outcome."
  filter          = "${local.event_filter["results"]} AND jsonPayload.elapsedMs>=0"
  value_extractor = "EXTRACT(jsonPayload.elapsedMs)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "ms"

    labels {
      key        = "outcome"
      value_type = "STRING"
    }
  }

  label_extractors = { outcome = "EXTRACT(jsonPayload.outcome)" }

  # Buckets from 0.1 s to 43 days, each 1.5 times the one before: a cancellation can take 30 days.
  bucket_options {
    exponential_buckets {
      scale              = 100
      growth_factor      = 1.5
      num_finite_buckets = 43
    }
  }

  depends_on = [time_sleep.apis]
}

# Cloud Scheduler's own log, because a job that never runs leaves nothing in the function's.
resource "google_logging_metric" "scheduler_attempts" {
  count       = length(var.scheduler_jobs) == 0 ? 0 : 1
  project     = var.project_id
  name        = "${local.name}/scheduler_attempts"
  description = "Runs of the scheduler's jobs that succeeded, by job."
  filter      = "${local.scheduler_log} AND severity<ERROR AND jsonPayload.\"@type\"=\"type.googleapis.com/google.cloud.scheduler.logging.AttemptFinished\""

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    labels {
      key        = "job"
      value_type = "STRING"
    }
  }

  label_extractors = { job = "EXTRACT(resource.labels.job_id)" }

  depends_on = [time_sleep.apis]
}
