# Operations: metrics, alerts, the dashboard, outputs.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }

variables {
  notification_channels = ["projects/my-project/notificationChannels/1"]
}

run "metrics" {
  assert {
    condition = alltrue([for metric in values(google_logging_metric.count) :
      startswith(metric.filter, "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"lro-cancel\" AND resource.labels.location=\"europe-west1\" AND jsonPayload.event=(\"")
    ])
    error_message = "Metrics count events in the log of this function only."
  }
  assert {
    condition = (
      google_logging_metric.count["results"].name == "lro-cancel/results" &&
      google_logging_metric.count["results"].label_extractors == tomap({ outcome = "EXTRACT(jsonPayload.outcome)", service = "EXTRACT(jsonPayload.service)" }) &&
      toset(google_logging_metric.count["results"].metric_descriptor[0].labels[*].key) == toset(["outcome", "service"])
    )
    error_message = "Results are counted by outcome and service."
  }
  assert {
    condition = (
      google_logging_metric.time_to_outcome.value_extractor == "EXTRACT(jsonPayload.elapsedMs)" &&
      google_logging_metric.time_to_outcome.metric_descriptor[0].value_type == "DISTRIBUTION" &&
      google_logging_metric.time_to_outcome.metric_descriptor[0].unit == "ms" &&
      strcontains(google_logging_metric.time_to_outcome.filter, "jsonPayload.event=(\"result.published\")")
    )
    error_message = "The time to an outcome is a distribution of the milliseconds in the results."
  }
}

run "alerts" {
  assert {
    condition     = sort(keys(google_monitoring_alert_policy.ratio)) == tolist(["error_ratio", "no_results", "unconfirmed_ratio"])
    error_message = "There are alerts on errors, on unconfirmed cancels, and on missing results."
  }
  assert {
    condition     = google_monitoring_alert_policy.ratio["error_ratio"].conditions[0].condition_prometheus_query_language[0].query == "sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\", outcome=\"ERROR\"}[1h])) / sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\"}[1h])) > 0.1 and sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\"}[1h])) >= 10"
    error_message = "The ratio of errors is that of errors to all results, if there are enough results."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.ratio["unconfirmed_ratio"].conditions[0].condition_prometheus_query_language[0].query, "outcome=\"UNCONFIRMED\"}[1h])) / ") && strcontains(google_monitoring_alert_policy.ratio["unconfirmed_ratio"].conditions[0].condition_prometheus_query_language[0].query, " > 0.25 and ")
    error_message = "The ratio of unconfirmed cancels is that of UNCONFIRMED to all results."
  }
  assert {
    condition = (
      google_monitoring_alert_policy.ratio["no_results"].conditions[0].condition_prometheus_query_language[0].query == "sum(increase(logging_googleapis_com:user_lro_cancel_requests{monitored_resource=\"cloud_run_revision\", event=\"request.accepted\"}[3600s])) > 0 unless sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\"}[3600s])) > 0" &&
      google_monitoring_alert_policy.ratio["no_results"].conditions[0].condition_prometheus_query_language[0].duration == "1800s"
    )
    error_message = "Accepted requests without any result cause an alert after confirm_within and a quarter of an hour."
  }
  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.ratio : policy.conditions[0].condition_prometheus_query_language[0].disable_metric_validation])
    error_message = "A policy can be created before its metric has a value."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.dead_letters[0].conditions[0].condition_threshold[0].filter, "metric.type=\"pubsub.googleapis.com/subscription/dead_letter_message_count\"") &&
      google_monitoring_alert_policy.dead_letters[0].conditions[0].condition_threshold[0].comparison == "COMPARISON_GT" &&
      google_monitoring_alert_policy.dead_letters[0].conditions[0].condition_threshold[0].threshold_value == 0
    )
    error_message = "A single dead letter causes an alert."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.backlog[0].conditions[0].condition_threshold[0].filter, "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"") &&
      google_monitoring_alert_policy.backlog[0].conditions[0].condition_threshold[0].threshold_value == 900
    )
    error_message = "A message that waits for a quarter of an hour causes an alert."
  }
  assert {
    condition = alltrue([for policy in [google_monitoring_alert_policy.backlog[0], google_monitoring_alert_policy.dead_letters[0]] :
      strcontains(policy.conditions[0].condition_threshold[0].filter, "resource.labels.subscription_id=one_of(\"lro-cancel-dead-letters-push\", \"lro-cancel-rechecks-push\", \"lro-cancel-requests-push\", \"lro-cancel-triggers-push\")")
    ])
    error_message = "The alerts cover all subscriptions that push to the function."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.triggers[0].conditions[0].condition_matched_log[0].filter, "jsonPayload.event=\"trigger.unknown\"") &&
      strcontains(google_monitoring_alert_policy.triggers[0].conditions[0].condition_matched_log[0].filter, "(jsonPayload.event=\"sweep.finished\" AND jsonPayload.complete=false)") &&
      length(google_monitoring_alert_policy.triggers[0].alert_strategy[0].notification_rate_limit) == 1
    )
    error_message = "Unknown triggers and incomplete sweeps cause an alert, with the rate limit that alerts on the log require."
  }
  assert {
    condition = alltrue([
      for policy in concat(
        values(google_monitoring_alert_policy.ratio), google_monitoring_alert_policy.backlog,
        google_monitoring_alert_policy.dead_letters, google_monitoring_alert_policy.triggers,
      ) : policy.notification_channels == tolist(["projects/my-project/notificationChannels/1"])
    ])
    error_message = "Every alert goes to the given channels."
  }
  assert {
    condition = alltrue([
      for policy in concat(
        values(google_monitoring_alert_policy.ratio), google_monitoring_alert_policy.backlog,
        google_monitoring_alert_policy.dead_letters, google_monitoring_alert_policy.triggers,
      ) : can(regex("docs/operations\\.md#[a-z-]+$", policy.documentation[0].content))
    ])
    error_message = "Every alert links to a section of docs/operations.md."
  }
}

run "budget_topic_is_watched" {
  variables {
    budget_topic = "projects/billing/topics/budgets"
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.backlog[0].conditions[0].condition_threshold[0].filter, "\"lro-cancel-budget-push\"")
    error_message = "The alerts cover the subscription to an existing topic of budgets, too."
  }
}

run "long_confirmation" {
  variables {
    confirm_within = "36000s"
  }
  assert {
    condition     = sort(keys(google_monitoring_alert_policy.ratio)) == tolist(["error_ratio", "unconfirmed_ratio"])
    error_message = "Cloud Monitoring cannot evaluate a period that covers results after ten hours, so there is no alert on them."
  }
}

run "dashboard" {
  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.this[0].dashboard_json).mosaicLayout.tiles) == 15
    error_message = "The dashboard has fourteen charts and a log."
  }
  assert {
    condition = alltrue([for part in [
      "logging.googleapis.com/user/lro-cancel/requests",
      "logging.googleapis.com/user/lro-cancel/results",
      "logging.googleapis.com/user/lro-cancel/time_to_outcome",
      "logging.googleapis.com/user/lro-cancel/retries",
      "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
      "run.googleapis.com/container/startup_latencies",
      "cloudtasks.googleapis.com/queue/depth",
    ] : strcontains(google_monitoring_dashboard.this[0].dashboard_json, part)])
    error_message = "The dashboard shows requests, outcomes, their time, retries, the backlog, cold starts and the queue."
  }
  assert {
    condition = length(distinct([for tile in jsondecode(google_monitoring_dashboard.this[0].dashboard_json).mosaicLayout.tiles :
      "${try(tile.xPos, 0)} ${try(tile.yPos, 0)}"
    ])) == 15
    error_message = "No tile covers another."
  }
  assert {
    condition     = strcontains(google_monitoring_dashboard.this[0].dashboard_json, "\"legendTemplate\":\"$${metric.labels.outcome}\"")
    error_message = "Each line of the chart of outcomes has the name of its outcome."
  }
}

run "switched_off" {
  variables {
    alerts    = { enabled = false }
    dashboard = false
  }
  assert {
    condition = (
      length(google_monitoring_alert_policy.ratio) == 0 &&
      length(google_monitoring_alert_policy.backlog) == 0 &&
      length(google_monitoring_alert_policy.dead_letters) == 0 &&
      length(google_monitoring_alert_policy.triggers) == 0
    )
    error_message = "Alerts can be switched off."
  }
  assert {
    condition     = length(google_monitoring_dashboard.this) == 0
    error_message = "The dashboard can be switched off."
  }
}

run "labels" {
  variables {
    labels = { team = "platform" }
  }
  assert {
    condition = alltrue([
      for labels in concat(
        [
          google_cloudfunctions2_function.this.labels,
          google_pubsub_topic.dead_letters.labels,
          google_pubsub_topic.rechecks.labels,
          google_pubsub_topic.requests.labels,
          google_pubsub_topic.results.labels,
          google_pubsub_topic.triggers.labels,
          google_storage_bucket.bundles.labels,
        ],
        values(google_pubsub_subscription.push)[*].labels,
        values(google_pubsub_subscription.results)[*].labels,
        values(google_monitoring_alert_policy.ratio)[*].user_labels,
        google_monitoring_alert_policy.backlog[*].user_labels,
        google_monitoring_alert_policy.dead_letters[*].user_labels,
        google_monitoring_alert_policy.triggers[*].user_labels,
      ) : labels == tomap({ team = "platform" })
    ])
    error_message = "All resources that can have labels have them."
  }
}

run "outputs" {
  assert {
    condition     = output.publish_command == "gcloud pubsub topics publish projects/my-project/topics/lro-cancel-requests --message='{\"dryRun\":true,\"operation\":\"//notebooks.googleapis.com/projects/my-project/locations/europe-west1/operations/OPERATION\",\"requestId\":\"first\"}'"
    error_message = "The command publishes a dry run to the requests topic."
  }
  assert {
    condition = (
      output.topics.requests == "projects/my-project/topics/lro-cancel-requests" &&
      output.function_uri == google_cloudfunctions2_function.this.service_config[0].uri &&
      output.service_accounts.function == "lro-cancel@my-project.iam.gserviceaccount.com" &&
      output.delegation_client_id == google_service_account.function.unique_id &&
      output.queue == google_cloud_tasks_queue.rechecks.id &&
      keys(output.result_subscriptions) == ["pull"]
    )
    error_message = "The outputs have the names, addresses and accounts that other modules need."
  }
}

run "command_for_the_first_service_with_such_names" {
  variables {
    allowed_projects = ["training-eu", "training-us"]
    services         = { cloudchannel = {}, datastream = {}, notebooks = {} }
  }
  assert {
    condition     = strcontains(output.publish_command, "\"//datastream.googleapis.com/projects/training-eu/locations/europe-west1/operations/OPERATION\"")
    error_message = "The command names an operation of a service in services, in an allowed project."
  }
}

run "command_without_such_a_service" {
  variables {
    services = { cloudchannel = {} }
  }
  assert {
    condition     = strcontains(output.publish_command, "\"operation\":\"OPERATION\"")
    error_message = "For a service without example names, the command has a placeholder for the whole name."
  }
}
