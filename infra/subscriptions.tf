locals {
  max_delivery_attempts = {
    rechecks = coalesce(tonumber(try(var.max_delivery_attempts.rechecks, null)), 100)
    requests = coalesce(tonumber(try(var.max_delivery_attempts.requests, null)), 20)
    triggers = coalesce(tonumber(try(var.max_delivery_attempts.triggers, null)), 20)
  }

  # Subscriptions that push to the function. `route` is the topic that the endpoint names, by which the function tells
  # the kind of a message.
  deliveries = merge(
    {
      requests = {
        topic                 = local.topics.requests
        route                 = local.topics.requests
        max_delivery_attempts = local.max_delivery_attempts.requests
      }
      rechecks = {
        topic                 = local.topics.rechecks
        route                 = local.topics.rechecks
        max_delivery_attempts = local.max_delivery_attempts.rechecks
      }
      triggers = {
        topic                 = local.topics.triggers
        route                 = local.topics.triggers
        max_delivery_attempts = local.max_delivery_attempts.triggers
      }
      # Has no dead letter topic of its own: its messages would return here endlessly. A message that cannot be answered
      # stays for message_retention_duration.
      dead-letters = {
        topic                 = local.topics.dead_letters
        route                 = local.topics.dead_letters
        max_delivery_attempts = null
      }
    },
    # A topic outside of this module, whose messages are triggers here.
    { for topic in var.budget_topic[*] : "budget" => {
      topic                 = topic
      route                 = local.topics.triggers
      max_delivery_attempts = local.max_delivery_attempts.triggers
    } },
  )

  result_subscriptions = { for key, subscription in var.result_subscriptions : key => {
    ack_deadline_seconds = coalesce(tonumber(try(subscription.ack_deadline_seconds, null)), 60)
    filter               = tostring(try(subscription.filter, null))
    push = one([for push in [try(subscription.push, null)] : {
      audience              = tostring(try(push.audience, null))
      endpoint              = tostring(push.endpoint)
      service_account_email = tostring(try(push.service_account_email, null))
    } if push != null])
    subscribers = contains(keys(subscription), "subscribers") ? subscription.subscribers : []
  } }

  # Without a policy, Pub/Sub would redeliver a refused message at once. 10 s is the default minimum of Pub/Sub, 600 s
  # the largest maximum.
  minimum_backoff = "10s"
  maximum_backoff = "600s"
}

resource "google_pubsub_subscription" "push" {
  for_each = local.deliveries
  project  = var.project_id
  name     = "${local.name}-${each.key}-push"
  topic    = each.value.topic
  labels   = var.labels

  # A delivery takes the function up to 56 s (docs/decisions/0002). After the deadline Pub/Sub would deliver a message
  # a second time while it is still being processed.
  ack_deadline_seconds       = 60
  message_retention_duration = var.message_retention_duration

  push_config {
    # The path tells the function the kind of a message.
    push_endpoint = "${google_cloudfunctions2_function.this.service_config[0].uri}/${each.value.route}"

    oidc_token {
      service_account_email = local.accounts.push
      # Cloud Run accepts tokens for the service's own address. The default would be the whole endpoint.
      audience = google_cloudfunctions2_function.this.service_config[0].uri
    }
  }

  retry_policy {
    minimum_backoff = local.minimum_backoff
    maximum_backoff = local.maximum_backoff
  }

  dynamic "dead_letter_policy" {
    for_each = each.value.max_delivery_attempts == null ? [] : [each.value.max_delivery_attempts]
    content {
      dead_letter_topic     = local.topics.dead_letters
      max_delivery_attempts = dead_letter_policy.value
    }
  }

  # Never expires: a month without requests must not remove the subscription that delivers the next one.
  expiration_policy {
    ttl = ""
  }

  # A refused push counts as a delivery attempt.
  depends_on = [
    google_cloud_run_v2_service_iam_member.push_invokes,
    google_service_account_iam_member.pubsub_signs_pushes,
  ]
}

# Subscriptions to the results. Without any, results would be lost.
resource "google_pubsub_subscription" "results" {
  for_each = local.result_subscriptions
  project  = var.project_id
  name     = "${local.name}-results-${each.key}"
  topic    = local.topics.results
  labels   = var.labels

  # A filter cannot be changed: another filter makes another subscription, and the messages of the old one are lost.
  filter                     = each.value.filter
  ack_deadline_seconds       = each.value.ack_deadline_seconds
  message_retention_duration = var.message_retention_duration

  dynamic "push_config" {
    for_each = each.value.push == null ? [] : [each.value.push]
    content {
      push_endpoint = push_config.value.endpoint

      dynamic "oidc_token" {
        for_each = push_config.value.service_account_email == null ? [] : [push_config.value]
        content {
          service_account_email = oidc_token.value.service_account_email
          audience              = oidc_token.value.audience
        }
      }
    }
  }

  retry_policy {
    minimum_backoff = local.minimum_backoff
    maximum_backoff = local.maximum_backoff
  }

  expiration_policy {
    ttl = ""
  }
}
