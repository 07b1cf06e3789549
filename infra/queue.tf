# The queue in which re-checks wait until they are due. Its tasks are requests without a result: pausing the queue only
# delays them, but purging or deleting it loses them. Cloud Tasks does not allow the name of a deleted queue for some
# days.
locals {
  queue_region = coalesce(var.queue_region, var.region)

  # Known when a plan is made, for the function's environment.
  queue_name = "projects/${var.project_id}/locations/${local.queue_region}/queues/${local.name}-rechecks"
}

# Remembers the queue that is deployed. The provider has no protection of queues from deletion, and a lifecycle block
# takes no variables, so the queue's precondition compares the two names: another name, region or project would destroy
# the queue in one line of a long plan.
resource "terraform_data" "deployed_queue" {
  input            = local.queue_name
  triggers_replace = [var.deletion_protection]

  lifecycle {
    ignore_changes = [input]
  }
}

resource "google_cloud_tasks_queue" "rechecks" {
  project  = var.project_id
  location = local.queue_region
  name     = "${local.name}-rechecks"

  # Each dispatch becomes one GET to the service of an operation: this rate keeps a thousand simultaneous requests
  # below the quotas of most services.
  rate_limits {
    max_dispatches_per_second = coalesce(tonumber(try(var.queue_config.max_dispatches_per_second, null)), 100)
    max_concurrent_dispatches = coalesce(tonumber(try(var.queue_config.max_concurrent_dispatches, null)), 100)
  }

  retry_config {
    # Retries never end: a dropped task would be a request that never gets its result.
    max_attempts  = -1
    min_backoff   = "1s"
    max_backoff   = "60s"
    max_doublings = 6
  }

  lifecycle {
    precondition {
      condition     = !var.deletion_protection || terraform_data.deployed_queue.output == local.queue_name
      error_message = "This would delete the queue ${terraform_data.deployed_queue.output}, with every request that has no result yet. If that is intended, apply once with deletion_protection = false."
    }
  }

  depends_on = [time_sleep.apis]
}
