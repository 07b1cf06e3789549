# APIs of the function's project, and the service agents that act for Google in it.

locals {
  required_apis = distinct(concat(
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
    # The function's instances read the keys of its own messages.
    var.message_keys == null ? [] : ["secretmanager.googleapis.com"],
    # The function signs as itself, to act for the administrator.
    var.delegated_subject == null ? [] : ["iamcredentials.googleapis.com"],
    # Most services count a call to the project of the caller, and refuse it if their API is disabled there.
    [for service in keys(var.services) : "${service}.googleapis.com"],
    # A sweep over executions lists the workflows first.
    length(lookup(local.service_job_kinds, "workflowexecutions", [])) == 0 ? [] : ["workflows.googleapis.com"],
  ))

  # Services whose agents have to exist before the first use: enabling an API does not always make its agent in time.
  agents = concat(
    ["artifactregistry", "cloudbuild", "cloudfunctions", "cloudtasks", "pubsub"],
    length(var.scheduler_jobs) == 0 ? [] : ["cloudscheduler"],
  )

  # The service agent of Pub/Sub, a member of grants. IAM refuses a member that does not exist.
  pubsub_agent = (
    var.enable_apis ?
    google_project_service_identity.agent["pubsub"].member :
    "serviceAccount:service-${local.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  )
}

resource "google_project_service" "required" {
  for_each = toset(var.enable_apis ? local.required_apis : [])
  project  = var.project_id
  service  = each.key

  # Others in the project may have started to use them.
  disable_on_destroy = false
}

resource "google_project_service_identity" "agent" {
  for_each = toset(var.enable_apis ? local.agents : [])
  provider = google-beta
  project  = var.project_id
  service  = "${each.key}.googleapis.com"

  depends_on = [google_project_service.required]
}

# An API is not usable at once: without this wait, the first apply in a new project fails. All other resources depend
# on it.
resource "time_sleep" "apis" {
  count           = var.enable_apis ? 1 : 0
  create_duration = "60s"
  triggers        = { apis = join(",", sort(local.required_apis)) }

  depends_on = [google_project_service.required, google_project_service_identity.agent]
}
