# What infra/gcloud/deploy.sh deploys, too: `npm run test:infra` compares the two.

mock_provider "archive" { source = "./tests/mocks/archive" }
mock_provider "google" { source = "./tests/mocks/google" }
mock_provider "google-beta" { source = "./tests/mocks/google-beta" }
mock_provider "time" { source = "./tests/mocks/time" }

override_resource {
  target = google_project_iam_custom_role.operations
  values = { name = "projects/my-project/roles/lro_cancel_my_project" }
}

run "as_the_script_does" {
  variables {
    message_keys         = { secret = "lro-cancel-message-keys", version = "3" }
    budget_rules         = [{ budget_display_name = "training", sweep = "stale" }]
    protected_operations = ["**/operations/keep-*"]
    queue_region         = "europe-west3"
    services             = { dataproc = { jobs = ["*"] }, notebooks = {}, workflowexecutions = { jobs = ["executions"] } }
    request_publishers   = ["group:finops@example.com"]
    sweeps               = { stale = { dry_run = false, targets = [{ service = "notebooks", parents = ["projects/my-project/locations/-"] }] } }
  }
}
