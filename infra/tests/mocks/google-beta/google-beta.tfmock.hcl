# The tests' mocks of the google-beta provider. The agent of Pub/Sub is the only one whose name is used.

mock_resource "google_project_service_identity" {
  defaults = {
    email  = "service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    member = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
  }
}
