# One topic for each kind of message. The function distinguishes the kinds by their topics.

# Requests to cancel operations. The function publishes here, too: a request for many operations becomes many requests.
resource "google_pubsub_topic" "requests" {
  project    = var.project_id
  name       = "${var.name}-requests"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# Re-checks of cancellations in progress, published by a task of Cloud Tasks when they are due.
resource "google_pubsub_topic" "rechecks" {
  project    = var.project_id
  name       = "${var.name}-rechecks"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# Triggers of sweeps: messages of Cloud Scheduler and budget notifications of Cloud Billing.
resource "google_pubsub_topic" "triggers" {
  project    = var.project_id
  name       = "${var.name}-triggers"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# Messages that Pub/Sub gave up. The function answers them, too, with the outcome ERROR.
resource "google_pubsub_topic" "dead_letters" {
  project    = var.project_id
  name       = "${var.name}-dead-letters"
  labels     = var.labels
  depends_on = [google_project_service.required]
}

# Results of requests and reports of sweeps.
resource "google_pubsub_topic" "results" {
  project    = var.project_id
  name       = "${var.name}-results"
  labels     = var.labels
  depends_on = [google_project_service.required]
}
