locals {
  scheduler_jobs = { for key, job in var.scheduler_jobs : key => {
    dry_run   = coalesce(tobool(try(job.dry_run, null)), false)
    paused    = coalesce(tobool(try(job.paused, null)), false)
    schedule  = tostring(job.schedule)
    sweep     = tostring(job.sweep)
    time_zone = coalesce(tostring(try(job.time_zone, null)), "Etc/UTC")
  } }
}

# Jobs that start sweeps. Cloud Scheduler publishes as its own service agent, which gets its role from Google when the
# API is enabled (roles/cloudscheduler.serviceAgent), so iam.tf has no grant for it.
resource "google_cloud_scheduler_job" "sweep" {
  for_each    = local.scheduler_jobs
  project     = var.project_id
  region      = coalesce(var.scheduler_region, var.region)
  name        = "${local.name}-${each.key}"
  description = "Starts the sweep ${each.value.sweep} of ${local.name}."
  schedule    = each.value.schedule
  time_zone   = each.value.time_zone
  paused      = each.value.paused

  pubsub_target {
    topic_name = local.topics.triggers
    # `"dryRun": false` is never sent: it could not turn a dry run into a real sweep.
    data = base64encode(jsonencode(merge(
      { sweep = each.value.sweep },
      each.value.dry_run ? { dryRun = true } : {},
    )))
  }

  # By default a failed publish is not tried again, and the sweep of that day would be missing.
  retry_config {
    retry_count          = 5
    min_backoff_duration = "5s"
    max_backoff_duration = "300s"
  }

  depends_on = [time_sleep.apis]
}
