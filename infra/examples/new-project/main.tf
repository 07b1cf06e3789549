# A new project for the function, and a new one whose operations it cancels, made in the same configuration: ids, numbers
# and accounts are known only when it is applied.

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
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }
}

variable "billing_account" {
  description = "Id of the billing account of both projects, as in 012345-567890-ABCDEF."
  type        = string
}

variable "folder_id" {
  description = "Folder of the projects, as in folders/123."
  type        = string
}

variable "region" {
  description = "Region of the function."
  type        = string
  default     = "europe-west1"
  nullable    = false
}

# With a person's credentials, the API of budgets also needs billing_project and user_project_override here.
provider "google" {
  region = var.region
}

provider "google-beta" {
  region = var.region
}

resource "random_id" "suffix" {
  byte_length = 2
}

resource "google_project" "host" {
  name            = "lro-cancel"
  project_id      = "lro-cancel-${random_id.suffix.hex}"
  folder_id       = var.folder_id
  billing_account = var.billing_account
}

resource "google_project" "training" {
  name            = "training"
  project_id      = "training-${random_id.suffix.hex}"
  folder_id       = var.folder_id
  billing_account = var.billing_account
}

# A provider reads whether APIs are enabled by this one.
resource "google_project_service" "resource_manager" {
  project            = google_project.host.project_id
  service            = "cloudresourcemanager.googleapis.com"
  disable_on_destroy = false
}

resource "google_service_account" "approvals" {
  project    = google_project.training.project_id
  account_id = "approvals"
}

module "lro_cancel" {
  source         = "../.."
  project_id     = google_project.host.project_id
  project_number = google_project.host.number
  region         = var.region
  services       = { notebooks = {} }

  # Maps, because the values are not known yet: the keys are.
  allowed_projects   = { training = { id = google_project.training.project_id, number = google_project.training.number } }
  request_publishers = { approvals = google_service_account.approvals.member }

  sweeps = {
    stale = {
      older_than = "86400s"
      targets    = [{ service = "notebooks", parents = ["projects/${google_project.training.project_id}/locations/us-central1"] }]
    }
  }

  billing_account = var.billing_account
  budgets         = { training = { amount = 5000, currency_code = "EUR" } }
  budget_rules    = [{ budget = "training", sweep = "stale" }]

  depends_on = [google_project_service.resource_manager]
}

output "topics" {
  description = "Topics of requests and results."
  value       = module.lro_cancel.topics
}
