# Cancels operations of notebooks in its own project, for members that may publish requests.

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

variable "project_id" {
  description = "Id of the project."
  type        = string
}

variable "region" {
  description = "Region of the function."
  type        = string
  default     = "europe-west1"
  nullable    = false
}

variable "request_publishers" {
  description = "Who may publish requests besides the project's owners and editors, as in `[\"group:platform@my-company.com\"]`; Google refuses whom it does not know."
  type        = list(string)
  default     = []
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

module "lro_cancel" {
  source     = "../.."
  project_id = var.project_id
  region     = var.region
  services   = { notebooks = {} }

  request_publishers = var.request_publishers
}

output "publish_command" {
  description = "Publishes a request, as a dry run."
  value       = module.lro_cancel.publish_command
}
