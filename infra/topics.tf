# One topic for each kind of message. The function tells them apart by the topic they came from.

# What is to be cancelled. The function publishes here too: a request for many operations becomes many requests.
resource "google_pubsub_topic" "requests" {
  project    = var.project_id
  name       = "${var.name}-requests"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# The next step of what is under way, published by a task of Cloud Tasks when its time has come.
resource "google_pubsub_topic" "rechecks" {
  project    = var.project_id
  name       = "${var.name}-rechecks"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# What starts a sweep: Cloud Scheduler's messages and Cloud Billing's budget notifications.
resource "google_pubsub_topic" "triggers" {
  project    = var.project_id
  name       = "${var.name}-triggers"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# What Pub/Sub gave up delivering. The function answers that as well, with the outcome ERROR.
resource "google_pubsub_topic" "dead_letters" {
  project    = var.project_id
  name       = "${var.name}-dead-letters"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# One result a request, one report a sweep.
resource "google_pubsub_topic" "results" {
  project    = var.project_id
  name       = "${var.name}-results"
  labels     = var.labels
  depends_on = [google_project_service.required]
}
