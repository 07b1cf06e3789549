# Triggers of sweeps: scheduler jobs and budgets.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

variables {
  sweeps = {
    stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/us-central1"] }] }
  }
}

run "scheduler" {
  variables {
    scheduler_jobs = {
      nightly = { schedule = "0 3 * * *", time_zone = "Europe/Berlin", sweep = "stale" }
      look    = { schedule = "0 12 * * 1", sweep = "stale", dry_run = true }
    }
  }
  assert {
    condition = { for key, job in google_cloud_scheduler_job.sweep : key => base64decode(job.pubsub_target[0].data) } == {
      nightly = "{\"sweep\":\"stale\"}"
      look    = "{\"dryRun\":true,\"sweep\":\"stale\"}"
    }
    error_message = "A job publishes the name of its sweep, and dryRun only where it is true."
  }
  assert {
    condition     = alltrue([for job in google_cloud_scheduler_job.sweep : job.pubsub_target[0].topic_name == "projects/my-project/topics/lro-cancel-triggers"])
    error_message = "Jobs publish to the triggers topic."
  }
  assert {
    condition = { for key, job in google_cloud_scheduler_job.sweep : key => "${job.schedule} ${job.time_zone} ${job.region}" } == {
      nightly = "0 3 * * * Europe/Berlin europe-west1"
      look    = "0 12 * * 1 Etc/UTC europe-west1"
    }
    error_message = "Jobs run on their schedule, by default in UTC."
  }
  assert {
    condition     = alltrue([for job in google_cloud_scheduler_job.sweep : one(job.retry_config).retry_count == 5])
    error_message = "A failed publish is tried again."
  }
  assert {
    condition     = contains(keys(google_project_service.required), "cloudscheduler.googleapis.com")
    error_message = "Jobs require the API of Cloud Scheduler."
  }
}

run "budget" {
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { amount = 1000, currency_code = "EUR" } }
    budget_rules    = [{ budget = "training", sweep = "stale", threshold = 0.8, on_forecast = true }]
  }
  assert {
    condition = (
      google_billing_budget.this["training"].all_updates_rule[0].pubsub_topic == "projects/my-project/topics/lro-cancel-triggers" &&
      google_billing_budget.this["training"].all_updates_rule[0].schema_version == "1.0"
    )
    error_message = "A budget publishes to the triggers topic, in the version that the function reads."
  }
  assert {
    condition = (
      google_billing_budget.this["training"].amount[0].specified_amount[0].units == "1000" &&
      google_billing_budget.this["training"].amount[0].specified_amount[0].currency_code == "EUR" &&
      google_billing_budget.this["training"].display_name == "lro-cancel training"
    )
    error_message = "A budget has the given amount."
  }
  assert {
    condition     = google_billing_budget.this["training"].budget_filter[0].projects == toset(["projects/123456789012"])
    error_message = "A budget counts the allowed projects, by their numbers."
  }
  assert {
    condition = [for rule in google_billing_budget.this["training"].threshold_rules : "${rule.threshold_percent} ${rule.spend_basis}"] == [
      "0.5 CURRENT_SPEND", "0.8 CURRENT_SPEND", "0.9 CURRENT_SPEND", "1 CURRENT_SPEND", "0.8 FORECASTED_SPEND",
    ]
    error_message = "A budget has the thresholds of its rules, without which they would never fire."
  }
  assert {
    condition = (
      google_pubsub_topic_iam_member.triggers_from_billing[0].topic == "lro-cancel-triggers" &&
      google_pubsub_topic_iam_member.triggers_from_billing[0].role == "roles/pubsub.publisher" &&
      google_pubsub_topic_iam_member.triggers_from_billing[0].member == "serviceAccount:billing-budget-alert@system.gserviceaccount.com"
    )
    error_message = "Cloud Billing may publish triggers."
  }
  assert {
    condition     = contains(keys(google_project_service.required), "billingbudgets.googleapis.com")
    error_message = "Budgets require their API."
  }
}

run "budget_of_every_option" {
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets = {
      quarter = {
        calendar_period        = "QUARTER"
        credit_types_treatment = "EXCLUDE_ALL_CREDITS"
        email_billing_admins   = false
        labels                 = { team = "training" }
        last_period_amount     = true
        notification_channels  = ["projects/my-project/notificationChannels/1"]
        resource_ancestors     = ["folders/123"]
        services               = ["services/C7E2-9256-1C43"]
      }
    }
  }
  assert {
    condition = (
      google_billing_budget.this["quarter"].amount[0].last_period_amount &&
      length(google_billing_budget.this["quarter"].amount[0].specified_amount) == 0
    )
    error_message = "A budget can have the costs of the last period as its amount."
  }
  assert {
    condition = (
      google_billing_budget.this["quarter"].budget_filter[0].calendar_period == "QUARTER" &&
      google_billing_budget.this["quarter"].budget_filter[0].credit_types_treatment == "EXCLUDE_ALL_CREDITS" &&
      google_billing_budget.this["quarter"].budget_filter[0].labels == tomap({ team = "training" }) &&
      google_billing_budget.this["quarter"].budget_filter[0].resource_ancestors == toset(["folders/123"]) &&
      google_billing_budget.this["quarter"].budget_filter[0].services == tolist(["services/C7E2-9256-1C43"])
    )
    error_message = "A budget counts the costs that it is told to."
  }
  assert {
    condition = (
      google_billing_budget.this["quarter"].all_updates_rule[0].monitoring_notification_channels == tolist(["projects/my-project/notificationChannels/1"]) &&
      google_billing_budget.this["quarter"].all_updates_rule[0].disable_default_iam_recipients
    )
    error_message = "A budget sends emails to the given channels only."
  }
}
