# Grants, each with its reason. Every grant is on the one resource that needs it; services.tf has those on the projects
# whose operations are cancelled. Only the push identity may call the function.

locals {
  # The service agent of Pub/Sub. Google creates it when Pub/Sub is first used in the project.
  pubsub_agent = "serviceAccount:service-${local.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# Identities of the function, of its caller, and of its tasks. They are separate, so that the token of the tasks gives
# access to one topic only, and that of the pushes to the function only.

resource "google_service_account" "function" {
  project      = var.project_id
  account_id   = var.name
  display_name = "${var.name}: the function"
  depends_on   = [google_project_service.required]
}

resource "google_service_account" "push" {
  project      = var.project_id
  account_id   = "${var.name}-push"
  display_name = "${var.name}: Pub/Sub's pushes to the function"
  depends_on   = [google_project_service.required]
}

resource "google_service_account" "tasks" {
  project      = var.project_id
  account_id   = "${var.name}-tasks"
  display_name = "${var.name}: re-checks published by Cloud Tasks"
  depends_on   = [google_project_service.required]
}

# The function

# The function publishes results, and the requests of sweeps and of requests for many operations. Tasks publish the
# re-checks, except under RECHECK_DELAY=redelivery, when the function does: switching to that while Cloud Tasks is down
# must not wait for a grant. It may not publish triggers: its own messages must never start a sweep.
resource "google_pubsub_topic_iam_member" "function_publishes" {
  for_each = {
    requests = google_pubsub_topic.requests.name
    rechecks = google_pubsub_topic.rechecks.name
    results  = google_pubsub_topic.results.name
  }
  project = var.project_id
  topic   = each.value
  role    = "roles/pubsub.publisher"
  member  = google_service_account.function.member
}

# To create the task of each re-check.
resource "google_cloud_tasks_queue_iam_member" "function_enqueues" {
  project  = var.project_id
  location = google_cloud_tasks_queue.rechecks.location
  name     = google_cloud_tasks_queue.rechecks.name
  role     = "roles/cloudtasks.enqueuer"
  member   = google_service_account.function.member
}

# To check whether a task exists: a task records that the threshold of a budget has had its sweep, because Cloud Billing
# repeats its notifications.
resource "google_cloud_tasks_queue_iam_member" "function_views_tasks" {
  project  = var.project_id
  location = google_cloud_tasks_queue.rechecks.location
  name     = google_cloud_tasks_queue.rechecks.name
  role     = "roles/cloudtasks.viewer"
  member   = google_service_account.function.member
}

# To create tasks that act as the tasks' account: Cloud Tasks refuses another identity without this grant.
resource "google_service_account_iam_member" "function_acts_as_tasks" {
  service_account_id = google_service_account.tasks.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.function.member
}

# To sign, as itself, tokens for delegated_subject. On itself only, and only with that setting.
resource "google_service_account_iam_member" "function_signs_for_itself" {
  count              = var.delegated_subject == null ? 0 : 1
  service_account_id = google_service_account.function.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.function.member
}

# Cloud Tasks

# A task publishes its re-check, to this topic and no other.
resource "google_pubsub_topic_iam_member" "tasks_publish_rechecks" {
  project = var.project_id
  topic   = google_pubsub_topic.rechecks.name
  role    = "roles/pubsub.publisher"
  member  = google_service_account.tasks.member
}

# Pub/Sub

# The only member that may call the function: pushes carry the token of this identity.
resource "google_cloud_run_v2_service_iam_member" "push_invokes" {
  project  = var.project_id
  location = google_cloudfunctions2_function.this.location
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  member   = google_service_account.push.member

  lifecycle {
    # A function that is created again has no grants.
    replace_triggered_by = [google_cloudfunctions2_function.this.id]
  }
}

# To create that token. In projects from before April 2021, Google does not grant this.
resource "google_service_account_iam_member" "pubsub_signs_pushes" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}

# Pub/Sub publishes a message that it gives up, and acknowledges it on its subscription. Without either grant it
# silently continues to deliver, until the message expires.
resource "google_pubsub_topic_iam_member" "pubsub_publishes_dead_letters" {
  project = var.project_id
  topic   = google_pubsub_topic.dead_letters.name
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

# Other publishers and subscribers

# A publisher of requests can cancel any operation that the settings allow.
resource "google_pubsub_topic_iam_member" "requests_from" {
  for_each = toset(var.request_publishers)
  project  = var.project_id
  topic    = google_pubsub_topic.requests.name
  role     = "roles/pubsub.publisher"
  member   = each.key
}

# A publisher of triggers can start the sweeps of the settings, and nothing else.
resource "google_pubsub_topic_iam_member" "triggers_from" {
  for_each = toset(var.trigger_publishers)
  project  = var.project_id
  topic    = google_pubsub_topic.triggers.name
  role     = "roles/pubsub.publisher"
  member   = each.key
}

# Cloud Billing sends all budget notifications as this account, for every customer. It grants this itself when a budget
# is connected, but not again for a topic that is created again under the same name.
resource "google_pubsub_topic_iam_member" "triggers_from_billing" {
  count   = length(var.budgets) == 0 ? 0 : 1
  project = var.project_id
  topic   = google_pubsub_topic.triggers.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:billing-budget-alert@system.gserviceaccount.com"
}

# Members that may pull results.
resource "google_pubsub_subscription_iam_member" "results_to" {
  for_each = merge([for key, subscription in local.result_subscriptions : {
    for member in subscription.subscribers : "${key} ${member}" => { key = key, member = member }
  }]...)
  project      = var.project_id
  subscription = google_pubsub_subscription.results[each.value.key].name
  role         = "roles/pubsub.subscriber"
  member       = each.value.member
}
