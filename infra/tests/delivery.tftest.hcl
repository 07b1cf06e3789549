# How messages reach the function: paths, tokens, retries, dead letters.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "push" {
  assert {
    condition = { for key, subscription in google_pubsub_subscription.push : key => subscription.topic } == {
      for key in ["dead-letters", "rechecks", "requests", "triggers"] : key => "projects/my-project/topics/lro-cancel-${key}"
    }
    error_message = "Each topic of the function has its push subscription, and the results topic has none."
  }
  assert {
    condition = alltrue([for key, subscription in google_pubsub_subscription.push :
      endswith(subscription.push_config[0].push_endpoint, "/projects/my-project/topics/lro-cancel-${key}") &&
      startswith(subscription.push_config[0].push_endpoint, "${google_cloudfunctions2_function.this.service_config[0].uri}/")
    ])
    error_message = "An endpoint is the function's address followed by the topic's full name, which shows the kind of a message."
  }
  assert {
    condition = alltrue([for subscription in google_pubsub_subscription.push :
      one(subscription.push_config[0].oidc_token).audience == google_cloudfunctions2_function.this.service_config[0].uri
    ])
    error_message = "The audience of the pushes' tokens is the function's address, without a path."
  }
  assert {
    condition = alltrue([for subscription in google_pubsub_subscription.push :
      one(subscription.push_config[0].oidc_token).service_account_email == "lro-cancel-push@my-project.iam.gserviceaccount.com"
    ])
    error_message = "Pushes carry the token of the push identity."
  }
  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.push : subscription.ack_deadline_seconds == 60])
    error_message = "A delivery takes up to 56 s, so the ack deadline is 60 s."
  }
  assert {
    condition = alltrue([for subscription in concat(values(google_pubsub_subscription.push), values(google_pubsub_subscription.results)) :
      one(subscription.expiration_policy).ttl == ""
    ])
    error_message = "No subscription expires."
  }
  assert {
    condition = alltrue([for subscription in google_pubsub_subscription.push :
      one(subscription.retry_policy).minimum_backoff == "10s" && one(subscription.retry_policy).maximum_backoff == "600s"
    ])
    error_message = "A refused message is redelivered after 10 s to 600 s."
  }
  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.push : subscription.message_retention_duration == "604800s"])
    error_message = "Messages are kept for a week."
  }
}

run "dead_letters" {
  assert {
    condition = { for key, subscription in google_pubsub_subscription.push : key => try(subscription.dead_letter_policy[0].max_delivery_attempts, 0) } == {
      dead-letters = 0
      rechecks     = 100
      requests     = 20
      triggers     = 20
    }
    error_message = "All subscriptions except that of the dead letters give up after max_delivery_attempts."
  }
  assert {
    condition = alltrue([for key, subscription in google_pubsub_subscription.push :
      one(subscription.dead_letter_policy).dead_letter_topic == "projects/my-project/topics/lro-cancel-dead-letters" if key != "dead-letters"
    ])
    error_message = "A message that is given up goes to the topic of the dead letters."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.pubsub_publishes_dead_letters.topic == "lro-cancel-dead-letters" && google_pubsub_topic_iam_member.pubsub_publishes_dead_letters.role == "roles/pubsub.publisher"
    error_message = "Pub/Sub may publish dead letters."
  }
  assert {
    condition = { for key, grant in google_pubsub_subscription_iam_member.pubsub_takes_dead_letters : key => "${grant.subscription} ${grant.role}" } == {
      for key in ["rechecks", "requests", "triggers"] : key => "lro-cancel-${key}-push roles/pubsub.subscriber"
    }
    error_message = "Pub/Sub may acknowledge on each subscription that has dead letters."
  }
  assert {
    condition = alltrue([
      for member in concat(
        [google_pubsub_topic_iam_member.pubsub_publishes_dead_letters.member],
        values(google_pubsub_subscription_iam_member.pubsub_takes_dead_letters)[*].member,
      ) : member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    ])
    error_message = "Pub/Sub acts as its service agent of this project."
  }
}

run "budget_topic" {
  variables {
    budget_topic = "projects/billing/topics/budgets"
  }
  assert {
    condition     = google_pubsub_subscription.push["budget"].topic == "projects/billing/topics/budgets"
    error_message = "An existing topic of budgets gets a subscription."
  }
  assert {
    condition     = endswith(google_pubsub_subscription.push["budget"].push_config[0].push_endpoint, "/projects/my-project/topics/lro-cancel-triggers")
    error_message = "Its messages are triggers, so their endpoint ends in the path of the triggers topic."
  }
  assert {
    condition     = try(google_pubsub_subscription_iam_member.pubsub_takes_dead_letters["budget"].subscription, "") == "lro-cancel-budget-push"
    error_message = "A message of this subscription that is given up becomes a dead letter, too."
  }
}

run "results" {
  variables {
    result_subscriptions = {
      trouble = {
        filter      = "attributes.outcome != \"CANCELLED\""
        subscribers = ["group:finops@example.com"]
      }
      hook = {
        push = {
          endpoint              = "https://hook.example.com/results"
          service_account_email = "hook@my-project.iam.gserviceaccount.com"
        }
      }
    }
  }
  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.results : subscription.topic == "projects/my-project/topics/lro-cancel-results"])
    error_message = "Results are read from the topic of the results."
  }
  assert {
    condition     = google_pubsub_subscription.results["trouble"].filter == "attributes.outcome != \"CANCELLED\"" && length(google_pubsub_subscription.results["trouble"].push_config) == 0
    error_message = "A subscription with a filter and no endpoint is pulled."
  }
  assert {
    condition = (
      google_pubsub_subscription.results["hook"].push_config[0].push_endpoint == "https://hook.example.com/results" &&
      google_pubsub_subscription.results["hook"].push_config[0].oidc_token[0].service_account_email == "hook@my-project.iam.gserviceaccount.com"
    )
    error_message = "Results are pushed to the given endpoint, with the token of the given account."
  }
  assert {
    condition = { for key, grant in google_pubsub_subscription_iam_member.results_to : key => "${grant.subscription} ${grant.role} ${grant.member}" } == {
      "trouble group:finops@example.com" = "lro-cancel-results-trouble roles/pubsub.subscriber group:finops@example.com"
    }
    error_message = "Only the given subscribers may pull."
  }
}
