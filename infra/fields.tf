# The fields of inputs that are objects. Of object({…}) Terraform drops what it does not know, without a word: a sweep
# with a misspelled `exclude` would cancel what it should leave alone. So these inputs are of type any, variables.tf
# says in a comment what is expected, and compares them with these lists.

locals {
  budget_fields      = ["amount", "currency_code", "display_name", "project_numbers", "thresholds"]
  budget_rule_fields = ["budget", "budget_display_name", "budget_id", "on_forecast", "sweep", "threshold"]
  push_fields        = ["audience", "endpoint", "service_account_email"]
  result_subscription_fields = [
    "ack_deadline_seconds", "filter", "push", "subscribers",
  ]
  scheduler_job_fields = ["dry_run", "paused", "schedule", "sweep", "time_zone"]
  service_fields       = ["permissions", "roles"]
  sweep_fields         = ["confirm_within", "dry_run", "exclude", "limit", "match", "older_than", "targets"]
  target_fields = [
    "confirm_within", "dry_run", "exclude", "filter", "match", "older_than", "parents", "service", "version",
  ]
}
