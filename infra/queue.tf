# The queue in which re-checks wait until they are due. Its tasks are requests without a result: pausing the queue only
# delays them, but purging or deleting it loses them. Cloud Tasks does not allow the name of a deleted queue for some
# days.
resource "google_cloud_tasks_queue" "rechecks" {
  project  = var.project_id
  location = var.region
  name     = "${var.name}-rechecks"

  # Each dispatch becomes one GET to the service of an operation: this rate keeps a thousand simultaneous requests
  # below the quotas of most services.
  rate_limits {
    max_dispatches_per_second = var.queue_config.max_dispatches_per_second
    max_concurrent_dispatches = var.queue_config.max_concurrent_dispatches
  }

  retry_config {
    # Retries never end: a dropped task would be a request that never gets its result.
    max_attempts  = -1
    min_backoff   = "1s"
    max_backoff   = "60s"
    max_doublings = 6
  }

  depends_on = [google_project_service.required]
}
