# Grants: each identity has those that it needs, and no others.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "identities" {
  assert {
    condition = (
      google_cloudfunctions2_function.this.service_config[0].service_account_email == "lro-cancel@my-project.iam.gserviceaccount.com" &&
      google_service_account.function[0].account_id == "lro-cancel" &&
      google_service_account.push[0].account_id == "lro-cancel-push" &&
      google_service_account.tasks[0].account_id == "lro-cancel-tasks"
    )
    error_message = "The function, the pushes and the tasks have an account each."
  }
}

run "function" {
  assert {
    condition     = toset(values(google_pubsub_topic_iam_member.function_publishes)[*].topic) == toset(["lro-cancel-requests", "lro-cancel-rechecks", "lro-cancel-results"])
    error_message = "The function publishes requests, re-checks and results, and never triggers."
  }
  assert {
    condition = alltrue([for grant in google_pubsub_topic_iam_member.function_publishes :
      grant.role == "roles/pubsub.publisher" && grant.member == "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    ])
    error_message = "The grant to publish belongs to the function's account, and is only that of a publisher."
  }
  assert {
    condition = (
      google_cloud_tasks_queue_iam_member.function_enqueues.role == "roles/cloudtasks.enqueuer" &&
      google_cloud_tasks_queue_iam_member.function_enqueues.name == "lro-cancel-rechecks" &&
      google_cloud_tasks_queue_iam_member.function_enqueues.member == "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    )
    error_message = "The function may put tasks into the queue of the re-checks."
  }
  assert {
    condition     = length(google_cloud_tasks_queue_iam_member.function_views_tasks) == 0
    error_message = "Without budget rules the function may not view tasks."
  }
  assert {
    condition = (
      google_service_account_iam_member.function_acts_as_tasks.service_account_id == "projects/my-project/serviceAccounts/lro-cancel-tasks@my-project.iam.gserviceaccount.com" &&
      google_service_account_iam_member.function_acts_as_tasks.role == "roles/iam.serviceAccountUser" &&
      google_service_account_iam_member.function_acts_as_tasks.member == "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    )
    error_message = "The function may create tasks that act as the tasks' account."
  }
  assert {
    condition     = length(google_service_account_iam_member.function_signs_for_itself) == 0
    error_message = "Without delegated_subject the function may not sign."
  }
}

run "tasks" {
  assert {
    condition = (
      google_pubsub_topic_iam_member.tasks_publish_rechecks.topic == "lro-cancel-rechecks" &&
      google_pubsub_topic_iam_member.tasks_publish_rechecks.role == "roles/pubsub.publisher" &&
      google_pubsub_topic_iam_member.tasks_publish_rechecks.member == "serviceAccount:lro-cancel-tasks@my-project.iam.gserviceaccount.com"
    )
    error_message = "The tasks' account publishes re-checks."
  }
}

run "push" {
  assert {
    condition = (
      google_cloud_run_v2_service_iam_member.push_invokes.name == "lro-cancel" &&
      google_cloud_run_v2_service_iam_member.push_invokes.role == "roles/run.invoker" &&
      google_cloud_run_v2_service_iam_member.push_invokes.member == "serviceAccount:lro-cancel-push@my-project.iam.gserviceaccount.com"
    )
    error_message = "The push identity may call the function."
  }
  assert {
    condition = (
      google_service_account_iam_member.pubsub_signs_pushes.service_account_id == "projects/my-project/serviceAccounts/lro-cancel-push@my-project.iam.gserviceaccount.com" &&
      google_service_account_iam_member.pubsub_signs_pushes.role == "roles/iam.serviceAccountOpenIdTokenCreator" &&
      google_service_account_iam_member.pubsub_signs_pushes.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    )
    error_message = "Pub/Sub may create tokens of the push identity, and of no other account."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"
    error_message = "The function cannot be reached from the internet."
  }
}

run "nobody_else_by_default" {
  assert {
    condition = (
      length(google_pubsub_topic_iam_member.requests_from) == 0 &&
      length(google_pubsub_topic_iam_member.triggers_from) == 0 &&
      length(google_pubsub_topic_iam_member.triggers_from_billing) == 0 &&
      length(google_pubsub_subscription_iam_member.results_to) == 0
    )
    error_message = "By default no member may publish requests or triggers, or read results."
  }
}

run "publishers" {
  variables {
    request_publishers = ["group:finops@example.com"]
    trigger_publishers = ["user:someone@example.com"]
  }
  assert {
    condition = { for key, grant in google_pubsub_topic_iam_member.requests_from : grant.member => "${grant.topic} ${grant.role}" } == {
      "group:finops@example.com" = "lro-cancel-requests roles/pubsub.publisher"
    }
    error_message = "The given members may publish requests."
  }
  assert {
    condition = { for key, grant in google_pubsub_topic_iam_member.triggers_from : grant.member => "${grant.topic} ${grant.role}" } == {
      "user:someone@example.com" = "lro-cancel-triggers roles/pubsub.publisher"
    }
    error_message = "The given members may publish triggers."
  }
}

run "budgets" {
  variables {
    sweeps       = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale" }]
  }
  assert {
    condition = (
      google_cloud_tasks_queue_iam_member.function_views_tasks[0].role == "roles/cloudtasks.viewer" &&
      google_cloud_tasks_queue_iam_member.function_views_tasks[0].name == "lro-cancel-rechecks" &&
      google_cloud_tasks_queue_iam_member.function_views_tasks[0].member == "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    )
    error_message = "With budget rules the function may check whether a task exists."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.triggers_from_billing[0].member == "serviceAccount:billing-budget-alert@system.gserviceaccount.com"
    error_message = "A budget that is made elsewhere may publish triggers, too."
  }
}

run "approvals" {
  variables {
    sweeps = { stale = { approvable = true, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
  assert {
    condition = (
      google_cloud_tasks_queue_iam_member.function_views_tasks[0].role == "roles/cloudtasks.viewer" &&
      google_cloud_tasks_queue_iam_member.function_enqueues.role == "roles/cloudtasks.enqueuer"
    )
    error_message = "Where a dry run can be approved, the function may get tasks, and see what they hold."
  }
}

run "sweeps_that_cannot_be_approved" {
  variables {
    sweeps = {
      other = { approvable = false, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] }
      stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] }
    }
  }
  assert {
    condition     = length(google_cloud_tasks_queue_iam_member.function_views_tasks) == 0
    error_message = "Without budget rules and approvable sweeps the function looks at no task."
  }
}

run "budgets_on_a_topic_of_their_own" {
  variables {
    sweeps       = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
    budget_rules = [{ budget_id = "de72f49d", sweep = "stale" }]
    budget_topic = "projects/billing/topics/budgets"
  }
  assert {
    condition     = length(google_pubsub_topic_iam_member.triggers_from_billing) == 0
    error_message = "Budgets that publish to another topic may not publish triggers."
  }
}

run "build" {
  assert {
    condition = (
      google_service_account.build[0].account_id == "lro-cancel-build" &&
      google_cloudfunctions2_function.this.build_config[0].service_account == "projects/my-project/serviceAccounts/lro-cancel-build@my-project.iam.gserviceaccount.com"
    )
    error_message = "The build has an account of its own: the default account has no roles in new organizations."
  }
  assert {
    condition = toset([for grant in [
      google_project_iam_member.build_reads_sources[0], google_project_iam_member.build_writes_images[0], google_project_iam_member.build_writes_logs[0],
      ] : "${grant.project} ${grant.role} ${grant.member}"]) == toset([
      for role in ["roles/artifactregistry.writer", "roles/logging.logWriter", "roles/storage.objectViewer"] :
      "my-project ${role} serviceAccount:lro-cancel-build@my-project.iam.gserviceaccount.com"
    ])
    error_message = "The build may read sources, write images and write its log, and nothing else."
  }
}

run "message_keys" {
  variables {
    message_keys = { secret = "lro-cancel-message-keys", version = "2" }
  }
  assert {
    condition = one([
      for secret in google_cloudfunctions2_function.this.service_config[0].secret_environment_variables :
      "${secret.key} ${secret.project_id} ${secret.secret} ${secret.version}"
    ]) == "MESSAGE_KEYS my-project lro-cancel-message-keys 2"
    error_message = "The function gets the keys from the version of the secret."
  }
  assert {
    condition = (
      google_secret_manager_secret_iam_member.function_reads_message_keys[0].secret_id == "lro-cancel-message-keys" &&
      google_secret_manager_secret_iam_member.function_reads_message_keys[0].role == "roles/secretmanager.secretAccessor" &&
      google_secret_manager_secret_iam_member.function_reads_message_keys[0].member == "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    )
    error_message = "The function may read that secret."
  }
  assert {
    condition     = contains(keys(google_project_service.required), "secretmanager.googleapis.com")
    error_message = "Reading a secret requires the Secret Manager API."
  }
}

run "delegation" {
  variables {
    delegated_subject = "admin@example.com"
  }
  assert {
    condition = (
      google_service_account_iam_member.function_signs_for_itself[0].service_account_id == "projects/my-project/serviceAccounts/lro-cancel@my-project.iam.gserviceaccount.com" &&
      google_service_account_iam_member.function_signs_for_itself[0].role == google_project_iam_custom_role.sign_jwt[0].name &&
      google_project_iam_custom_role.sign_jwt[0].permissions == toset(["iam.serviceAccounts.signJwt"]) &&
      google_service_account_iam_member.function_signs_for_itself[0].member == "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    )
    error_message = "With delegated_subject the function may sign as itself, and as no other account."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.DELEGATED_SUBJECT == "admin@example.com"
    error_message = "The function gets the delegated subject."
  }
  assert {
    condition     = contains(keys(google_project_service.required), "iamcredentials.googleapis.com")
    error_message = "Signing requires the IAM Credentials API."
  }
}
