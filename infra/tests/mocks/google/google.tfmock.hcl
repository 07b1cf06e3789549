# The tests' mocks of the google provider. Computed values that are not given here are random.

mock_data "google_project" {
  defaults = { number = "210987654321" }
}

mock_resource "google_project" {
  defaults = { number = "210987654321" }
}

mock_data "google_cloud_run_v2_service" {
  defaults = { latest_created_revision = "lro-cancel-00001-abc", latest_ready_revision = "lro-cancel-00001-abc" }
}

mock_resource "google_cloudfunctions2_function" {
  defaults = { state = "ACTIVE" }
}

mock_resource "google_billing_budget" {
  defaults = { name = "billingAccounts/012345-567890-ABCDEF/budgets/de72f49d-779b-4945-a127-4d6ce8def0bb" }
}

mock_resource "google_cloud_tasks_queue" {
  defaults = { id = "projects/my-project/locations/europe-west1/queues/lro-cancel-rechecks" }
}

# Each topic and each service account has its own id, so an assertion fails when the module confuses two of them. A
# mock_resource would give all of a type the same id.

override_resource {
  target = google_pubsub_topic.requests
  values = { id = "projects/my-project/topics/lro-cancel-requests" }
}
override_resource {
  target = google_pubsub_topic.rechecks
  values = { id = "projects/my-project/topics/lro-cancel-rechecks" }
}
override_resource {
  target = google_pubsub_topic.triggers
  values = { id = "projects/my-project/topics/lro-cancel-triggers" }
}
override_resource {
  target = google_pubsub_topic.dead_letters
  values = { id = "projects/my-project/topics/lro-cancel-dead-letters" }
}
override_resource {
  target = google_pubsub_topic.results
  values = { id = "projects/my-project/topics/lro-cancel-results" }
}

override_resource {
  target = google_service_account.function
  values = {
    email  = "lro-cancel@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:lro-cancel@my-project.iam.gserviceaccount.com"
    name   = "projects/my-project/serviceAccounts/lro-cancel@my-project.iam.gserviceaccount.com"
  }
}
override_resource {
  target = google_service_account.push
  values = {
    email  = "lro-cancel-push@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:lro-cancel-push@my-project.iam.gserviceaccount.com"
    name   = "projects/my-project/serviceAccounts/lro-cancel-push@my-project.iam.gserviceaccount.com"
  }
}
override_resource {
  target = google_service_account.tasks
  values = {
    email  = "lro-cancel-tasks@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:lro-cancel-tasks@my-project.iam.gserviceaccount.com"
    name   = "projects/my-project/serviceAccounts/lro-cancel-tasks@my-project.iam.gserviceaccount.com"
  }
}
override_resource {
  target = google_service_account.build
  values = {
    email  = "lro-cancel-build@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:lro-cancel-build@my-project.iam.gserviceaccount.com"
    name   = "projects/my-project/serviceAccounts/lro-cancel-build@my-project.iam.gserviceaccount.com"
  }
}
