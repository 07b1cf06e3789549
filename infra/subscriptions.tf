locals {
  # What is pushed to the function. `route` is the topic that the function takes a message to come from.
  deliveries = merge(
    {
      requests = {
        topic                 = google_pubsub_topic.requests.id
        route                 = google_pubsub_topic.requests.id
        max_delivery_attempts = var.max_delivery_attempts.requests
      }
      rechecks = {
        topic                 = google_pubsub_topic.rechecks.id
        route                 = google_pubsub_topic.rechecks.id
        max_delivery_attempts = var.max_delivery_attempts.rechecks
      }
      triggers = {
        topic                 = google_pubsub_topic.triggers.id
        route                 = google_pubsub_topic.triggers.id
        max_delivery_attempts = var.max_delivery_attempts.triggers
      }
      # Has no dead letters of its own: they would come back here for ever. What cannot be answered stays until
      # message_retention_duration is over.
      dead-letters = {
        topic                 = google_pubsub_topic.dead_letters.id
        route                 = google_pubsub_topic.dead_letters.id
        max_delivery_attempts = null
      }
    },
    # Somebody else's topic, of messages that are triggers here.
    { for topic in var.budget_topic[*] : "budget" => {
      topic                 = topic
      route                 = google_pubsub_topic.triggers.id
      max_delivery_attempts = var.max_delivery_attempts.triggers
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
    subscribers = flatten([for subscribers in [try(subscription.subscribers, null)] : [
      for member in subscribers : tostring(member)
    ] if subscribers != null])
  } }

  # Without a policy, what the function refuses would come back at once. 10 s is what Pub/Sub begins with by
  # default, 600 s the most it takes.
  minimum_backoff = "10s"
  maximum_backoff = "600s"
}

resource "google_pubsub_subscription" "push" {
  for_each = local.deliveries
  project  = var.project_id
  name     = "${var.name}-${each.key}-push"
  topic    = each.value.topic
  labels   = var.labels

  # A delivery takes the function up to 56 s (docs/decisions/0002). After the deadline Pub/Sub would deliver what
  # is still being worked on a second time.
  ack_deadline_seconds       = 60
  message_retention_duration = var.message_retention_duration

  push_config {
    # The path tells the function what a message is for.
    push_endpoint = "${google_cloudfunctions2_function.this.service_config[0].uri}/${each.value.route}"

    oidc_token {
      service_account_email = google_service_account.push.email
      # Cloud Run takes tokens for the service's own address. Left out, it would be the whole endpoint.
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
      dead_letter_topic     = google_pubsub_topic.dead_letters.id
      max_delivery_attempts = dead_letter_policy.value
    }
  }

  # Never: a month without requests must not remove what delivers the next one.
  expiration_policy {
    ttl = ""
  }

  # A push that is refused counts as an attempt to deliver.
  depends_on = [
    google_cloud_run_v2_service_iam_member.push_invokes,
    google_service_account_iam_member.pubsub_signs_pushes,
  ]
}

# Who reads the results. Without any subscription they would be lost.
resource "google_pubsub_subscription" "results" {
  for_each = local.result_subscriptions
  project  = var.project_id
  name     = "${var.name}-results-${each.key}"
  topic    = google_pubsub_topic.results.id
  labels   = var.labels

  # Fixed for the subscription's life: another filter is another subscription, and what waits in the old one is lost.
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
