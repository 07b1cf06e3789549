# The fields of inputs that are objects. Terraform silently drops unknown fields of object({…}): a sweep with a
# misspelled `exclude` would cancel operations that it should skip. So these inputs are of type any; variables.tf
# documents their types in comments and compares their fields with these lists.

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
