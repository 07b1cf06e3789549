# The function and its settings. `npm run test:infra` also gives the environment of each run to the function's own
# parser of settings (src/settings/settings.ts), which refuses unknown settings.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "defaults" {
  assert {
    condition = google_cloudfunctions2_function.this.service_config[0].environment_variables == tomap({
      ALLOWED_SERVICES      = "*"
      CONFIRM_WITHIN        = "900s"
      DEAD_LETTER_TOPIC     = "projects/my-project/topics/lro-cancel-dead-letters"
      FIRST_RECHECK_AFTER   = "5s"
      GOOGLE_CLOUD_PROJECT  = "my-project"
      LOG_EXECUTION_ID      = "false"
      NODE_OPTIONS          = "--max-semi-space-size=16"
      PROJECT_NUMBERS       = "my-project=123456789012"
      RECHECKS_TOPIC        = "projects/my-project/topics/lro-cancel-rechecks"
      RECHECK_DELAY         = "cloud-tasks"
      RECHECK_QUEUE         = "projects/my-project/locations/europe-west1/queues/lro-cancel-rechecks"
      REQUESTS_TOPIC        = "projects/my-project/topics/lro-cancel-requests"
      RESULTS_TOPIC         = "projects/my-project/topics/lro-cancel-results"
      TASKS_SERVICE_ACCOUNT = "lro-cancel-tasks@my-project.iam.gserviceaccount.com"
      TRIGGERS_TOPIC        = "projects/my-project/topics/lro-cancel-triggers"
    })
    error_message = "The environment has exactly these variables and values, and none for a developer's machine."
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.build_config[0].runtime == "nodejs24" &&
      google_cloudfunctions2_function.this.build_config[0].entry_point == "cancelOperation" &&
      length(google_cloudfunctions2_function.this.event_trigger) == 0
    )
    error_message = "The function is cancelOperation on Node 24, without a trigger of Eventarc's."
  }
  assert {
    condition = (
      can(regex("^lro-cancel-[0-9a-f]{64}[.]zip$", google_storage_bucket_object.bundle[0].name)) &&
      google_cloudfunctions2_function.this.build_config[0].source[0].storage_source[0].object == google_storage_bucket_object.bundle[0].name
    )
    error_message = "The bundle's name has its hash, so that another bundle is deployed."
  }
  assert {
    condition     = google_storage_bucket.bundles[0].public_access_prevention == "enforced" && google_storage_bucket.bundles[0].uniform_bucket_level_access
    error_message = "The bucket of the bundles is private."
  }
}

run "size" {
  variables {
    function_config = { concurrency = 1, cpu = "0.5", max_instances = 3, memory = "1Gi", min_instances = 1, timeout_seconds = 90 }
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.service_config[0].max_instance_request_concurrency == 1 &&
      google_cloudfunctions2_function.this.service_config[0].available_cpu == "0.5" &&
      google_cloudfunctions2_function.this.service_config[0].max_instance_count == 3 &&
      google_cloudfunctions2_function.this.service_config[0].available_memory == "1Gi" &&
      google_cloudfunctions2_function.this.service_config[0].min_instance_count == 1 &&
      google_cloudfunctions2_function.this.service_config[0].timeout_seconds == 90
    )
    error_message = "The function has the given size."
  }
}

run "little_memory" {
  variables {
    function_config = { memory = "256Mi" }
    node_options    = "--import=./tracing.js"
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.NODE_OPTIONS == "--max-semi-space-size=8 --import=./tracing.js"
    error_message = "The room for young objects is a thirty-second of the memory, with the other options behind it."
  }
}

run "much_memory" {
  variables {
    function_config = { memory = "4Gi" }
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.NODE_OPTIONS == "--max-semi-space-size=16"
    error_message = "The room for young objects does not grow with memory that the function does not use."
  }
}

run "queue" {
  assert {
    condition     = one(google_cloud_tasks_queue.rechecks.retry_config).max_attempts == -1
    error_message = "The queue never drops a task."
  }
  assert {
    condition = (
      one(google_cloud_tasks_queue.rechecks.rate_limits).max_dispatches_per_second == 100 &&
      one(google_cloud_tasks_queue.rechecks.rate_limits).max_concurrent_dispatches == 100
    )
    error_message = "Re-checks leave the queue at a rate below the quotas of services."
  }
}

run "every_setting" {
  variables {
    allowed_projects     = ["training"]
    allowed_services     = ["*", "cloudchannel"]
    billing_account      = "012345-567890-ABCDEF"
    budget_rules         = [{ budget = "training", sweep = "nightly" }, { budget_display_name = "all", on_forecast = true, sweep = "nightly", threshold = 0.5 }]
    budgets              = { training = { amount = 1000 } }
    confirm_within       = "3600s"
    delegated_subject    = "admin@example.com"
    first_recheck_after  = "60s"
    protected_operations = ["projects/*/locations/*/operations/keep-*", "//aiplatform.googleapis.com/**"]
    sweeps = {
      nightly = {
        approvable     = true
        confirm_within = "1800s"
        dry_run        = false
        exclude        = { "metadata.target" = ["**/instances/keep-*"] }
        limit          = 100
        match          = { name = ["**/operations/*"], "metadata.@type" = ["**OperationMetadata"] }
        older_than     = "86400s"
        targets = [
          { service = "notebooks", version = "v2", parents = ["projects/training/locations/us-central1"], filter = "done=false" },
          { service = "notebooks", parents = ["projects/training/locations/us-east1"], dry_run = true, older_than = "3600s" },
        ]
      }
      look = { targets = [{ service = "notebooks", parents = ["projects/training/locations/us-central1"] }] }
    }
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.service_config[0].environment_variables.ALLOWED_SERVICES == "*,cloudchannel" &&
      google_cloudfunctions2_function.this.service_config[0].environment_variables.CONFIRM_WITHIN == "3600s" &&
      google_cloudfunctions2_function.this.service_config[0].environment_variables.FIRST_RECHECK_AFTER == "60s" &&
      google_cloudfunctions2_function.this.service_config[0].environment_variables.PROTECTED_OPERATIONS == "projects/*/locations/*/operations/keep-*,//aiplatform.googleapis.com/**"
    )
    error_message = "Variables become the settings of the same names."
  }
  assert {
    condition = jsondecode(google_cloudfunctions2_function.this.service_config[0].environment_variables.SWEEPS).nightly == {
      approvable    = true
      confirmWithin = "1800s"
      dryRun        = false
      exclude       = { "metadata.target" = ["**/instances/keep-*"] }
      limit         = 100
      match         = { name = ["**/operations/*"], "metadata.@type" = ["**OperationMetadata"] }
      olderThan     = "86400s"
      targets = [
        { service = "notebooks", version = "v2", parents = ["projects/training/locations/us-central1"], filter = "done=false" },
        { service = "notebooks", parents = ["projects/training/locations/us-east1"], dryRun = true, olderThan = "3600s" },
      ]
    }
    error_message = "A sweep has the form that the function reads."
  }
  assert {
    condition = jsondecode(google_cloudfunctions2_function.this.service_config[0].environment_variables.SWEEPS).look == {
      dryRun  = true
      targets = [{ service = "notebooks", parents = ["projects/training/locations/us-central1"] }]
    }
    error_message = "A sweep is a dry run by default, and fields that are not set are left out."
  }
  assert {
    condition = jsondecode(google_cloudfunctions2_function.this.service_config[0].environment_variables.BUDGETS) == [
      { budgetDisplayName = "lro-cancel training", onForecast = false, sweep = "nightly", threshold = 1 },
      { budgetDisplayName = "all", onForecast = true, sweep = "nightly", threshold = 0.5 },
    ]
    error_message = "Budget rules have the form that the function reads, with the display names of the budgets of this module."
  }
}
