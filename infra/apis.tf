locals {
  required_apis = concat(
    [
      "artifactregistry.googleapis.com",
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "cloudtasks.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "pubsub.googleapis.com",
      "run.googleapis.com",
      "storage.googleapis.com",
    ],
    length(var.budgets) == 0 ? [] : ["billingbudgets.googleapis.com"],
    length(var.scheduler_jobs) == 0 ? [] : ["cloudscheduler.googleapis.com"],
    # The function signs as itself, to act for the administrator.
    var.delegated_subject == null ? [] : ["iamcredentials.googleapis.com"],
    # Most services count a call to the project of the caller, and refuse it if their API is disabled there.
    [for service in keys(var.services) : "${service}.googleapis.com"],
  )
}

resource "google_project_service" "required" {
  for_each = toset(var.enable_apis ? local.required_apis : [])
  project  = var.project_id
  service  = each.key

  # Others in the project may have started to use them.
  disable_on_destroy = false
}
