# The examples can be applied, with all validations of the module. `npm run test:infra` also gives their environments to
# the function's own parser of settings (src/settings/settings.ts).

mock_provider "google" {
  source = "./tests/mocks/google"
  mock_resource "google_service_account" {
    defaults = {
      email  = "mock@my-project.iam.gserviceaccount.com"
      member = "serviceAccount:mock@my-project.iam.gserviceaccount.com"
      name   = "projects/my-project/serviceAccounts/mock@my-project.iam.gserviceaccount.com"
    }
  }
}

# The targets in mocks/ are addresses in the module itself; in an example the module has another address.
override_resource {
  target = module.lro_cancel.google_pubsub_topic.requests
  values = { id = "projects/my-project/topics/lro-cancel-requests" }
}
override_resource {
  target = module.lro_cancel.google_pubsub_topic.rechecks
  values = { id = "projects/my-project/topics/lro-cancel-rechecks" }
}
override_resource {
  target = module.lro_cancel.google_pubsub_topic.triggers
  values = { id = "projects/my-project/topics/lro-cancel-triggers" }
}
override_resource {
  target = module.lro_cancel.google_pubsub_topic.dead_letters
  values = { id = "projects/my-project/topics/lro-cancel-dead-letters" }
}
override_resource {
  target = module.lro_cancel.google_pubsub_topic.results
  values = { id = "projects/my-project/topics/lro-cancel-results" }
}

mock_provider "google-beta" { source = "./tests/mocks/google-beta" }

mock_provider "google" {
  alias  = "billing"
  source = "./tests/mocks/google"
}

# Nothing is archived, and no test waits. A mocked provider would not apply inside of the module.
override_data {
  target = module.lro_cancel.data.archive_file.bundle
  values = { output_sha256 = "0123abcd" }
}
override_resource {
  target = module.lro_cancel.time_sleep.apis
}
override_resource {
  target = module.lro_cancel.time_sleep.grants
}
override_resource {
  target = module.lro_cancel.time_sleep.metrics
}

# The region is the default of each example, not the one in terraform.tfvars.
variables {
  region = null
}

run "minimal" {
  module {
    source = "./examples/minimal"
  }
  variables {
    project_id = "my-project"
  }
  assert {
    condition     = output.publish_command == "gcloud pubsub topics publish projects/my-project/topics/lro-cancel-requests --message='{\"dryRun\":true,\"operation\":\"//notebooks.googleapis.com/projects/my-project/locations/europe-west1/operations/OPERATION\",\"requestId\":\"first\"}'"
    error_message = "The output has a command that publishes a request for an operation of the example's service."
  }
}

run "budget_and_scheduler" {
  module {
    source = "./examples/budget-and-scheduler"
  }
  variables {
    billing_account     = "012345-567890-ABCDEF"
    on_call_email       = "oncall@example.com"
    project_id          = "my-project"
    training_project_id = "my-training"
  }
  assert {
    condition     = output.service_accounts.function == "mock@my-project.iam.gserviceaccount.com"
    error_message = "The output has the service accounts."
  }
}

run "release" {
  module {
    source = "./examples/release"
  }
  variables {
    function_sha256 = "a9b31ac10dfd2d19a76072d89facc93b4af33122d5444b6f4bfc53c9f73db083"
    function_zip    = "./tests/fixtures/bundle.zip"
    project_id      = "my-project"
  }
  assert {
    condition     = output.publish_command != ""
    error_message = "A release's zip is deployed without a build."
  }
}

# The ids of the projects are random, and so unknown in the plan of this run.
run "new_project" {
  override_resource {
    target = google_project.host
    values = { number = "123456789012" }
  }
  module {
    source = "./examples/new-project"
  }
  variables {
    billing_account = "012345-567890-ABCDEF"
    folder_id       = "folders/123"
  }
  assert {
    condition     = endswith(output.topics.requests, "/topics/lro-cancel-requests")
    error_message = "The module is made together with its projects."
  }
}
