# Operations: metrics, alerts, the dashboard, outputs.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

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
    condition = sort(concat(
      keys(google_monitoring_alert_policy.query), keys(google_monitoring_alert_policy.log),
      keys(google_monitoring_alert_policy.threshold), google_monitoring_alert_policy.burn_rate[*].severity,
      )) == tolist(sort([
        "backlog", "dead_letters", "denied_ratio", "error_ratio", "no_results", "queue_changed", "queue_fails", "revision",
        "sweep_results", "triggers", "unconfirmed_ratio", "unread_results", "CRITICAL",
    ]))
    error_message = "Without sweeps there is each alert, except those on budgets and the scheduler."
  }
  assert {
    condition     = google_monitoring_alert_policy.query["error_ratio"].conditions[0].condition_prometheus_query_language[0].query == "sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\", outcome=\"ERROR\"}[1h])) / sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\"}[1h])) > 0.1 and sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\"}[1h])) >= 10"
    error_message = "The ratio of errors is that of errors to all results, if there are enough results."
  }
  assert {
    condition = alltrue([for alert, share in { denied_ratio = "outcome=\"DENIED\"}[1h])) / ", unconfirmed_ratio = "outcome=\"UNCONFIRMED\"}[1h])) / " } :
      strcontains(google_monitoring_alert_policy.query[alert].conditions[0].condition_prometheus_query_language[0].query, share)
    ])
    error_message = "Denied and unconfirmed cancels have a ratio each."
  }
  assert {
    condition = google_monitoring_alert_policy.query["no_results"].conditions[0].condition_prometheus_query_language[0].query == join(" ", [
      "(sum(increase(logging_googleapis_com:user_lro_cancel_requests{monitored_resource=\"cloud_run_revision\", event=\"request.accepted\"}[1h] offset 1800s))",
      "- ((sum(increase(logging_googleapis_com:user_lro_cancel_results{monitored_resource=\"cloud_run_revision\"}[5400s])) or vector(0)) + (sum(increase(logging_googleapis_com:user_lro_cancel_failures{monitored_resource=\"cloud_run_revision\", event=\"dead-letter.answered\"}[5400s])) or vector(0))))",
      "/ sum(increase(logging_googleapis_com:user_lro_cancel_requests{monitored_resource=\"cloud_run_revision\", event=\"request.accepted\"}[1h] offset 1800s)) > 0.1",
    ])
    error_message = "Requests without results are a share of the requests of an hour that ended so long ago that all should have one."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.query["queue_fails"].conditions[0].condition_prometheus_query_language[0].query, "queue_id=\"lro-cancel-rechecks\", response_code!~")
    error_message = "Attempts of the queue that fail cause an alert."
  }
  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.query : policy.conditions[0].condition_prometheus_query_language[0].disable_metric_validation])
    error_message = "A policy can be created before its metric has a value."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.threshold["dead_letters"].conditions[0].condition_threshold[0].filter, "metric.type=\"pubsub.googleapis.com/subscription/dead_letter_message_count\"") &&
      google_monitoring_alert_policy.threshold["dead_letters"].conditions[0].condition_threshold[0].comparison == "COMPARISON_GT" &&
      google_monitoring_alert_policy.threshold["dead_letters"].conditions[0].condition_threshold[0].threshold_value == 0
    )
    error_message = "A single dead letter causes an alert."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.threshold["backlog"].conditions[0].condition_threshold[0].filter, "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"") &&
      google_monitoring_alert_policy.threshold["backlog"].conditions[0].condition_threshold[0].threshold_value == 900
    )
    error_message = "A message that waits for a quarter of an hour causes an alert."
  }
  assert {
    condition = alltrue([for policy in google_monitoring_alert_policy.threshold :
      strcontains(policy.conditions[0].condition_threshold[0].filter, "resource.labels.subscription_id=one_of(\"lro-cancel-dead-letters-push\", \"lro-cancel-rechecks-push\", \"lro-cancel-requests-push\", \"lro-cancel-triggers-push\")")
    ])
    error_message = "The alerts cover all subscriptions that push to the function."
  }
  assert {
    condition = alltrue([for part in [
      "labels.requestId=~\"^sweep-\"",
      "jsonPayload.event=\"result.published\" AND jsonPayload.outcome=(\"ERROR\" OR \"DENIED\" OR \"UNCONFIRMED\" OR \"UNSUPPORTED\")",
      "jsonPayload.event=(\"request.rejected\" OR \"dead-letter.answered\")",
    ] : strcontains(google_monitoring_alert_policy.log["sweep_results"].conditions[0].condition_matched_log[0].filter, part)])
    error_message = "Each request of a sweep that did not end its operation causes an alert."
  }
  assert {
    condition = alltrue([for part in [
      "jsonPayload.event=\"trigger.unknown\"", "(jsonPayload.event=\"sweep.finished\" AND jsonPayload.complete=false)",
      "(jsonPayload.event=\"approval.finished\" AND jsonPayload.complete=false)",
    ] : strcontains(google_monitoring_alert_policy.log["triggers"].conditions[0].condition_matched_log[0].filter, part)])
    error_message = "Unknown triggers and incomplete sweeps cause an alert."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.log["queue_changed"].conditions[0].condition_matched_log[0].filter, "(PauseQueue|PurgeQueue|DeleteQueue)") &&
      strcontains(google_monitoring_alert_policy.log["queue_changed"].conditions[0].condition_matched_log[0].filter, "projects/my-project/locations/europe-west1/queues/lro-cancel-rechecks")
    )
    error_message = "A queue that is paused causes an alert."
  }
  assert {
    condition = alltrue([for part in ["jsonPayload.event=\"settings.refused\"", "Ready condition status changed to False", "Memory limit of"] :
      strcontains(google_monitoring_alert_policy.log["revision"].conditions[0].condition_matched_log[0].filter, part)
    ])
    error_message = "A revision that does not start or has too little memory causes an alert."
  }
  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.log : length(policy.alert_strategy[0].notification_rate_limit) == 1])
    error_message = "Alerts on the log have the rate limit that they require."
  }
  assert {
    condition = alltrue([
      for policy in concat(
        values(google_monitoring_alert_policy.query), values(google_monitoring_alert_policy.log),
        values(google_monitoring_alert_policy.threshold), google_monitoring_alert_policy.burn_rate,
      ) : policy.notification_channels == tolist(["projects/my-project/notificationChannels/1"])
    ])
    error_message = "Every alert goes to the given channels."
  }
  assert {
    condition = alltrue([
      for policy in concat(
        values(google_monitoring_alert_policy.query), values(google_monitoring_alert_policy.log),
        values(google_monitoring_alert_policy.threshold), google_monitoring_alert_policy.burn_rate,
      ) : policy.documentation[0].links[*].display_name == tolist(["Log", "Dashboard"]) &&
      startswith(policy.documentation[0].links[0].url, "https://console.cloud.google.com/logs/query;query=resource.type%") &&
      startswith(policy.documentation[0].subject, "lro-cancel: ")
      if !strcontains(policy.display_name, "queue was paused")
    ])
    error_message = "Every alert links to its log and to the dashboard."
  }
}

run "runbook_of_the_alert_itself" {
  assert {
    condition = alltrue([for policy in concat(
      values(google_monitoring_alert_policy.query), values(google_monitoring_alert_policy.log), values(google_monitoring_alert_policy.threshold), google_monitoring_alert_policy.burn_rate,
    ) : can(regex("(?s)^.+\n\n## [A-Z][A-Za-z ]+\n\n.{80}", policy.documentation[0].content)) && length(policy.documentation[0].content) < 8000])
    error_message = "Each alert has the text of its section, for whom cannot open the page: at most 8,192 characters, as Cloud Monitoring accepts."
  }
  assert {
    condition = alltrue([for policy in concat(
      values(google_monitoring_alert_policy.query), values(google_monitoring_alert_policy.log), values(google_monitoring_alert_policy.threshold), google_monitoring_alert_policy.burn_rate,
    ) : !strcontains(policy.documentation[0].content, "](") && !strcontains(policy.documentation[0].content, "operations.md")])
    error_message = "Without runbook_url, no alert has a link or a path that leads nowhere."
  }
}

run "runbook" {
  variables {
    runbook_url = "https://wiki.example.com/lro-cancel/operations"
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.query["no_results"].documentation[0].content, "## [No results](https://wiki.example.com/lro-cancel/operations#no-results)")
    error_message = "The heading of the section leads to the page."
  }
  assert {
    condition     = google_monitoring_alert_policy.query["no_results"].documentation[0].links[0].url == "https://wiki.example.com/lro-cancel/operations#no-results"
    error_message = "An alert links to its section of the runbook."
  }
}

run "budgets_and_jobs" {
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
    scheduler_jobs = {
      nightly = { schedule = "0 3 * * *", sweep = "stale" }
      weekly  = { schedule = "0 3 * * 1", sweep = "stale" }
    }
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale" }]
  }
  assert {
    condition = google_monitoring_alert_policy.query["quiet_budget"].conditions[0].condition_prometheus_query_language[0].query == join(" ", [
      "sum(increase(logging_googleapis_com:user_lro_cancel_notifications{monitored_resource=\"cloud_run_revision\"}[12h])) == 0 or absent_over_time(logging_googleapis_com:user_lro_cancel_notifications{monitored_resource=\"cloud_run_revision\"}[12h])",
    ])
    error_message = "Budgets that do not notify for a day cause an alert."
  }
  assert {
    condition     = strcontains(google_logging_metric.count["notifications"].filter, "\"budget.not-crossed\"")
    error_message = "A notification counts, whether a threshold was crossed or not."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.query["quiet_scheduler"].conditions[0].condition_prometheus_query_language[0].query, "job=\"lro-cancel-nightly\"}[12h]") &&
      !strcontains(google_monitoring_alert_policy.query["quiet_scheduler"].conditions[0].condition_prometheus_query_language[0].query, "weekly")
    )
    error_message = "A daily job that does not run causes an alert; whether a weekly one ran cannot be seen in 25 hours."
  }
  assert {
    condition = (
      strcontains(google_monitoring_alert_policy.log["scheduler"].conditions[0].condition_matched_log[0].filter, "resource.labels.job_id=(\"lro-cancel-nightly\" OR \"lro-cancel-weekly\") AND (severity>=ERROR OR protoPayload.methodName=~") &&
      google_logging_metric.scheduler_attempts[0].label_extractors == tomap({ job = "EXTRACT(resource.labels.job_id)" })
    )
    error_message = "A job that fails or is paused causes an alert."
  }
}

run "longest_confirmation" {
  variables {
    sweeps = { stale = { confirm_within = "3600s", targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }, { service = "notebooks", parents = ["projects/my-project/locations/-"], confirm_within = "7200.5s" }] } }
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.query["no_results"].conditions[0].condition_prometheus_query_language[0].query, "[1h] offset 8160s")
    error_message = "Results are missed only after the longest confirm_within of a sweep and a quarter of an hour."
  }
}

run "objective" {
  variables {
    slo = { goal = 0.95, rolling_days = 14 }
  }
  assert {
    condition = (
      google_monitoring_slo.results[0].goal == 0.95 &&
      google_monitoring_slo.results[0].rolling_period_days == 14 &&
      google_monitoring_slo.results[0].service == "lro-cancel" &&
      endswith(google_monitoring_slo.results[0].request_based_sli[0].good_total_ratio[0].good_service_filter, "/lro-cancel/results\" AND resource.type=\"cloud_run_revision\" AND metric.labels.outcome!=\"ERROR\"") &&
      endswith(google_monitoring_slo.results[0].request_based_sli[0].good_total_ratio[0].total_service_filter, "/lro-cancel/requests\" AND resource.type=\"cloud_run_revision\" AND metric.labels.event=\"request.accepted\"")
    )
    error_message = "The objective is one result for each accepted request, that is no ERROR."
  }
  assert {
    condition = (
      [for condition in google_monitoring_alert_policy.burn_rate[0].conditions : condition.display_name] == ["burn rate over 1h", "burn rate over 6h"] &&
      endswith(google_monitoring_alert_policy.burn_rate[0].conditions[0].condition_prometheus_query_language[0].query, " / 0.05 > 14.4") &&
      endswith(google_monitoring_alert_policy.burn_rate[0].conditions[1].condition_prometheus_query_language[0].query, " / 0.05 > 6")
    )
    error_message = "A fast and a slow burn rate of the objective cause an alert."
  }
}

run "no_objective" {
  variables {
    slo = { enabled = false }
  }
  assert {
    condition     = length(google_monitoring_slo.results) + length(google_monitoring_custom_service.this) + length(google_monitoring_alert_policy.burn_rate) == 0
    error_message = "The objective can be switched off."
  }
}

run "other_alerts" {
  variables {
    alerts = { auto_close_seconds = 3600, disabled = ["unread_results"], missing_ratio = 0.5, severities = { revision = "WARNING" } }
  }
  assert {
    condition = (
      !contains(keys(google_monitoring_alert_policy.query), "unread_results") &&
      google_monitoring_alert_policy.log["revision"].severity == "WARNING" &&
      google_monitoring_alert_policy.threshold["backlog"].alert_strategy[0].auto_close == "3600s" &&
      endswith(google_monitoring_alert_policy.query["no_results"].conditions[0].condition_prometheus_query_language[0].query, " > 0.5")
    )
    error_message = "A single alert can be left out, and have another severity."
  }
}

run "budget_topic_is_watched" {
  variables {
    budget_topic = "projects/billing/topics/budgets"
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.threshold["backlog"].conditions[0].condition_threshold[0].filter, "\"lro-cancel-budget-push\"")
    error_message = "The alerts cover the subscription to an existing topic of budgets, too."
  }
}

run "long_confirmation" {
  variables {
    confirm_within = "90000s"
  }
  assert {
    condition     = !contains(keys(google_monitoring_alert_policy.query), "no_results") && length(google_monitoring_alert_policy.burn_rate) == 0
    error_message = "Cloud Monitoring cannot evaluate a period that covers results after a day, so there is no alert on them."
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
    condition     = length(regexall("\"[xy]Pos\":0[,}]|\"groupByFields\":\\[\\]|\"thresholds\":\\[\\]|:null", google_monitoring_dashboard.this[0].dashboard_json)) == 0
    error_message = "The dashboard has nothing that Cloud Monitoring leaves out when it returns it: each plan would change it."
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
      length(google_monitoring_alert_policy.query) + length(google_monitoring_alert_policy.log) +
      length(google_monitoring_alert_policy.threshold) + length(google_monitoring_alert_policy.burn_rate) == 0
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
          google_pubsub_topic.requests[0].labels,
          google_pubsub_topic.results[0].labels,
          google_pubsub_topic.triggers.labels,
          google_storage_bucket.bundles[0].labels,
        ],
        values(google_pubsub_subscription.push)[*].labels,
        values(google_pubsub_subscription.results)[*].labels,
        values(google_monitoring_alert_policy.query)[*].user_labels,
        values(google_monitoring_alert_policy.log)[*].user_labels,
        values(google_monitoring_alert_policy.threshold)[*].user_labels,
        google_monitoring_alert_policy.burn_rate[*].user_labels,
        google_monitoring_slo.results[*].user_labels,
        google_monitoring_custom_service.this[*].user_labels,
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
      output.delegation_client_id == google_service_account.function[0].unique_id &&
      output.queue == google_cloud_tasks_queue.rechecks.id &&
      keys(output.result_subscriptions) == ["pull"] &&
      tomap(output.settings) == google_cloudfunctions2_function.this.service_config[0].environment_variables
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
