locals {
  bundle_dir = coalesce(var.bundle_dir, "${path.module}/../dist")

  # The settings of docs/settings.md, as src/settings/settings.ts spells them. PUBSUB_EMULATOR_HOST and GOOGLE_API_ENDPOINT are
  # for a developer's machine and are never set here. A setting that is left out has the function's own default.
  environment = merge(
    {
      ALLOWED_PROJECTS = join(",", flatten([
        for project in local.allowed_projects : [project, data.google_project.this[project].number]
      ]))
      ALLOWED_SERVICES      = join(",", var.allowed_services)
      CONFIRM_WITHIN        = var.confirm_within
      DEAD_LETTER_TOPIC     = google_pubsub_topic.dead_letters.id
      GOOGLE_CLOUD_PROJECT  = var.project_id
      PROJECT_NUMBERS       = "${var.project_id}=${local.project_number}"
      RECHECKS_TOPIC        = google_pubsub_topic.rechecks.id
      RECHECK_DELAY         = "cloud-tasks"
      RECHECK_QUEUE         = google_cloud_tasks_queue.rechecks.id
      REQUESTS_TOPIC        = google_pubsub_topic.requests.id
      RESULTS_TOPIC         = google_pubsub_topic.results.id
      TASKS_SERVICE_ACCOUNT = google_service_account.tasks.email
      TRIGGERS_TOPIC        = google_pubsub_topic.triggers.id
    },
    length(var.budget_rules) == 0 ? {} : { BUDGETS = jsonencode(local.budget_rules) },
    var.delegated_subject == null ? {} : { DELEGATED_SUBJECT = var.delegated_subject },
    length(var.protected_operations) == 0 ? {} : { PROTECTED_OPERATIONS = join(",", var.protected_operations) },
    length(var.sweeps) == 0 ? {} : { SWEEPS = jsonencode(local.sweeps) },
  )
}

# The bundle that `npm run build` makes.
data "archive_file" "bundle" {
  type        = "zip"
  source_dir  = local.bundle_dir
  output_path = "${path.root}/.terraform/${var.name}-bundle.zip"
  # The same bundle makes the same archive, regardless of the umask of the build.
  output_file_mode = "0644"
}

resource "google_storage_bucket" "bundles" {
  project                     = var.project_id
  name                        = "${var.project_id}-${var.name}-bundles"
  location                    = var.region
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  depends_on                  = [google_project_service.required]
}

# The name has the hash of the content: the function is deployed again only if the name changes.
resource "google_storage_bucket_object" "bundle" {
  bucket = google_storage_bucket.bundles.name
  name   = "${var.name}-${data.archive_file.bundle.output_sha256}.zip"
  source = data.archive_file.bundle.output_path
}

resource "google_cloudfunctions2_function" "this" {
  project     = var.project_id
  location    = var.region
  name        = var.name
  description = "Cancels long-running operations on request and publishes how each ended."
  labels      = var.labels

  build_config {
    runtime         = "nodejs24"
    entry_point     = "cancelOperation"
    service_account = var.build_service_account

    source {
      storage_source {
        bucket = google_storage_bucket.bundles.name
        object = google_storage_bucket_object.bundle.name
      }
    }
  }

  # There is no event_trigger: the push subscriptions of subscriptions.tf deliver, so that retries, back-off and dead
  # letters are configured there and not by Eventarc.
  service_config {
    available_cpu                    = var.function_config.cpu
    available_memory                 = var.function_config.memory
    max_instance_request_concurrency = var.function_config.concurrency
    min_instance_count               = var.function_config.min_instances
    max_instance_count               = var.function_config.max_instances
    timeout_seconds                  = var.function_config.timeout_seconds
    environment_variables            = local.environment
    service_account_email            = google_service_account.function.email

    # Pub/Sub's pushes from subscriptions of the same project count as internal.
    ingress_settings               = "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision = true
  }

  lifecycle {
    precondition {
      condition     = length(jsonencode(local.sweeps)) <= 32768
      error_message = "The sweeps are ${length(jsonencode(local.sweeps))} characters as JSON; Cloud Run accepts 32,768 in an environment variable."
    }
  }

  # A revision that starts before its grants exist would fail its first messages.
  depends_on = [
    google_cloud_tasks_queue_iam_member.function_enqueues,
    google_cloud_tasks_queue_iam_member.function_views_tasks,
    google_pubsub_topic_iam_member.function_publishes,
    google_service_account_iam_member.function_acts_as_tasks,
  ]
}
