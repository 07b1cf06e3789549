# Options for organizations with policies: keys, networks, accounts, topics, regions and names of their own.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "regions" {
  variables {
    region           = "europe-west4"
    queue_region     = "europe-west1"
    scheduler_region = "europe-west3"
    sweeps           = { stale = { targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
    scheduler_jobs   = { nightly = { schedule = "0 3 * * *", sweep = "stale" } }
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.location == "europe-west4" &&
      google_cloud_tasks_queue.rechecks.location == "europe-west1" &&
      google_cloud_scheduler_job.sweep["nightly"].region == "europe-west3"
    )
    error_message = "The queue and the jobs can be in other regions than the function."
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.RECHECK_QUEUE == "projects/my-project/locations/europe-west1/queues/lro-cancel-rechecks"
    error_message = "The function knows the queue by its own region."
  }
}

run "key" {
  variables {
    kms_key           = "projects/keys/locations/europe-west1/keyRings/functions/cryptoKeys/lro-cancel"
    docker_repository = "projects/images/locations/europe-west1/repositories/functions"
  }
  assert {
    condition = alltrue([for key in [
      google_cloudfunctions2_function.this.kms_key_name,
      google_pubsub_topic.dead_letters.kms_key_name,
      google_pubsub_topic.rechecks.kms_key_name,
      google_pubsub_topic.requests[0].kms_key_name,
      google_pubsub_topic.results[0].kms_key_name,
      google_pubsub_topic.triggers.kms_key_name,
      google_storage_bucket.bundles[0].encryption[0].default_kms_key_name,
    ] : key == "projects/keys/locations/europe-west1/keyRings/functions/cryptoKeys/lro-cancel"])
    error_message = "Topics, bucket and function are encrypted with the key."
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.build_config[0].docker_repository == "projects/images/locations/europe-west1/repositories/functions" &&
      length(google_project_iam_member.build_writes_images) == 0 &&
      google_artifact_registry_repository_iam_member.build_writes_images[0].project == "images" &&
      google_artifact_registry_repository_iam_member.build_writes_images[0].location == "europe-west1" &&
      google_artifact_registry_repository_iam_member.build_writes_images[0].repository == "functions"
    )
    error_message = "The build writes images to the given repository, and may write to no other."
  }
  assert {
    condition     = contains(output.kms_members, "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com") && length(output.kms_members) == 5
    error_message = "The output names the service agents that use the key."
  }
}

run "network" {
  variables {
    binary_authorization_policy = "default"
    vpc                         = { connector = "projects/network/locations/europe-west1/connectors/functions", egress = "ALL_TRAFFIC" }
    worker_pool                 = "projects/builds/locations/europe-west1/workerPools/private"
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.service_config[0].vpc_connector == "projects/network/locations/europe-west1/connectors/functions" &&
      google_cloudfunctions2_function.this.service_config[0].vpc_connector_egress_settings == "ALL_TRAFFIC" &&
      google_cloudfunctions2_function.this.service_config[0].binary_authorization_policy == "default" &&
      google_cloudfunctions2_function.this.build_config[0].worker_pool == "projects/builds/locations/europe-west1/workerPools/private"
    )
    error_message = "The function goes through the connector, and its build through the pool."
  }
}

run "own_accounts" {
  variables {
    service_accounts = {
      build    = "build@accounts.iam.gserviceaccount.com"
      function = "canceller@accounts.iam.gserviceaccount.com"
      push     = "pusher@accounts.iam.gserviceaccount.com"
      tasks    = "tasks@accounts.iam.gserviceaccount.com"
    }
  }
  assert {
    condition     = length(google_service_account.build) + length(google_service_account.function) + length(google_service_account.push) + length(google_service_account.tasks) == 0
    error_message = "No account is made where all are given."
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.service_config[0].service_account_email == "canceller@accounts.iam.gserviceaccount.com" &&
      google_cloudfunctions2_function.this.service_config[0].environment_variables.TASKS_SERVICE_ACCOUNT == "tasks@accounts.iam.gserviceaccount.com" &&
      google_cloudfunctions2_function.this.build_config[0].service_account == "projects/accounts/serviceAccounts/build@accounts.iam.gserviceaccount.com" &&
      google_pubsub_subscription.push["requests"].push_config[0].oidc_token[0].service_account_email == "pusher@accounts.iam.gserviceaccount.com"
    )
    error_message = "The given accounts are used."
  }
  assert {
    condition = (
      google_service_account_iam_member.function_acts_as_tasks.service_account_id == "projects/accounts/serviceAccounts/tasks@accounts.iam.gserviceaccount.com" &&
      google_service_account_iam_member.function_acts_as_tasks.member == "serviceAccount:canceller@accounts.iam.gserviceaccount.com" &&
      google_cloud_run_v2_service_iam_member.push_invokes.member == "serviceAccount:pusher@accounts.iam.gserviceaccount.com" &&
      google_pubsub_topic_iam_member.tasks_publish_rechecks.member == "serviceAccount:tasks@accounts.iam.gserviceaccount.com"
    )
    error_message = "The given accounts get the same roles."
  }
  assert {
    condition     = length(google_project_iam_member.build_writes_logs) == 0
    error_message = "A build account of yours gets no roles here."
  }
}

run "own_topics" {
  variables {
    message_regions = ["europe-west1"]
    topics          = { requests = "projects/bus/topics/cancel", results = "projects/bus/topics/cancelled" }
  }
  assert {
    condition     = length(google_pubsub_topic.requests) + length(google_pubsub_topic.results) == 0
    error_message = "Given topics are not made."
  }
  assert {
    condition = (
      google_pubsub_subscription.push["requests"].topic == "projects/bus/topics/cancel" &&
      endswith(google_pubsub_subscription.push["requests"].push_config[0].push_endpoint, "/projects/bus/topics/cancel") &&
      google_pubsub_subscription.results["pull"].topic == "projects/bus/topics/cancelled" &&
      google_cloudfunctions2_function.this.service_config[0].environment_variables.REQUESTS_TOPIC == "projects/bus/topics/cancel" &&
      google_cloudfunctions2_function.this.service_config[0].environment_variables.RESULTS_TOPIC == "projects/bus/topics/cancelled"
    )
    error_message = "The function reads requests from, and publishes results to, the given topics."
  }
  assert {
    condition = { for key, grant in google_pubsub_topic_iam_member.function_publishes : key => "${grant.project} ${grant.topic}" } == {
      rechecks = "my-project lro-cancel-rechecks", requests = "bus cancel", results = "bus cancelled"
    }
    error_message = "The function may publish to the given topics, in their project."
  }
  assert {
    condition     = google_pubsub_topic.rechecks.message_storage_policy[0].allowed_persistence_regions == toset(["europe-west1"])
    error_message = "Messages stay in the given regions."
  }
}

run "names" {
  variables {
    # The runs of a file share a state, so this one renames what those before it deployed.
    deletion_protection = false
    bucket_name         = "my-company-bundles"
    name_prefix         = "fin"
  }
  assert {
    condition = (
      google_cloudfunctions2_function.this.name == "fin-lro-cancel" &&
      google_pubsub_topic.requests[0].name == "fin-lro-cancel-requests" &&
      google_cloud_tasks_queue.rechecks.name == "fin-lro-cancel-rechecks" &&
      google_service_account.push[0].account_id == "fin-lro-cancel-push" &&
      google_storage_bucket.bundles[0].name == "my-company-bundles" &&
      google_cloudfunctions2_function.this.service_config[0].environment_variables.REQUESTS_TOPIC == "projects/my-project/topics/fin-lro-cancel-requests"
    )
    error_message = "All names begin with the prefix; the bucket has the given name."
  }
}

run "role_of_the_organization" {
  variables {
    allowed_projects    = ["training-eu"]
    deletion_protection = false
    custom_role         = { name = "organizations/123/roles/lroCancel" }
  }
  assert {
    condition = (
      length(google_project_iam_custom_role.operations) == 0 &&
      google_project_iam_member.function_cancels["training-eu"].role == "organizations/123/roles/lroCancel"
    )
    error_message = "An existing role is granted, and none is made."
  }
}

run "another_role_id" {
  variables {
    custom_role = { id = "lro_cancel_2" }
  }
  assert {
    condition     = google_project_iam_custom_role.operations["own"].role_id == "lro_cancel_2"
    error_message = "The role can have another id, because that of a deleted role is blocked for weeks."
  }
}

run "any_project" {
  variables {
    allowed_projects = ["*"]
  }
  assert {
    condition     = google_cloudfunctions2_function.this.service_config[0].environment_variables.ALLOWED_PROJECTS == "*"
    error_message = "The function may cancel in any project where it has the permission."
  }
  assert {
    condition     = length(google_project_iam_member.function_cancels) == 0 && length(google_project_iam_custom_role.operations) == 0
    error_message = "The module grants nothing: roles are granted in folders or the organization."
  }
  assert {
    condition     = output.permissions == toset(["notebooks.operations.cancel", "notebooks.operations.get", "notebooks.operations.list"])
    error_message = "The output lists the permissions of such a role."
  }
}

run "without_apis" {
  override_data {
    target = data.google_project.own
    values = { number = "123456789012" }
  }
  variables {
    enable_apis = false
  }
  assert {
    condition     = length(google_project_service_identity.agent) == 0 && length(time_sleep.apis) == 0
    error_message = "Without enable_apis the module makes no service agents and does not wait."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.pubsub_publishes_dead_letters.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    error_message = "The agent of Pub/Sub is named by the project's number."
  }
}
