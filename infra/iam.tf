# Grants, each with its reason. Every grant is on the one resource that needs it, except those of the build; services.tf
# has those on the projects whose operations are cancelled. Only the push identity may call the function.

# The function

# The function publishes results, and the requests of sweeps and of requests for many operations. Tasks publish the
# re-checks, except under RECHECK_DELAY=redelivery, when the function does: switching to that while Cloud Tasks is down
# must not wait for a grant. It may not publish triggers: its own messages must never start a sweep.
resource "google_pubsub_topic_iam_member" "function_publishes" {
  for_each = toset(["rechecks", "requests", "results"])
  project  = local.topic_projects[each.key]
  topic    = local.topic_ids[each.key]
  role     = "roles/pubsub.publisher"
  member   = local.members.function
}

# To create the task of each re-check.
resource "google_cloud_tasks_queue_iam_member" "function_enqueues" {
  project  = var.project_id
  location = google_cloud_tasks_queue.rechecks.location
  name     = google_cloud_tasks_queue.rechecks.name
  role     = "roles/cloudtasks.enqueuer"
  member   = local.members.function
}

# To look at tasks. A task records that the threshold of a budget has had its sweep, because Cloud Billing repeats its
# notifications; tasks hold the list of a dry run that can be approved. What a task holds shows only to members who also
# have cloudtasks.tasks.fullView, which is a part of roles/cloudtasks.enqueuer.
# Source: https://cloud.google.com/iam/docs/roles-permissions/cloudtasks
resource "google_cloud_tasks_queue_iam_member" "function_views_tasks" {
  count    = length(var.budget_rules) > 0 || anytrue([for sweep in local.sweeps : try(sweep.approvable, false)]) ? 1 : 0
  project  = var.project_id
  location = google_cloud_tasks_queue.rechecks.location
  name     = google_cloud_tasks_queue.rechecks.name
  role     = "roles/cloudtasks.viewer"
  member   = local.members.function
}

# To create tasks that act as the tasks' account: Cloud Tasks refuses another identity without this grant.
resource "google_service_account_iam_member" "function_acts_as_tasks" {
  service_account_id = local.account_ids.tasks
  role               = "roles/iam.serviceAccountUser"
  member             = local.members.function
}

# To read the keys of its own messages, and no other secret.
resource "google_secret_manager_secret_iam_member" "function_reads_message_keys" {
  count     = var.message_keys == null ? 0 : 1
  project   = local.message_keys.project_id
  secret_id = local.message_keys.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.members.function
}

# To sign, as itself, tokens for delegated_subject. A role of its own, because the predefined one with this permission
# can also make access tokens.
resource "google_project_iam_custom_role" "sign_jwt" {
  count       = var.delegated_subject == null ? 0 : 1
  project     = var.project_id
  role_id     = "${replace(local.name, "-", "_")}_sign_jwt"
  title       = "${local.name}: sign as itself"
  description = "Permission that ${local.name} needs on its own account for domain-wide delegation."
  permissions = ["iam.serviceAccounts.signJwt"]
  depends_on  = [time_sleep.apis]
}

# On itself only, and only with that setting.
resource "google_service_account_iam_member" "function_signs_for_itself" {
  count              = var.delegated_subject == null ? 0 : 1
  service_account_id = local.account_ids.function
  role               = google_project_iam_custom_role.sign_jwt[0].name
  member             = local.members.function
}

# The build. These three roles are what the builder of Cloud Run functions needs, less than roles/cloudbuild.builds.builder.
# Source: https://cloud.google.com/functions/docs/securing/build-custom-sa

# To write its log: a build with its own account must say where its log goes, and Cloud Run functions say Cloud Logging.
resource "google_project_iam_member" "build_writes_logs" {
  count   = contains(local.made_accounts, "build") ? 1 : 0
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = local.members.build
}

# To read the source, which Cloud Run functions copies into a bucket that it makes itself at the first deployment, so
# that no grant on the bucket alone is possible before it.
resource "google_project_iam_member" "build_reads_sources" {
  count   = contains(local.made_accounts, "build") ? 1 : 0
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = local.members.build
}

# To write the image and the cache of the build. The repository gcf-artifacts is made at the first deployment, too.
resource "google_project_iam_member" "build_writes_images" {
  count   = contains(local.made_accounts, "build") && var.docker_repository == null ? 1 : 0
  project = var.project_id
  role    = "roles/artifactregistry.writer"
  member  = local.members.build
}

# The same, for a repository of yours.
resource "google_artifact_registry_repository_iam_member" "build_writes_images" {
  count      = contains(local.made_accounts, "build") && var.docker_repository != null ? 1 : 0
  project    = split("/", var.docker_repository)[1]
  location   = split("/", var.docker_repository)[3]
  repository = split("/", var.docker_repository)[5]
  role       = "roles/artifactregistry.writer"
  member     = local.members.build
}

# Cloud Tasks

# A task publishes its re-check, to this topic and no other.
resource "google_pubsub_topic_iam_member" "tasks_publish_rechecks" {
  project = local.topic_projects.rechecks
  topic   = local.topic_ids.rechecks
  role    = "roles/pubsub.publisher"
  member  = local.members.tasks
}

# Pub/Sub

# The only member that may call the function: pushes carry the token of this identity.
resource "google_cloud_run_v2_service_iam_member" "push_invokes" {
  project  = var.project_id
  location = google_cloudfunctions2_function.this.location
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  member   = local.members.push

  lifecycle {
    # A function that is created again has no grants.
    replace_triggered_by = [google_cloudfunctions2_function.this.id]
  }
}

# To create that token. In projects from before April 2021, Google does not grant this.
resource "google_service_account_iam_member" "pubsub_signs_pushes" {
  service_account_id = local.account_ids.push
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent
}

# Pub/Sub publishes a message that it gives up, and acknowledges it on its subscription. Without either grant it
# silently continues to deliver, until the message expires.
resource "google_pubsub_topic_iam_member" "pubsub_publishes_dead_letters" {
  project = local.topic_projects.dead_letters
  topic   = local.topic_ids.dead_letters
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "pubsub_takes_dead_letters" {
  for_each     = { for key, delivery in local.deliveries : key => delivery if delivery.max_delivery_attempts != null }
  project      = var.project_id
  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# Other publishers and subscribers. In a list a member is its own key, so it has to be known when the plan is made; in a
# map it has the key of the map, and may be known only after apply.

# A publisher of requests can cancel any operation that the settings allow.
resource "google_pubsub_topic_iam_member" "requests_from" {
  for_each = { for key, member in var.request_publishers : can(tonumber(key)) ? member : key => member }
  project  = local.topic_projects.requests
  topic    = local.topic_ids.requests
  role     = "roles/pubsub.publisher"
  member   = each.value
}

# A publisher of triggers can start the sweeps of the settings, and approve the dry runs of those that are approvable.
resource "google_pubsub_topic_iam_member" "triggers_from" {
  for_each = { for key, member in var.trigger_publishers : can(tonumber(key)) ? member : key => member }
  project  = local.topic_projects.triggers
  topic    = local.topic_ids.triggers
  role     = "roles/pubsub.publisher"
  member   = each.value
}

# Cloud Billing sends all budget notifications as this account, for every customer. It grants this itself when a budget
# is connected, but not again for a topic that is created again under the same name.
resource "google_pubsub_topic_iam_member" "triggers_from_billing" {
  count   = length(var.budgets) > 0 || (length(var.budget_rules) > 0 && var.budget_topic == null) ? 1 : 0
  project = local.topic_projects.triggers
  topic   = local.topic_ids.triggers
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:billing-budget-alert@system.gserviceaccount.com"
}

# Members that may pull results.
resource "google_pubsub_subscription_iam_member" "results_to" {
  for_each = merge([for key, subscription in local.result_subscriptions : {
    for name, member in subscription.subscribers :
    "${key} ${can(tonumber(name)) ? member : name}" => { key = key, member = member }
  }]...)
  project      = var.project_id
  subscription = google_pubsub_subscription.results[each.value.key].name
  role         = "roles/pubsub.subscriber"
  member       = each.value.member
}
