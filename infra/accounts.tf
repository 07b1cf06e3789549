# Service accounts of the function, of its caller, of its tasks and of its build. They are separate, so that the token of
# the tasks gives access to one topic only, that of the pushes to the function only, and that of the build to no
# operation. Those named in var.service_accounts are not made.

locals {
  made_accounts = [for key in local.service_account_fields : key if !contains(keys(var.service_accounts), key)]

  # Email addresses, known when a plan is made: the function's environment has that of the tasks.
  account_names = { for key in local.service_account_fields : key => (
    contains(keys(var.service_accounts), key) ? var.service_accounts[key] :
    "${local.name}${key == "function" ? "" : "-${key}"}@${var.project_id}.iam.gserviceaccount.com"
  ) }

  # The same, for resources that have to wait for the accounts.
  accounts = {
    build    = contains(local.made_accounts, "build") ? one(google_service_account.build[*].email) : local.account_names.build
    function = contains(local.made_accounts, "function") ? one(google_service_account.function[*].email) : local.account_names.function
    push     = contains(local.made_accounts, "push") ? one(google_service_account.push[*].email) : local.account_names.push
    tasks    = contains(local.made_accounts, "tasks") ? one(google_service_account.tasks[*].email) : local.account_names.tasks
  }
  members = { for key, email in local.accounts : key => "serviceAccount:${email}" }

  # Full names, with the project that the address names.
  account_ids = { for key, email in local.accounts : key =>
    "projects/${split(".", split("@", email)[1])[0]}/serviceAccounts/${email}"
  }
}

resource "google_service_account" "function" {
  count        = contains(local.made_accounts, "function") ? 1 : 0
  project      = var.project_id
  account_id   = local.name
  display_name = "${local.name}: the function"
  depends_on   = [time_sleep.apis]
}

resource "google_service_account" "push" {
  count        = contains(local.made_accounts, "push") ? 1 : 0
  project      = var.project_id
  account_id   = "${local.name}-push"
  display_name = "${local.name}: Pub/Sub's pushes to the function"
  depends_on   = [time_sleep.apis]
}

resource "google_service_account" "tasks" {
  count        = contains(local.made_accounts, "tasks") ? 1 : 0
  project      = var.project_id
  account_id   = "${local.name}-tasks"
  display_name = "${local.name}: re-checks published by Cloud Tasks"
  depends_on   = [time_sleep.apis]
}

resource "google_service_account" "build" {
  count        = contains(local.made_accounts, "build") ? 1 : 0
  project      = var.project_id
  account_id   = "${local.name}-build"
  display_name = "${local.name}: Cloud Build of the function"
  depends_on   = [time_sleep.apis]
}

# A new account and its roles are not known everywhere at once: a build that starts before its roles hold fails, and so
# does a function whose account is not found.
resource "time_sleep" "grants" {
  create_duration = "30s"
  triggers        = { accounts = join(",", sort(local.made_accounts)) }

  depends_on = [
    google_artifact_registry_repository_iam_member.build_writes_images,
    google_cloud_tasks_queue_iam_member.function_enqueues,
    google_cloud_tasks_queue_iam_member.function_views_tasks,
    google_project_iam_member.build_reads_sources,
    google_project_iam_member.build_writes_images,
    google_project_iam_member.build_writes_logs,
    google_pubsub_topic_iam_member.function_publishes,
    google_secret_manager_secret_iam_member.function_reads_message_keys,
    google_service_account_iam_member.function_acts_as_tasks,
  ]
}
