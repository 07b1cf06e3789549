# One topic for each kind of message. The function distinguishes the kinds by their topics.

locals {
  # Names of the topics, known when a plan is made: the function's environment must not have values that are known only
  # after apply (https://github.com/hashicorp/terraform-provider-google/issues/26979).
  topic_names = { for key in ["requests", "rechecks", "triggers", "dead_letters", "results"] : key => (
    contains(keys(var.topics), key) ? var.topics[key] : "projects/${var.project_id}/topics/${local.name}-${replace(key, "_", "-")}"
  ) }

  # The same names, for resources that have to wait for the topics.
  topics = {
    dead_letters = google_pubsub_topic.dead_letters.id
    rechecks     = google_pubsub_topic.rechecks.id
    requests     = contains(keys(var.topics), "requests") ? var.topics.requests : one(google_pubsub_topic.requests[*].id)
    results      = contains(keys(var.topics), "results") ? var.topics.results : one(google_pubsub_topic.results[*].id)
    triggers     = google_pubsub_topic.triggers.id
  }

  # Projects and short names of the topics, for grants.
  topic_projects = { for key, topic in local.topics : key => split("/", topic)[1] }
  topic_ids      = { for key, topic in local.topics : key => split("/", topic)[3] }
}

# Requests to cancel operations. The function publishes here, too: a request for many operations becomes many requests.
resource "google_pubsub_topic" "requests" {
  count        = contains(keys(var.topics), "requests") ? 0 : 1
  project      = var.project_id
  name         = "${local.name}-requests"
  labels       = var.labels
  kms_key_name = var.kms_key

  dynamic "message_storage_policy" {
    for_each = local.storage_policies
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}

# Re-checks of cancellations in progress, published by a task of Cloud Tasks when they are due.
resource "google_pubsub_topic" "rechecks" {
  project      = var.project_id
  name         = "${local.name}-rechecks"
  labels       = var.labels
  kms_key_name = var.kms_key

  dynamic "message_storage_policy" {
    for_each = local.storage_policies
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}

# Triggers of sweeps: messages of Cloud Scheduler and budget notifications of Cloud Billing.
resource "google_pubsub_topic" "triggers" {
  project      = var.project_id
  name         = "${local.name}-triggers"
  labels       = var.labels
  kms_key_name = var.kms_key

  dynamic "message_storage_policy" {
    for_each = local.storage_policies
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}

# Messages that Pub/Sub gave up. The function answers them, too, with the outcome ERROR.
resource "google_pubsub_topic" "dead_letters" {
  project      = var.project_id
  name         = "${local.name}-dead-letters"
  labels       = var.labels
  kms_key_name = var.kms_key

  dynamic "message_storage_policy" {
    for_each = local.storage_policies
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}

# Results of requests and reports of sweeps.
resource "google_pubsub_topic" "results" {
  count        = contains(keys(var.topics), "results") ? 0 : 1
  project      = var.project_id
  name         = "${local.name}-results"
  labels       = var.labels
  kms_key_name = var.kms_key

  dynamic "message_storage_policy" {
    for_each = local.storage_policies
    content {
      allowed_persistence_regions = message_storage_policy.value
    }
  }

  depends_on = [time_sleep.apis]
}

locals {
  # A list of one policy, or none: without it, the organization's policy decides where Pub/Sub stores messages.
  storage_policies = length(var.message_regions) == 0 ? [] : [var.message_regions]
}
