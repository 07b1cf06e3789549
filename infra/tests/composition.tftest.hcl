# The function's environment is known when a plan is made: an update that adds a value which is known only after apply
# would fail (https://github.com/hashicorp/terraform-provider-google/issues/26979). The provider's mocks cannot show
# that failure, so the fixture counts the settings in its plan.

mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }

override_resource {
  target = module.lro_cancel.google_service_account.function
  values = { email = "lro-cancel@my-project.iam.gserviceaccount.com" }
}
override_resource {
  target = module.lro_cancel.google_service_account.push
  values = { email = "lro-cancel-push@my-project.iam.gserviceaccount.com" }
}
override_resource {
  target = module.lro_cancel.google_service_account.tasks
  values = { email = "lro-cancel-tasks@my-project.iam.gserviceaccount.com" }
}
override_resource {
  target = module.lro_cancel.google_service_account.build
  values = { email = "lro-cancel-build@my-project.iam.gserviceaccount.com" }
}
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
override_resource {
  target = module.lro_cancel.time_sleep.apis
}
override_resource {
  target = module.lro_cancel.time_sleep.grants
}
override_resource {
  target = module.lro_cancel.time_sleep.metrics
}
override_data {
  target = module.lro_cancel.data.archive_file.bundle
  values = { output_sha256 = "0123abcd" }
}

run "deployed" {
  module {
    source = "./tests/fixtures/depends-on"
  }
  variables {
    dependency = "first"
  }
  assert {
    condition     = output.settings.ALLOWED_PROJECTS == "training-eu,210987654321"
    error_message = "A project that is given with its number is not looked up."
  }
}

run "a_budget_is_added_while_a_dependency_changes" {
  module {
    source = "./tests/fixtures/depends-on"
  }
  variables {
    dependency   = "second"
    budgets      = { training = { amount = 1000 } }
    budget_rules = [{ budget = "training", sweep = "stale" }]
  }
  assert {
    condition     = jsondecode(output.settings.BUDGETS)[0].budgetDisplayName == "lro-cancel training"
    error_message = "The rule names the budget by what is known before the budget is made."
  }
}
