# Where re-checks wait for their time. What is in the queue are requests without their result yet: pausing it only
# delays them, but purging or deleting it loses them. Cloud Tasks does not give a deleted queue's name away again
# for some days.
resource "google_cloud_tasks_queue" "rechecks" {
  project  = var.project_id
  location = var.region
  name     = "${var.name}-rechecks"

  # Each dispatch becomes one GET to the service of an operation: this keeps a thousand requests at once below the
  # quotas of most.
  rate_limits {
    max_dispatches_per_second = var.queue_config.max_dispatches_per_second
    max_concurrent_dispatches = var.queue_config.max_concurrent_dispatches
  }

  retry_config {
    # Without end: a task that is dropped is a request that never gets its result.
    max_attempts  = -1
    min_backoff   = "1s"
    max_backoff   = "60s"
    max_doublings = 6
  }

  depends_on = [google_project_service.required]
}
