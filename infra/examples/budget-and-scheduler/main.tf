# Two ways to start a sweep: every night a dry run reports the operations that are older than a day, and when the budget
# of the month is spent, the jobs and operations of training in another project are cancelled.

terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 6.50, < 8"
    }
  }
}

variable "billing_account" {
  description = "Id of the billing account, as in 012345-567890-ABCDEF."
  type        = string
}

variable "on_call_email" {
  description = "Email address that alerts go to."
  type        = string
}

variable "project_id" {
  description = "Id of the project that the function is in."
  type        = string
}

variable "region" {
  description = "Region of the function."
  type        = string
  default     = "europe-west1"
  nullable    = false
}

variable "training_project_id" {
  description = "Id of the project whose operations are swept."
  type        = string
}

provider "google" {
  project = var.project_id
  region  = var.region
}

# Makes the service agents, with the same credentials.
provider "google-beta" {
  project = var.project_id
  region  = var.region
}

# With a person's credentials, the API of budgets requires a project for its quota. Only the budget is made with this
# provider, so that no other call is counted to that project.
provider "google" {
  alias                 = "billing"
  billing_project       = var.project_id
  user_project_override = true
}

locals {
  budget_name = "lro-cancel training"
}

data "google_project" "training" {
  project_id = var.training_project_id
}

# The calls of that provider are counted to the project, so the API has to be enabled in it.
resource "google_project_service" "budgets" {
  project            = var.project_id
  service            = "billingbudgets.googleapis.com"
  disable_on_destroy = false
}

resource "google_billing_budget" "training" {
  provider        = google.billing
  billing_account = var.billing_account
  display_name    = local.budget_name

  budget_filter {
    projects = ["projects/${data.google_project.training.number}"]
  }

  amount {
    specified_amount {
      currency_code = "EUR"
      units         = "5000"
    }
  }

  threshold_rules {
    threshold_percent = 0.5
  }

  # The rule below fires at this threshold. A budget reports no other.
  threshold_rules {
    threshold_percent = 1
  }

  all_updates_rule {
    pubsub_topic   = module.lro_cancel.topics.triggers
    schema_version = "1.0"
  }

  depends_on = [google_project_service.budgets]
}

resource "google_monitoring_notification_channel" "on_call" {
  project      = var.project_id
  display_name = "On call"
  type         = "email"
  labels       = { email_address = var.on_call_email }
}

module "lro_cancel" {
  source           = "../.."
  project_id       = var.project_id
  region           = var.region
  allowed_projects = [var.training_project_id]

  services = {
    # What costs money are jobs. The function gets the permissions of each of these kinds, and of no other.
    aiplatform = { jobs = ["customJobs", "hyperparameterTuningJobs", "pipelineJobs"] }
    dataflow   = { jobs = ["jobs"] }
    notebooks  = {}
  }

  protected_operations = ["projects/*/locations/*/operations/keep-*"]

  sweeps = {
    # A dry run, unless `dry_run = false` is set: its report lists the operations that would be cancelled.
    stale = {
      older_than = "86400s"
      targets = [
        { service = "notebooks", parents = ["projects/${var.training_project_id}/locations/us-central1"] },
      ]
    }

    stop-training = {
      dry_run = false
      limit   = 100
      targets = [
        {
          service = "aiplatform"
          jobs    = ["customJobs", "hyperparameterTuningJobs", "pipelineJobs"]
          parents = ["projects/${var.training_project_id}/locations/us-central1"]
          exclude = { "labels.keep" = ["*"] }
        },
        {
          service = "dataflow"
          jobs    = ["jobs"]
          parents = ["projects/${var.training_project_id}"]
          exclude = { "labels.keep" = ["*"] }
        },
        {
          service = "notebooks"
          parents = ["projects/${var.training_project_id}/locations/us-central1"]
          exclude = { "metadata.target" = ["**/instances/production-*"] }
        },
      ]
    }
  }

  scheduler_jobs = {
    nightly = { schedule = "0 3 * * *", time_zone = "Europe/Berlin", sweep = "stale" }
  }

  budget_rules = [{ budget_display_name = local.budget_name, threshold = 1, sweep = "stop-training" }]

  # Operations that were not cancelled need attention; the others are only counted. Reports of sweeps have no outcome.
  result_subscriptions = {
    all     = {}
    trouble = { filter = "attributes:outcome AND attributes.outcome != \"CANCELLED\" AND attributes.outcome != \"SUCCEEDED\" AND attributes.outcome != \"DRY_RUN\"" }
  }

  notification_channels = [google_monitoring_notification_channel.on_call.id]
}

output "service_accounts" {
  description = "Whom to look for in audit logs."
  value       = module.lro_cancel.service_accounts
}
