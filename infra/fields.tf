# The fields of inputs that are objects. Terraform silently drops unknown fields of object({…}): a sweep with a
# misspelled `exclude` would cancel operations that it should skip. So these inputs are of type any; variables.tf
# documents their types in comments and compares their fields with these lists.

locals {
  alert_fields = [
    "auto_close_seconds", "disabled", "enabled", "error_ratio", "minimum_results", "missing_ratio",
    "oldest_unacked_seconds", "severities", "unconfirmed_ratio",
  ]
  allowed_project_fields = ["id", "number"]
  budget_fields = [
    "amount", "calendar_period", "credit_types_treatment", "currency_code", "display_name", "email_billing_admins",
    "labels", "last_period_amount", "notification_channels", "project_numbers", "resource_ancestors", "services",
    "thresholds",
  ]
  budget_rule_fields   = ["budget", "budget_display_name", "budget_id", "on_forecast", "sweep", "threshold"]
  bundle_fields        = ["dir", "gcs", "sha256", "zip"]
  bundle_object_fields = ["bucket", "object"]
  custom_role_fields   = ["id", "name"]
  function_config_fields = [
    "concurrency", "cpu", "max_instances", "memory", "min_instances", "timeout_seconds",
  ]
  max_delivery_attempts_fields = ["rechecks", "requests", "triggers"]
  message_keys_fields          = ["project_id", "secret", "version"]
  push_fields                  = ["audience", "endpoint", "service_account_email"]
  queue_config_fields          = ["max_concurrent_dispatches", "max_dispatches_per_second"]
  result_subscription_fields = [
    "ack_deadline_seconds", "filter", "push", "subscribers",
  ]
  scheduler_job_fields   = ["dry_run", "paused", "schedule", "sweep", "time_zone"]
  service_fields         = ["jobs", "operations", "permissions", "roles"]
  service_account_fields = ["build", "function", "push", "tasks"]
  slo_fields             = ["enabled", "goal", "rolling_days"]
  sweep_fields           = ["approvable", "confirm_within", "dry_run", "exclude", "limit", "match", "older_than", "targets"]
  target_fields = [
    "confirm_within", "dry_run", "exclude", "filter", "jobs", "match", "older_than", "parents", "service", "version",
  ]
  topic_fields = ["requests", "results"]
  vpc_fields   = ["connector", "egress"]
}
