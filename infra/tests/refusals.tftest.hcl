# Inputs that are refused at plan.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

variables {
  sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
}

# Each other run differs from this one in one input.
run "nothing_is_wrong" {}

run "everybody_as_request_publisher" {
  command = plan
  variables {
    request_publishers = ["allUsers"]
  }
  expect_failures = [var.request_publishers]
}

run "everybody_as_trigger_publisher" {
  command = plan
  variables {
    trigger_publishers = ["allAuthenticatedUsers"]
  }
  expect_failures = [var.trigger_publishers]
}

run "everybody_as_subscriber" {
  command = plan
  variables {
    result_subscriptions = { pull = { subscribers = ["allUsers"] } }
  }
  expect_failures = [var.result_subscriptions]
}

run "results_in_the_clear" {
  command = plan
  variables {
    result_subscriptions = { hook = { push = { endpoint = "http://hook.example.com" } } }
  }
  expect_failures = [var.result_subscriptions]
}

run "too_long_a_filter" {
  command = plan
  variables {
    result_subscriptions = { pull = { filter = format("%0257d", 0) } }
  }
  expect_failures = [var.result_subscriptions]
}

run "sweep_without_parents" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks" }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_with_no_parent" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = [] }] } }
  }
  expect_failures = [var.sweeps]
}

run "job_of_an_unknown_sweep" {
  command = plan
  variables {
    scheduler_jobs = { nightly = { schedule = "0 3 * * *", sweep = "stael" } }
  }
  expect_failures = [var.scheduler_jobs]
}

run "rule_of_an_unknown_sweep" {
  command = plan
  variables {
    budget_rules = [{ budget_id = "de72f49d", sweep = "stael" }]
  }
  expect_failures = [var.budget_rules]
}

run "rule_of_an_unknown_budget" {
  command = plan
  variables {
    budget_rules = [{ budget = "training", sweep = "stale" }]
  }
  expect_failures = [var.budget_rules]
}

run "rule_of_no_budget" {
  command = plan
  variables {
    budget_rules = [{ sweep = "stale" }]
  }
  expect_failures = [var.budget_rules]
}

run "rule_of_two_budgets" {
  command = plan
  variables {
    budget_rules = [{ budget_display_name = "all", budget_id = "de72f49d", sweep = "stale" }]
  }
  expect_failures = [var.budget_rules]
}

run "threshold_as_a_percentage" {
  command = plan
  variables {
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale", threshold = 80 }]
  }
  expect_failures = [var.budget_rules]
}

run "budget_without_an_account" {
  command = plan
  variables {
    budgets = { training = { amount = 1000 } }
  }
  expect_failures = [var.budgets]
}

run "budget_of_half_a_euro" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { amount = 0.5 } }
  }
  expect_failures = [var.budgets]
}

run "budget_topic_without_a_project" {
  command = plan
  variables {
    budget_topic = "budgets"
  }
  expect_failures = [var.budget_topic]
}

run "own_topic_as_budget_topic" {
  command = plan
  variables {
    budget_topic = "projects/my-project/topics/lro-cancel-triggers"
  }
  expect_failures = [var.budget_topic]
}

run "sweep_of_a_service_without_a_grant" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "batch", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_of_a_service_that_is_not_allowed" {
  command = plan
  variables {
    allowed_services = ["dataflow.googleapis.com"]
  }
  expect_failures = [var.sweeps]
}

run "sweep_without_targets" {
  command = plan
  variables {
    sweeps = { stale = { targets = [] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_with_a_space_in_its_name" {
  command = plan
  variables {
    sweeps = { "every night" = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "age_in_days" {
  command = plan
  variables {
    sweeps = { stale = { older_than = "1d", targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "age_of_a_target_in_days" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"], older_than = "1d" }] } }
  }
  expect_failures = [var.sweeps]
}

run "limit_of_nothing" {
  command = plan
  variables {
    sweeps = { stale = { limit = 0, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "service_of_unknown_permissions" {
  command = plan
  variables {
    services = { dialogflow = {}, notebooks = {} }
  }
  expect_failures = [var.services]
}

run "service_by_its_host" {
  command = plan
  variables {
    services = { notebooks = {}, "aiplatform.googleapis.com" = {} }
  }
  expect_failures = [var.services]
}

run "permission_that_is_none" {
  command = plan
  variables {
    services = { notebooks = { permissions = ["notebooks.*"] } }
  }
  expect_failures = [var.services]
}

run "editor" {
  command = plan
  variables {
    services = { notebooks = { roles = ["roles/editor"] } }
  }
  expect_failures = [var.services]
}

run "any_project_and_another" {
  command = plan
  variables {
    allowed_projects = ["*", "training"]
  }
  expect_failures = [var.allowed_projects]
}

run "no_service_at_all" {
  command = plan
  variables {
    allowed_services = []
  }
  expect_failures = [var.allowed_services]
}

run "confirm_within_in_minutes" {
  command = plan
  variables {
    confirm_within = "15m"
  }
  expect_failures = [var.confirm_within]
}

run "confirm_within_above_30_days" {
  command = plan
  variables {
    confirm_within = "2592001s"
  }
  expect_failures = [var.confirm_within]
}

run "first_recheck_below_a_second" {
  command = plan
  variables {
    first_recheck_after = "0s"
  }
  expect_failures = [var.first_recheck_after]
}

run "first_recheck_above_300_seconds" {
  command = plan
  variables {
    first_recheck_after = "301s"
  }
  expect_failures = [var.first_recheck_after]
}

run "retention_above_31_days" {
  command = plan
  variables {
    message_retention_duration = "2678401s"
  }
  expect_failures = [var.message_retention_duration]
}

run "too_few_attempts" {
  command = plan
  variables {
    max_delivery_attempts = { requests = 4 }
  }
  expect_failures = [var.max_delivery_attempts]
}

run "many_requests_on_half_a_cpu" {
  command = plan
  variables {
    function_config = { cpu = "0.5" }
  }
  expect_failures = [var.function_config]
}

run "concurrency_above_cloud_runs" {
  command = plan
  variables {
    function_config = { concurrency = 1001 }
  }
  expect_failures = [var.function_config]
}

run "options_of_node_in_two_lines" {
  command = plan
  variables {
    node_options = "--import=./a.js\n--import=./b.js"
  }
  expect_failures = [var.node_options]
}

run "memory_without_a_unit" {
  command = plan
  variables {
    function_config = { memory = "512" }
  }
  expect_failures = [var.function_config]
}

run "more_instances_at_least_than_at_most" {
  command = plan
  variables {
    function_config = { max_instances = 1, min_instances = 2 }
  }
  expect_failures = [var.function_config]
}

run "timeout_below_the_ack_deadline" {
  command = plan
  variables {
    function_config = { timeout_seconds = 30 }
  }
  expect_failures = [var.function_config]
}

run "queue_that_stands_still" {
  command = plan
  variables {
    queue_config = { max_dispatches_per_second = 0 }
  }
  expect_failures = [var.queue_config]
}

run "short_name" {
  command = plan
  variables {
    name = "lro"
  }
  expect_failures = [var.name]
}

run "number_of_a_project" {
  command = plan
  variables {
    project_id = "123456789012"
  }
  expect_failures = [var.project_id]
}

run "zone" {
  command = plan
  variables {
    region = "europe-west1-b"
  }
  expect_failures = [var.region]
}

run "pattern_with_a_comma" {
  command = plan
  variables {
    protected_operations = ["a,b"]
  }
  expect_failures = [var.protected_operations]
}

run "subject_that_is_no_address" {
  command = plan
  variables {
    delegated_subject = "admin"
  }
  expect_failures = [var.delegated_subject]
}

run "keys_of_the_latest_version" {
  command = plan
  variables {
    message_keys = { secret = "lro-cancel-message-keys", version = "latest" }
  }
  expect_failures = [var.message_keys]
}

run "ratio_as_a_percentage" {
  command = plan
  variables {
    alerts = { error_ratio = 10 }
  }
  expect_failures = [var.alerts]
}

run "more_sweeps_than_an_environment_holds" {
  command = plan
  variables {
    sweeps = { for number in range(400) : "sweep-${number}" => {
      targets = [{ service = "notebooks", parents = ["projects/my-project/locations/us-central1"] }]
    } }
  }
  expect_failures = [google_cloudfunctions2_function.this]
}

# Inputs of objects with a misspelled field or a value of another type, which Terraform itself would drop or convert.

run "age_in_camel_case" {
  command = plan
  variables {
    sweeps = { stale = { olderThan = "86400s", targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "exclude_misspelt" {
  command = plan
  variables {
    sweeps = { stale = { dry_run = false, excludes = { name = ["**/keep-*"] }, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "dry_run_in_camel_case" {
  command = plan
  variables {
    sweeps = { stale = { dryRun = true, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "field_of_a_target_misspelt" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }, { service = "notebooks", parent = "projects/my-project" }] } }
  }
  expect_failures = [var.sweeps]
}

run "approvable_as_yes" {
  command = plan
  variables {
    sweeps = { stale = { approvable = "yes", targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "approvable_target" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"], approvable = true }] } }
  }
  expect_failures = [var.sweeps]
}

run "limit_in_a_target" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"], limit = 5 }] } }
  }
  expect_failures = [var.sweeps]
}

run "dry_run_as_yes" {
  command = plan
  variables {
    sweeps = { stale = { dry_run = "yes", targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "dry_run_of_a_target_as_yes" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"], dry_run = "yes" }] } }
  }
  expect_failures = [var.sweeps]
}

run "exclude_as_a_list" {
  command = plan
  variables {
    sweeps = { stale = { exclude = ["**/keep-*"], targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "exclude_as_a_text" {
  command = plan
  variables {
    sweeps = { stale = { exclude = { name = "**/keep-*" }, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "exclude_with_nothing_in_it" {
  command = plan
  variables {
    sweeps = { stale = { exclude = { name = [null] }, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "limit_in_words" {
  command = plan
  variables {
    sweeps = { stale = { limit = "ten", targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "age_as_a_list" {
  command = plan
  variables {
    sweeps = { stale = { older_than = ["86400s"], targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "age_as_a_number" {
  command = plan
  variables {
    sweeps = { stale = { older_than = 86400, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "parents_as_a_text" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = "projects/my-project" }] } }
  }
  expect_failures = [var.sweeps]
}

run "parent_with_a_slash_at_its_end" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "target_without_a_service" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ parents = ["projects/my-project"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_without_a_list_of_targets" {
  command = plan
  variables {
    sweeps = { stale = {} }
  }
  expect_failures = [var.sweeps]
}

run "targets_by_key" {
  command = plan
  variables {
    sweeps = { stale = { targets = { first = { service = "notebooks", parents = ["projects/my-project/locations/-"] } } } }
  }
  expect_failures = [var.sweeps]
}

run "sweeps_as_a_list" {
  command = plan
  variables {
    sweeps = [{ targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] }]
  }
  expect_failures = [var.sweeps]
}

run "dry_run_of_a_job_in_camel_case" {
  command = plan
  variables {
    scheduler_jobs = { nightly = { schedule = "0 3 * * *", sweep = "stale", dryRun = true } }
  }
  expect_failures = [var.scheduler_jobs]
}

run "dry_run_of_a_job_as_yes" {
  command = plan
  variables {
    scheduler_jobs = { nightly = { schedule = "0 3 * * *", sweep = "stale", dry_run = "yes" } }
  }
  expect_failures = [var.scheduler_jobs]
}

run "job_without_a_schedule" {
  command = plan
  variables {
    scheduler_jobs = { nightly = { sweep = "stale" } }
  }
  expect_failures = [var.scheduler_jobs]
}

run "jobs_as_a_list" {
  command = plan
  variables {
    scheduler_jobs = [{ schedule = "0 3 * * *", sweep = "stale" }]
  }
  expect_failures = [var.scheduler_jobs]
}

run "schedule_with_seconds" {
  command = plan
  variables {
    scheduler_jobs = { nightly = { schedule = "0 0 3 * * *", sweep = "stale" } }
  }
  expect_failures = [var.scheduler_jobs]
}

run "schedule_in_a_word" {
  command = plan
  variables {
    scheduler_jobs = { nightly = { schedule = "@daily", sweep = "stale" } }
  }
  expect_failures = [var.scheduler_jobs]
}

run "threshold_misspelt" {
  command = plan
  variables {
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale", treshold = 0.5 }]
  }
  expect_failures = [var.budget_rules]
}

run "forecast_in_camel_case" {
  command = plan
  variables {
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale", onForecast = true }]
  }
  expect_failures = [var.budget_rules]
}

run "threshold_in_words" {
  command = plan
  variables {
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale", threshold = "half" }]
  }
  expect_failures = [var.budget_rules]
}

run "forecast_as_yes" {
  command = plan
  variables {
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale", on_forecast = "yes" }]
  }
  expect_failures = [var.budget_rules]
}

run "rule_without_a_sweep" {
  command = plan
  variables {
    budget_rules = [{ budget_id = "de72f49d" }]
  }
  expect_failures = [var.budget_rules]
}

run "rules_by_key" {
  command = plan
  variables {
    budget_rules = { spent = { budget_id = "de72f49d", sweep = "stale" } }
  }
  expect_failures = [var.budget_rules]
}

run "field_of_a_budget_misspelt" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { amount = 1000, currency = "EUR" } }
  }
  expect_failures = [var.budgets]
}

run "budget_without_an_amount" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { currency_code = "EUR" } }
  }
  expect_failures = [var.budgets]
}

run "thresholds_as_a_number" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { amount = 1000, thresholds = 0.5 } }
  }
  expect_failures = [var.budgets]
}

run "thresholds_as_percentages" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { amount = 1000, thresholds = [0.5, 90] } }
  }
  expect_failures = [var.budgets]
}

run "field_of_a_service_misspelt" {
  command = plan
  variables {
    services = { notebooks = { role = "roles/notebooks.admin" } }
  }
  expect_failures = [var.services]
}

run "roles_as_a_text" {
  command = plan
  variables {
    services = { notebooks = { roles = "roles/notebooks.admin" } }
  }
  expect_failures = [var.services]
}

run "service_that_is_no_object" {
  command = plan
  variables {
    services = { notebooks = true }
  }
  expect_failures = [var.services]
}

run "services_as_a_list" {
  command = plan
  variables {
    services = ["notebooks"]
  }
  expect_failures = [var.services]
}

run "service_in_capitals" {
  command = plan
  variables {
    services = { Notebooks = {}, notebooks = {} }
  }
  expect_failures = [var.services]
}

run "field_of_a_subscription_misspelt" {
  command = plan
  variables {
    result_subscriptions = { pull = { subscriber = ["group:ops@example.com"] } }
  }
  expect_failures = [var.result_subscriptions]
}

run "field_of_a_push_misspelt" {
  command = plan
  variables {
    result_subscriptions = { hook = { push = { endpoint = "https://hook.example.com", service_account = "hook@my-project.iam.gserviceaccount.com" } } }
  }
  expect_failures = [var.result_subscriptions]
}

run "push_without_an_endpoint" {
  command = plan
  variables {
    result_subscriptions = { hook = { push = {} } }
  }
  expect_failures = [var.result_subscriptions]
}

run "deadline_in_words" {
  command = plan
  variables {
    result_subscriptions = { pull = { ack_deadline_seconds = "60s" } }
  }
  expect_failures = [var.result_subscriptions]
}

run "subscribers_as_a_text" {
  command = plan
  variables {
    result_subscriptions = { pull = { subscribers = "group:ops@example.com" } }
  }
  expect_failures = [var.result_subscriptions]
}

run "vertex_ai_without_a_choice" {
  command = plan
  variables {
    services = { aiplatform = {}, notebooks = {} }
  }
  expect_failures = [var.services]
}

run "field_of_an_alert_misspelled" {
  command = plan
  variables {
    alerts = { error_ration = 0.2 }
  }
  expect_failures = [var.alerts]
}

run "alerts_as_a_list" {
  command = plan
  variables {
    alerts = ["error_ratio"]
  }
  expect_failures = [var.alerts]
}

run "alert_that_is_unknown" {
  command = plan
  variables {
    alerts = { disabled = ["errors"] }
  }
  expect_failures = [var.alerts]
}

run "severity_that_is_unknown" {
  command = plan
  variables {
    alerts = { severities = { backlog = "HIGH" } }
  }
  expect_failures = [var.alerts]
}

run "ratio_in_words" {
  command = plan
  variables {
    alerts = { missing_ratio = "few" }
  }
  expect_failures = [var.alerts]
}

run "project_without_an_id" {
  command = plan
  variables {
    allowed_projects = { training = { number = "1" } }
  }
  expect_failures = [var.allowed_projects]
}

run "field_of_a_project_misspelled" {
  command = plan
  variables {
    allowed_projects = { training = { id = "training-eu", nummber = "1" } }
  }
  expect_failures = [var.allowed_projects]
}

run "number_of_a_project_in_words" {
  command = plan
  variables {
    allowed_projects = { training = { id = "training-eu", number = "one" } }
  }
  expect_failures = [var.allowed_projects]
}

run "two_bundles" {
  command = plan
  variables {
    bundle = { dir = "dist", zip = "lro-cancel.zip" }
  }
  expect_failures = [var.bundle]
}

run "checksum_of_a_folder" {
  command = plan
  variables {
    bundle = { dir = "dist", sha256 = "0123" }
  }
  expect_failures = [var.bundle]
}

run "name_of_a_bucket_in_capitals" {
  command = plan
  variables {
    bucket_name = "Bundles"
  }
  expect_failures = [var.bucket_name]
}

run "custom_role_with_a_title" {
  command = plan
  variables {
    custom_role = { title = "cancel" }
  }
  expect_failures = [var.custom_role]
}

run "custom_role_of_two_names" {
  command = plan
  variables {
    custom_role = { id = "lro_cancel", name = "organizations/1/roles/lroCancel" }
  }
  expect_failures = [var.custom_role]
}

run "custom_role_id_with_hyphens" {
  command = plan
  variables {
    custom_role = { id = "lro-cancel" }
  }
  expect_failures = [var.custom_role]
}

run "custom_role_that_is_predefined" {
  command = plan
  variables {
    custom_role = { name = "roles/editor" }
  }
  expect_failures = [var.custom_role]
}

run "key_without_a_repository" {
  command = plan
  variables {
    kms_key = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"
  }
  expect_failures = [var.kms_key]
}

run "key_by_its_version" {
  command = plan
  variables {
    docker_repository = "projects/my-project/locations/europe-west1/repositories/functions"
    kms_key           = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"
  }
  expect_failures = [var.kms_key]
}

run "repository_by_its_address" {
  command = plan
  variables {
    docker_repository = "europe-west1-docker.pkg.dev/my-project/functions"
  }
  expect_failures = [var.docker_repository]
}

run "egress_that_is_unknown" {
  command = plan
  variables {
    vpc = { connector = "projects/p/locations/europe-west1/connectors/c", egress = "ALL" }
  }
  expect_failures = [var.vpc]
}

run "pool_without_a_project" {
  command = plan
  variables {
    worker_pool = "builds"
  }
  expect_failures = [var.worker_pool]
}

run "account_of_another_use" {
  command = plan
  variables {
    service_accounts = { scheduler = "x@my-project.iam.gserviceaccount.com" }
  }
  expect_failures = [var.service_accounts]
}

run "account_of_google" {
  command = plan
  variables {
    service_accounts = { build = "123-compute@developer.gserviceaccount.com" }
  }
  expect_failures = [var.service_accounts]
}

run "topic_of_another_use" {
  command = plan
  variables {
    topics = { rechecks = "projects/my-bus/topics/rechecks" }
  }
  expect_failures = [var.topics]
}

run "topic_by_its_id" {
  command = plan
  variables {
    topics = { requests = "requests" }
  }
  expect_failures = [var.topics]
}

run "one_topic_for_requests_and_results" {
  command = plan
  variables {
    topics = { requests = "projects/my-bus/topics/a", results = "projects/my-bus/topics/a" }
  }
  expect_failures = [var.topics]
}

run "messages_in_a_multi_region" {
  command = plan
  variables {
    message_regions = ["eu"]
  }
  expect_failures = [var.message_regions]
}

run "prefix_that_is_too_long" {
  command = plan
  variables {
    name_prefix = "finance-department"
  }
  expect_failures = [var.name_prefix]
}

run "queue_in_a_zone" {
  command = plan
  variables {
    queue_region = "europe-west1-b"
  }
  expect_failures = [var.queue_region]
}

run "jobs_in_a_zone" {
  command = plan
  variables {
    scheduler_region = "europe-west1-b"
  }
  expect_failures = [var.scheduler_region]
}

run "project_number_that_is_an_id" {
  command = plan
  variables {
    project_number = "my-project"
  }
  expect_failures = [var.project_number]
}

run "runbook_in_the_clear" {
  command = plan
  variables {
    runbook_url = "http://wiki.example.com/runbook"
  }
  expect_failures = [var.runbook_url]
}

run "runbook_with_a_section" {
  command = plan
  variables {
    runbook_url = "https://wiki.example.com/runbook#errors"
  }
  expect_failures = [var.runbook_url]
}

run "goal_as_a_percentage" {
  command = plan
  variables {
    slo = { goal = 99 }
  }
  expect_failures = [var.slo]
}

run "objective_over_a_quarter" {
  command = plan
  variables {
    slo = { rolling_days = 90 }
  }
  expect_failures = [var.slo]
}

run "little_memory_for_four_cpus" {
  command = plan
  variables {
    function_config = { cpu = "4", memory = "512Mi" }
  }
  expect_failures = [var.function_config]
}

run "much_memory_for_one_cpu" {
  command = plan
  variables {
    function_config = { memory = "8Gi" }
  }
  expect_failures = [var.function_config]
}

run "budget_of_two_amounts" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { amount = 1000, last_period_amount = true } }
  }
  expect_failures = [var.budgets]
}

run "budget_of_a_week" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { training = { amount = 1000, calendar_period = "WEEK" } }
  }
  expect_failures = [var.budgets]
}

run "two_budgets_of_one_name" {
  command = plan
  variables {
    billing_account = "012345-567890-ABCDEF"
    budgets         = { a = { amount = 1000, display_name = "all" }, b = { amount = 1, display_name = "all" } }
  }
  expect_failures = [var.budgets]
}

run "budget_of_any_project" {
  command = plan
  variables {
    allowed_projects = ["*"]
    billing_account  = "012345-567890-ABCDEF"
    budgets          = { training = { amount = 1000 } }
  }
  expect_failures = [var.budgets]
}

run "bundle_that_is_missing" {
  command = plan
  variables {
    bundle = { dir = "./tests/fixtures" }
  }
  expect_failures = [data.archive_file.bundle]
}

run "zip_that_is_missing" {
  command = plan
  variables {
    bundle = { zip = "./lro-cancel.zip" }
  }
  expect_failures = [google_storage_bucket_object.bundle]
}

run "zip_of_another_content" {
  command = plan
  variables {
    bundle = { zip = "./tests/fixtures/bundle.zip", sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
  }
  expect_failures = [google_storage_bucket_object.bundle]
}

run "environment_of_many_bytes" {
  command = plan
  variables {
    # 16,500 characters, 33,000 bytes
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"], filter = replace(format("%016500d", 0), "0", "é") }] } }
  }
  expect_failures = [google_cloudfunctions2_function.this]
}

run "sweep_of_a_project_that_is_not_allowed" {
  command = plan
  variables {
    allowed_projects = ["training-eu"]
    sweeps           = { stale = { targets = [{ service = "notebooks", parents = ["projects/training-us/locations/us-central1"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "sweep_of_another_project_than_the_own" {
  command = plan
  variables {
    sweeps = { stale = { targets = [{ service = "notebooks", parents = ["projects/training-us/locations/us-central1"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "all_locations_of_a_service_with_hosts_for_each" {
  command = plan
  variables {
    services = { aiplatform = { permissions = [] }, notebooks = {} }
    sweeps   = { stale = { targets = [{ service = "aiplatform", parents = ["projects/my-project/locations/-"] }] } }
  }
  expect_failures = [var.sweeps]
}

run "goal_in_words" {
  command = plan
  variables {
    slo = { goal = "high" }
  }
  expect_failures = [var.slo]
}

run "objective_as_yes" {
  command = plan
  variables {
    slo = { enabled = "yes" }
  }
  expect_failures = [var.slo]
}

run "field_of_an_objective_misspelled" {
  command = plan
  variables {
    slo = { goals = 0.9 }
  }
  expect_failures = [var.slo]
}

run "attempts_in_words" {
  command = plan
  variables {
    max_delivery_attempts = { requests = "many" }
  }
  expect_failures = [var.max_delivery_attempts]
}

run "rate_in_words" {
  command = plan
  variables {
    queue_config = { max_dispatches_per_second = "fast" }
  }
  expect_failures = [var.queue_config]
}

run "concurrency_in_words" {
  command = plan
  variables {
    function_config = { concurrency = "many" }
  }
  expect_failures = [var.function_config]
}

run "cpu_in_words" {
  command = plan
  variables {
    function_config = { cpu = "two" }
  }
  expect_failures = [var.function_config]
}

run "field_of_the_size_misspelled" {
  command = plan
  variables {
    function_config = { max_instance = 3 }
  }
  expect_failures = [var.function_config]
}

run "object_without_a_bucket" {
  command = plan
  variables {
    bundle = { gcs = { object = "lro-cancel.zip" } }
  }
  expect_failures = [var.bundle]
}

run "object_with_a_generation" {
  command = plan
  variables {
    bundle = { gcs = { bucket = "releases", object = "lro-cancel.zip", generation = 1 } }
  }
  expect_failures = [var.bundle]
}

run "keys_without_a_secret" {
  command = plan
  variables {
    message_keys = { version = "1" }
  }
  expect_failures = [var.message_keys]
}

run "keys_in_a_project_by_number" {
  command = plan
  variables {
    message_keys = { secret = "keys", version = "1", project_id = "123456789012" }
  }
  expect_failures = [var.message_keys]
}

run "network_without_a_connector" {
  command = plan
  variables {
    vpc = { egress = "ALL_TRAFFIC" }
  }
  expect_failures = [var.vpc]
}

run "egress_misspelled" {
  command = plan
  variables {
    vpc = { connector = "functions", egres = "ALL_TRAFFIC" }
  }
  expect_failures = [var.vpc]
}

# Last, because a plan of another run would change what this one leaves.
run "parents_that_are_right" {
  variables {
    allowed_projects = ["training-eu"]
    sweeps = { stale = { targets = [
      { service = "notebooks", parents = ["projects/training-eu/locations/-", "projects/123456789012/locations/us-central1"] },
    ] } }
  }
}
