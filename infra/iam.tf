# Who may do what, each with its reason. Every grant is on the one resource it is needed for; services.tf has those on
# the projects whose operations are cancelled. Nobody but the push identity may call the function.

locals {
  # Pub/Sub itself. Google makes this account when Pub/Sub is first used in the project.
  pubsub_agent = "serviceAccount:service-${local.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# Identities: what runs, what calls it, and what its tasks publish as. Apart, so that the tasks' token opens one topic
# and nothing else, and the pushes' the function alone.

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

# It publishes the requests that one for many operations or a sweep becomes, and the results. Re-checks it leaves to
# tasks, but publishes itself under RECHECK_DELAY=redelivery: changing to that while Cloud Tasks is down must not have to
# wait for a grant. Not the triggers: what it says must never start a sweep.
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

# To see whether a task is there: that is how it remembers that a budget's threshold has had its sweep, although Cloud
# Billing tells of it again and again.
resource "google_cloud_tasks_queue_iam_member" "function_views_tasks" {
  project  = var.project_id
  location = google_cloud_tasks_queue.rechecks.location
  name     = google_cloud_tasks_queue.rechecks.name
  role     = "roles/cloudtasks.viewer"
  member   = google_service_account.function.member
}

# To create tasks that act as the tasks' account: Cloud Tasks refuses a task with somebody else's identity.
resource "google_service_account_iam_member" "function_acts_as_tasks" {
  service_account_id = google_service_account.tasks.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.function.member
}

# To sign, as itself, that it stands for delegated_subject. On itself only, and only with that setting.
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

# The only one who may call the function: its pushes carry this identity's token.
resource "google_cloud_run_v2_service_iam_member" "push_invokes" {
  project  = var.project_id
  location = google_cloudfunctions2_function.this.location
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  member   = google_service_account.push.member

  lifecycle {
    # A function that is made anew comes without it.
    replace_triggered_by = [google_cloudfunctions2_function.this.id]
  }
}

# Pub/Sub makes that token. Projects from before April 2021 do not have this by themselves.
resource "google_service_account_iam_member" "pubsub_signs_pushes" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}

# Pub/Sub publishes what it gives up, and acknowledges it on the subscription it came from. Without either of the two
# it goes on delivering, silently, until the message's time is over.
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

# From and to others

# Whoever may publish here can have cancelled what the settings allow.
resource "google_pubsub_topic_iam_member" "requests_from" {
  for_each = toset(var.request_publishers)
  project  = var.project_id
  topic    = google_pubsub_topic.requests.name
  role     = "roles/pubsub.publisher"
  member   = each.key
}

# Whoever may publish here can start the sweeps of the settings, and nothing else.
resource "google_pubsub_topic_iam_member" "triggers_from" {
  for_each = toset(var.trigger_publishers)
  project  = var.project_id
  topic    = google_pubsub_topic.triggers.name
  role     = "roles/pubsub.publisher"
  member   = each.key
}

# Cloud Billing sends budget notifications as this account, the same for everybody. It grants this itself when a budget
# is connected, but not again for a topic that is made anew under the same name.
resource "google_pubsub_topic_iam_member" "triggers_from_billing" {
  count   = length(var.budgets) == 0 ? 0 : 1
  project = var.project_id
  topic   = google_pubsub_topic.triggers.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:billing-budget-alert@system.gserviceaccount.com"
}

# Who may pull results.
resource "google_pubsub_subscription_iam_member" "results_to" {
  for_each = merge([for key, subscription in local.result_subscriptions : {
    for member in subscription.subscribers : "${key} ${member}" => { key = key, member = member }
  }]...)
  project      = var.project_id
  subscription = google_pubsub_subscription.results[each.value.key].name
  role         = "roles/pubsub.subscriber"
  member       = each.value.member
}
