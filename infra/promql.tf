# The metrics as PromQL names them, and the parts of queries that alerts.tf and slo.tf share.
# Source of the names: https://cloud.google.com/monitoring/promql/promql-mapping

locals {
  promql = { for key, metric in merge(google_logging_metric.count, { for index, metric in google_logging_metric.scheduler_attempts : "runs" => metric }) :
    key => "logging_googleapis_com:user_${replace(metric.name, "/[^a-z0-9]/", "_")}"
  }
  function_metric = "monitored_resource=\"cloud_run_revision\""

  accepted      = "${local.promql["requests"]}{${local.function_metric}, event=\"request.accepted\"}"
  results       = "${local.promql["results"]}{${local.function_metric}}"
  dead_answers  = "${local.promql["failures"]}{${local.function_metric}, event=\"dead-letter.answered\"}"
  notifications = "${local.promql["notifications"]}{${local.function_metric}}"

  queue_attempts  = "cloudtasks_googleapis_com:queue_task_attempt_count{monitored_resource=\"cloud_tasks_queue\", queue_id=\"${google_cloud_tasks_queue.rechecks.name}\""
  attempts        = "${local.queue_attempts}}"
  failed_attempts = "${local.queue_attempts}, response_code!~\"2..|ok|OK\"}"

  outcome_shares = { for outcome in ["DENIED", "ERROR", "UNCONFIRMED"] : outcome =>
    "sum(increase(${local.promql["results"]}{${local.function_metric}, outcome=\"${outcome}\"}[1h])) / sum(increase(${local.results}[1h]))"
  }
  enough_results = "sum(increase(${local.results}[1h])) >= ${local.alerts.minimum_results}"

  # Maximum time from an accepted request to a result: the longest confirm_within and a quarter of an hour for retries,
  # in whole minutes, as seconds. Requests with a longer confirmWithin of their own are not counted in.
  confirm_within_seconds = [for duration in concat([var.confirm_within], flatten([
    for sweep in var.sweeps : [for rules in concat([sweep], sweep.targets) : try(tostring(rules.confirm_within), null)]
  ])) : ceil(tonumber(trimsuffix(duration, "s"))) if duration != null]
  patience_seconds = 60 * ceil((max(local.confirm_within_seconds...) + 900) / 60)

  # Requests that were accepted in a window which ended so long ago that all of them have a result, and the results since
  # that window began. The second can only be more than the first when nothing is missing.
  windows = { "1h" = 3600, "6h" = 21600 }
  accepted_before = { for window in keys(local.windows) : window =>
    "sum(increase(${local.accepted}[${window}] offset ${local.patience_seconds}s))"
  }
  results_since = { for window, seconds in local.windows : window => "(${join(" + ", [for series in [local.results, local.dead_answers] :
    "(sum(increase(${series}[${seconds + local.patience_seconds}s])) or vector(0))"
  ])})" }

  # Jobs that run at least every day, by their schedule: the absence of their runs can be seen.
  daily_jobs = [for key, job in local.scheduler_jobs : key if !job.paused && (
    can(regex("^\\S+ +\\S+ +\\* +\\* +\\*$", job.schedule)) || can(regex("^every [0-9]+ (minutes|mins|hours)", job.schedule))
  )]
  runs_of_job = { for key in local.daily_jobs : key =>
    "${local.promql["runs"]}{monitored_resource=\"cloud_scheduler_job\", job=\"${local.name}-${key}\"}"
  }
}
