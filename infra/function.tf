locals {
  # The settings of docs/settings.md, as src/settings/settings.ts spells them. PUBSUB_EMULATOR_HOST and GOOGLE_API_ENDPOINT are
  # for a developer's machine and are never set here. A setting that is left out has the function's own default.
  #
  # All values are known when a plan is made, or at the latest after the first apply: an update that adds one that is
  # known only after apply loses all variables in the plan and fails in the apply
  # (https://github.com/hashicorp/terraform-provider-google/issues/26979). So nothing here may be an attribute of a
  # resource that can be added later.
  environment = merge(
    {
      ALLOWED_SERVICES     = join(",", var.allowed_services)
      CONFIRM_WITHIN       = var.confirm_within
      DEAD_LETTER_TOPIC    = local.topic_names.dead_letters
      FIRST_RECHECK_AFTER  = var.first_recheck_after
      GOOGLE_CLOUD_PROJECT = var.project_id
      # Google's default for functions is true, which has the framework rewrite each line of the log.
      LOG_EXECUTION_ID      = "false"
      NODE_OPTIONS          = trimspace("--max-semi-space-size=${local.semi_space_mib} ${var.node_options}")
      PROJECT_NUMBERS       = join(",", local.project_numbers)
      RECHECKS_TOPIC        = local.topic_names.rechecks
      RECHECK_DELAY         = "cloud-tasks"
      RECHECK_QUEUE         = local.queue_name
      REQUESTS_TOPIC        = local.topic_names.requests
      RESULTS_TOPIC         = local.topic_names.results
      TASKS_SERVICE_ACCOUNT = local.account_names.tasks
      TRIGGERS_TOPIC        = local.topic_names.triggers
    },
    length(local.allowed_jobs) == 0 ? {} : { ALLOWED_JOBS = join(",", local.allowed_jobs) },
    # Without the setting, the function's own project, by its id and its number.
    length(var.allowed_projects) == 0 ? {} : {
      ALLOWED_PROJECTS = local.any_project ? "*" : join(",", flatten([
        for project in local.named_projects : [project.id, project.number]
      ]))
    },
    length(var.budget_rules) == 0 ? {} : { BUDGETS = jsonencode(local.budget_rules) },
    var.delegated_subject == null ? {} : { DELEGATED_SUBJECT = var.delegated_subject },
    length(var.protected_operations) == 0 ? {} : { PROTECTED_OPERATIONS = join(",", var.protected_operations) },
    length(var.sweeps) == 0 ? {} : { SWEEPS = jsonencode(local.sweeps) },
  )

  # The room for young objects in the heap, in MiB. In an instance of 512 MiB, Node would choose 1, and collect garbage
  # for every ten messages (https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib).
  semi_space_mib = max(1, min(16, floor(local.memory_mib / 32)))
  memory_mib     = tonumber(regex("^[0-9]+", local.function_config.memory)) * local.mib_of_units[regex("[A-Za-z]+$", local.function_config.memory)]
  mib_of_units   = { M = 0.954, Mi = 1, G = 953.7, Gi = 1024 }

  # Settings that are secrets, by the versions that hold them.
  secret_environment = { for name, secret in {
    MESSAGE_KEYS = local.message_keys
  } : name => secret if secret != null }

  function_config = {
    concurrency     = coalesce(tonumber(try(var.function_config.concurrency, null)), 80)
    cpu             = coalesce(tostring(try(var.function_config.cpu, null)), "1")
    max_instances   = coalesce(tonumber(try(var.function_config.max_instances, null)), 10)
    memory          = coalesce(tostring(try(var.function_config.memory, null)), "512Mi")
    min_instances   = coalesce(tonumber(try(var.function_config.min_instances, null)), 0)
    timeout_seconds = coalesce(tonumber(try(var.function_config.timeout_seconds, null)), 60)
  }
  message_keys = one([for keys in var.message_keys[*] : {
    project_id = coalesce(tostring(try(keys.project_id, null)), var.project_id)
    secret     = tostring(keys.secret)
    version    = tostring(keys.version)
  }])
  vpc = one([for vpc in var.vpc[*] : {
    connector = tostring(vpc.connector)
    egress    = coalesce(tostring(try(vpc.egress, null)), "PRIVATE_RANGES_ONLY")
  }])

  # Bytes of each variable in UTF-8: base64 makes four characters of three bytes.
  environment_bytes = { for name, value in local.environment : name =>
    length(base64encode(value)) * 3 / 4 - length(regexall("=", substr(base64encode(value), -2, 2)))
  }
}

resource "google_cloudfunctions2_function" "this" {
  project      = var.project_id
  location     = var.region
  name         = local.name
  description  = "Cancels long-running operations on request and publishes how each ended."
  labels       = var.labels
  kms_key_name = var.kms_key

  build_config {
    runtime           = "nodejs24"
    entry_point       = "cancelOperation"
    service_account   = local.account_ids.build
    docker_repository = var.docker_repository
    worker_pool       = var.worker_pool

    source {
      storage_source {
        bucket = local.bundle_object.bucket
        object = local.bundle_object.object
      }
    }
  }

  # There is no event_trigger: the push subscriptions of subscriptions.tf deliver, so that retries, back-off and dead
  # letters are configured there and not by Eventarc.
  service_config {
    available_cpu                    = local.function_config.cpu
    available_memory                 = local.function_config.memory
    max_instance_request_concurrency = local.function_config.concurrency
    min_instance_count               = local.function_config.min_instances
    max_instance_count               = local.function_config.max_instances
    timeout_seconds                  = local.function_config.timeout_seconds
    environment_variables            = local.environment
    service_account_email            = local.accounts.function
    binary_authorization_policy      = var.binary_authorization_policy
    vpc_connector                    = local.vpc == null ? null : local.vpc.connector
    vpc_connector_egress_settings    = local.vpc == null ? null : local.vpc.egress

    dynamic "secret_environment_variables" {
      for_each = local.secret_environment

      content {
        key        = secret_environment_variables.key
        project_id = secret_environment_variables.value.project_id
        secret     = secret_environment_variables.value.secret
        version    = secret_environment_variables.value.version
      }
    }

    # Pub/Sub's pushes from subscriptions of the same project count as internal.
    ingress_settings               = "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision = true
  }

  lifecycle {
    precondition {
      condition = alltrue([for bytes in values(local.environment_bytes) : bytes <= 32768])
      error_message = "Cloud Run accepts 32,768 bytes in an environment variable: ${join(", ", [
        for name, bytes in local.environment_bytes : "${name} has ${bytes}" if bytes > 32768
      ])}."
    }
  }

  # A revision that starts before its grants exist would fail its first messages.
  depends_on = [time_sleep.grants]
}

# After an update that failed, the state can have the new settings while the old revision serves, and a plan can be
# empty. These checks show it, as warnings of each plan.
check "function_serves_its_newest_revision" {
  data "google_cloud_run_v2_service" "this" {
    project  = var.project_id
    location = var.region
    name     = google_cloudfunctions2_function.this.name
  }

  assert {
    condition     = data.google_cloud_run_v2_service.this.latest_ready_revision == data.google_cloud_run_v2_service.this.latest_created_revision
    error_message = "The newest revision of ${local.name} is not ready, and an older one serves with older settings. Its log has the reason: docs/operations.md#revision."
  }
}

check "function_is_active" {
  assert {
    condition     = google_cloudfunctions2_function.this.state == "ACTIVE"
    error_message = "The function ${local.name} is ${google_cloudfunctions2_function.this.state}, not ACTIVE: docs/operations.md#revision."
  }
}
