# The dashboard shows, from top to bottom, requests and their outcomes, work in progress, and the infrastructure.

locals {
  count_metric = { for key, metric in google_logging_metric.count : key =>
    "metric.type=\"logging.googleapis.com/user/${metric.name}\" AND resource.type=\"cloud_run_revision\""
  }
  pubsub_metric = { for name in [
    "dead_letter_message_count", "num_undelivered_messages", "oldest_unacked_message_age", "push_request_count",
    ] : name => join(" AND ", [
      "metric.type=\"pubsub.googleapis.com/subscription/${name}\"",
      "resource.type=\"pubsub_subscription\"",
      "resource.labels.subscription_id=${local.push_subscriptions}",
  ]) }
  run_metric = { for name in ["instance_count", "startup_latencies"] : name => join(" AND ", [
    "metric.type=\"run.googleapis.com/container/${name}\"",
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=\"${google_cloudfunctions2_function.this.name}\"",
  ]) }
  tasks_metric = { for name in ["depth", "task_attempt_count"] : name => join(" AND ", [
    "metric.type=\"cloudtasks.googleapis.com/queue/${name}\"",
    "resource.type=\"cloud_tasks_queue\"",
    "resource.labels.queue_id=\"${google_cloud_tasks_queue.rechecks.name}\"",
  ]) }

  # The lines of each chart: a metric, the aggregation of its points over time (`align`) and across time series
  # (`reduce`), and the label that splits a line into several (`by`).
  charts = [
    {
      title = "Requests"
      type  = "STACKED_BAR"
      lines = [{ filter = local.count_metric["requests"], align = "DELTA", reduce = "SUM", by = "metric.label.event" }]
    },
    {
      title = "Outcomes"
      type  = "STACKED_BAR"
      lines = [{ filter = local.count_metric["results"], align = "DELTA", reduce = "SUM", by = "metric.label.outcome" }]
    },
    {
      title = "Time from request to outcome (ms): median and 95th percentile"
      type  = "LINE"
      lines = [for reduce in ["PERCENTILE_50", "PERCENTILE_95"] : {
        filter = join(" AND ", [
          "metric.type=\"logging.googleapis.com/user/${google_logging_metric.time_to_outcome.name}\"",
          "resource.type=\"cloud_run_revision\"",
        ])
        align  = "DELTA"
        reduce = reduce
        by     = null
      }]
    },
    {
      title = "Cancels tried again, by HTTP status"
      type  = "STACKED_BAR"
      lines = [{
        filter = local.count_metric["retries"], align = "DELTA", reduce = "SUM", by = "metric.label.http_status"
      }]
    },
    {
      title = "Sweeps, budgets and unknown triggers"
      type  = "STACKED_BAR"
      lines = [{ filter = local.count_metric["triggers"], align = "DELTA", reduce = "SUM", by = "metric.label.event" }]
    },
    {
      title = "Failed deliveries and answered dead letters"
      type  = "STACKED_BAR"
      lines = [{ filter = local.count_metric["failures"], align = "DELTA", reduce = "SUM", by = "metric.label.event" }]
    },
    {
      title = "Backlog: age of the oldest message (s)"
      type  = "LINE"
      lines = [{
        filter = local.pubsub_metric["oldest_unacked_message_age"]
        align  = "MAX", reduce = "MAX", by = "resource.label.subscription_id"
      }]
    },
    {
      title = "Backlog: messages"
      type  = "LINE"
      lines = [{
        filter = local.pubsub_metric["num_undelivered_messages"]
        align  = "MAX", reduce = "SUM", by = "resource.label.subscription_id"
      }]
    },
    {
      title = "Pushes by what the function answered"
      type  = "STACKED_BAR"
      lines = [{
        filter = local.pubsub_metric["push_request_count"]
        align  = "DELTA", reduce = "SUM", by = "metric.label.response_class"
      }]
    },
    {
      title = "Dead letters"
      type  = "STACKED_BAR"
      lines = [{
        filter = local.pubsub_metric["dead_letter_message_count"]
        align  = "DELTA", reduce = "SUM", by = "resource.label.subscription_id"
      }]
    },
    {
      title = "Re-checks that wait in the queue"
      type  = "LINE"
      lines = [{ filter = local.tasks_metric["depth"], align = "MAX", reduce = "SUM", by = null }]
    },
    {
      title = "Re-checks published by Cloud Tasks, by what Pub/Sub answered"
      type  = "STACKED_BAR"
      lines = [{
        filter = local.tasks_metric["task_attempt_count"]
        align  = "DELTA", reduce = "SUM", by = "metric.label.response_code"
      }]
    },
    {
      title = "Cold starts (ms): median and 95th percentile"
      type  = "LINE"
      lines = [for reduce in ["PERCENTILE_50", "PERCENTILE_95"] : {
        filter = local.run_metric["startup_latencies"], align = "DELTA", reduce = reduce, by = null
      }]
    },
    {
      title = "Instances"
      type  = "STACKED_AREA"
      lines = [{ filter = local.run_metric["instance_count"], align = "MAX", reduce = "SUM", by = "metric.label.state" }]
    },
  ]

  # Cloud Monitoring leaves out a position of 0 and an empty list when it returns a dashboard. Written here, they would
  # be a difference in each plan.
  chart_tiles = [for index, chart in local.charts : merge(
    index % 2 == 0 ? {} : { xPos = 6 },
    index < 2 ? {} : { yPos = 4 * floor(index / 2) },
    { width = 6, height = 4 },
    { widget = {
      title = chart.title
      xyChart = {
        dataSets = [for line in chart.lines : {
          plotType       = chart.type
          targetAxis     = "Y1"
          legendTemplate = line.by == null ? line.reduce : "$${${replace(line.by, ".label.", ".labels.")}}"
          timeSeriesQuery = {
            timeSeriesFilter = {
              filter = line.filter
              aggregation = merge(
                {
                  alignmentPeriod    = "300s"
                  perSeriesAligner   = "ALIGN_${line.align}"
                  crossSeriesReducer = "REDUCE_${line.reduce}"
                },
                line.by == null ? {} : { groupByFields = [line.by] },
              )
            }
          }
        }]
      }
    } },
  )]

  log_tile = {
    yPos   = 4 * ceil(length(local.charts) / 2)
    width  = 12
    height = 6
    widget = {
      title = "Warnings and errors"
      logsPanel = {
        filter        = "${local.function_log} AND severity>=WARNING"
        resourceNames = ["projects/${var.project_id}"]
      }
    }
  }
}

resource "google_monitoring_dashboard" "this" {
  count   = var.dashboard ? 1 : 0
  project = var.project_id
  dashboard_json = jsonencode({
    displayName = local.name
    mosaicLayout = {
      columns = 12
      tiles   = concat(local.chart_tiles, [local.log_tile])
    }
  })

  depends_on = [time_sleep.apis]
}
