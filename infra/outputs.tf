locals {
  # Services whose operations are not named `projects/{project}/locations/{location}/operations/{operation}`, or that
  # have no default version: the command has no example for them.
  services_of_other_names = [
    "accesscontextmanager", "admanager", "androidmanagement", "baremetalsolution", "bigtableadmin", "checks",
    "chromemanagement", "chronicle", "cloudbuild", "cloudchannel", "cloudshell", "datalabeling", "datastore",
    "deepreview", "dialogflow", "discoveryengine", "firebaseappdistribution", "firebasehosting", "firebaseml",
    "firestore", "generativelanguage", "genomics", "gkehub", "googleads", "healthcare", "iam", "managedidentities",
    "networkmanagement", "osconfig", "remotebuildexecution", "runtimeconfig", "securitycenter", "securityposture",
    "serviceconsumermanagement", "servicenetworking", "serviceusage", "spanner", "sqladmin", "storage",
    "storagetransfer", "texttospeech", "tpu", "vault", "vision", "webrisk",
  ]
  services_of_operations = setsubtract(keys(local.services), local.services_of_jobs)
  # A request names an operation, or a job where nothing else can be cancelled.
  example_field   = length(local.services_of_operations) > 0 || length(local.allowed_jobs) == 0 ? "operation" : "job"
  example_project = concat([for key, project in local.target_projects : project], ["PROJECT"])[0]
  example_operation = one([
    for service in slice(concat(tolist(setsubtract(local.services_of_operations, local.services_of_other_names)), [""]), 0, 1) :
    service == "" ? upper(local.example_field) : "//${service}.googleapis.com/projects/${local.example_project}/locations/${var.region}/operations/OPERATION"
  ])
}

output "delegation_client_id" {
  description = "The client id to authorize in the domain's Admin console, for services that act for a person. Null where the function's account is yours."
  value       = one(google_service_account.function[*].unique_id)
}

output "function_uri" {
  description = "URL that Pub/Sub pushes to. Only the push identity may call it."
  value       = google_cloudfunctions2_function.this.service_config[0].uri
}

output "kms_members" {
  description = "Service agents that need `roles/cloudkms.cryptoKeyEncrypterDecrypter` on `kms_key`."
  value = [for agent in [
    "gcf-admin-robot", "gcp-sa-artifactregistry", "gcp-sa-pubsub", "gs-project-accounts", "serverless-robot-prod",
  ] : "serviceAccount:service-${local.project_number}@${agent}.iam.gserviceaccount.com"]
}

output "permissions" {
  description = "Permissions that the function needs where operations are cancelled, for a custom role of an organization."
  value       = local.permissions
}

output "publish_command" {
  description = "A command that publishes a request: a dry run, with `OPERATION` (or `JOB`, where `services` has jobs alone) to be filled in, of a service of `services` in the first of `allowed_projects`."
  value       = "gcloud pubsub topics publish ${local.topics.requests} --message='${jsonencode({ (local.example_field) = local.example_operation, requestId = "first", dryRun = true })}'"
}

output "queue" {
  description = "Full name of the queue in which re-checks wait."
  value       = google_cloud_tasks_queue.rechecks.id
}

output "result_subscriptions" {
  description = "Full names of the subscriptions to results, by key of `result_subscriptions`."
  value       = { for key, subscription in google_pubsub_subscription.results : key => subscription.id }
}

output "service_accounts" {
  description = "Email addresses of the service accounts: `function`, `push`, `tasks` and `build`."
  value       = local.accounts
}

output "settings" {
  description = "The function's environment variables as the module sets them, with `SWEEPS` and `BUDGETS` as JSON: for `npm run explain`, for a local run, or to compare."
  value       = local.environment
}

output "topics" {
  description = "Full names of the topics: `requests`, `rechecks`, `triggers`, `dead_letters` and `results`."
  value       = local.topics
}
