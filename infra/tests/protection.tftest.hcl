# The queue's protection from deletion. The runs build on each other: each sees the state that those before it left.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

run "deployed" {}

run "another_setting" {
  variables {
    confirm_within = "1800s"
  }
}

run "another_name" {
  command = plan
  variables {
    name = "lro-canceller"
  }
  expect_failures = [google_cloud_tasks_queue.rechecks]
}

run "another_region" {
  command = plan
  variables {
    queue_region = "europe-west3"
  }
  expect_failures = [google_cloud_tasks_queue.rechecks]
}

run "another_region_without_protection" {
  variables {
    deletion_protection = false
    queue_region        = "europe-west3"
  }
  assert {
    condition     = google_cloud_tasks_queue.rechecks.location == "europe-west3"
    error_message = "Without protection the queue can be replaced."
  }
}

run "protected_again" {
  variables {
    queue_region = "europe-west3"
  }
}

run "back_in_the_first_region" {
  command         = plan
  expect_failures = [google_cloud_tasks_queue.rechecks]
}
